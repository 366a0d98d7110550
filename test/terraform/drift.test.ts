import { describe, expect, it } from "vitest";
import { changesOf, described, type KnownDrift, unexplained } from "./drift.js";

const tagsOfTrails: KnownDrift = {
  type: "aws_cloudtrail",
  attributes: ["tags", "tags_all"],
  reason: "the emulator drops them",
};

/** A plan as `terraform show -json` prints it, with one resource change. */
function planOf(type: string, change: object) {
  return { resource_changes: [{ address: `${type}.x`, type, change: change as never }] };
}

describe("changes of a plan", () => {
  it("are none when every resource and output stays as it is", () => {
    const same = { actions: ["no-op"], before: { name: "a" }, after: { name: "a" } };
    expect(changesOf({ ...planOf("aws_sqs_queue", same), output_changes: { arn: same } })).toEqual([]);
    expect(changesOf({})).toEqual([]);
  });

  it("name the attributes that differ, deep inside or by absence", () => {
    const change = {
      actions: ["update"],
      before: { name: "a", rule: [{ days: 90 }], tags: null, policy: "{}" },
      after: { name: "a", rule: [{ days: 91 }], tags: { owner: "security" } },
    };
    expect(changesOf(planOf("aws_s3_bucket", change))).toEqual([
      {
        address: "aws_s3_bucket.x",
        type: "aws_s3_bucket",
        actions: ["update"],
        attributes: ["policy", "rule", "tags"],
      },
    ]);
  });

  it("name attributes that are known only after the apply", () => {
    const change = {
      actions: ["create"],
      before: null,
      after: { name: "a" },
      after_unknown: { arn: true, rule: [{ id: true }], tags: {}, target: [false] },
    };
    expect(changesOf(planOf("aws_sqs_queue", change))[0]?.attributes).toEqual(["arn", "name", "rule"]);
  });

  it("take null and absent for the same", () => {
    const change = { actions: ["update"], before: { a: null, b: { c: null } }, after: { b: {}, d: 1 } };
    expect(changesOf(planOf("aws_sqs_queue", change))[0]?.attributes).toEqual(["d"]);
  });

  it("include outputs", () => {
    const plan = { output_changes: { arn: { actions: ["create"], before: null, after: "x" } } };
    expect(changesOf(plan).map(described)).toEqual(["output.arn: create of value"]);
  });
});

describe("an emulator's known drift", () => {
  const tagged = { before: { tags: {}, name: "a" }, after: { tags: { owner: "security" }, name: "a" } };

  it("explains an update of the listed attributes", () => {
    const changes = changesOf(planOf("aws_cloudtrail", { actions: ["update"], ...tagged }));
    expect(unexplained(changes, [tagsOfTrails])).toEqual([]);
  });

  it("explains nothing of another resource type", () => {
    const changes = changesOf(planOf("aws_sqs_queue", { actions: ["update"], ...tagged }));
    expect(unexplained(changes, [tagsOfTrails]).map(described)).toEqual(["aws_sqs_queue.x: update of tags"]);
  });

  it("explains no update that touches another attribute as well", () => {
    const changes = changesOf(
      planOf("aws_cloudtrail", {
        actions: ["update"],
        before: { tags: {}, name: "a" },
        after: { tags: { o: "s" }, name: "b" },
      }),
    );
    expect(unexplained(changes, [tagsOfTrails]).map(described)).toEqual([
      "aws_cloudtrail.x: update of name, tags",
    ]);
  });

  it("explains no replacement, deletion or creation", () => {
    for (const actions of [["delete", "create"], ["delete"], ["create"]]) {
      const changes = changesOf(planOf("aws_cloudtrail", { actions, ...tagged }));
      expect(unexplained(changes, [tagsOfTrails])).toHaveLength(1);
    }
  });

  it("explains no update that shows no difference", () => {
    const changes = changesOf(
      planOf("aws_cloudtrail", { actions: ["update"], before: { a: 1 }, after: { a: 1 } }),
    );
    expect(unexplained(changes, [tagsOfTrails])).toHaveLength(1);
  });
});
