import { describe, expect, it } from "vitest";
import { cloudTrailFile, existingFile, KEY, TOPIC } from "../cloudtrail-deployment.js";
import { only, type StackJson, statementsOf, synthesized } from "../synthesized.js";

const STATEMENT = '{ Sid: Theirs, Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }';

/** Everything adopted: policies of bucket, key and topic, and the bucket's notifications. */
function adopted(leaving: string): string {
  const own = `policy: own, currentStatements: [${STATEMENT}]`;
  const file = existingFile({
    logBucket: `{ existing: { name: our-logs, ${own}, currentNotifications: { topics: [{ id: theirs, topicArn: "${TOPIC}", events: ["s3:ObjectRemoved:*"] }] } } }`,
    logKey: `{ existing: { arn: "${KEY}", ${own.replace("s3:GetObject", "kms:*")} } }`,
    topic: `{ existing: { arn: "${TOPIC}", kmsKeyArn: "${KEY}", ${own} } }`,
    notification: "{ s3: {} }",
  });
  return `${file}${leaving === "" ? "" : `  leaving: ${leaving}\n`}`;
}

const ADOPTED = {
  aws_kms_key_policy: "aws_kms_key_policy.log-key_policy",
  aws_s3_bucket_notification: "aws_s3_bucket_notification.s3-notification_notification",
  aws_s3_bucket_policy: "aws_s3_bucket_policy.log-bucket_policy",
  aws_sns_topic_policy: "aws_sns_topic_policy.topic_policy",
};

const ADOPTED_ADDRESSES = Object.values(ADOPTED);

const forgottenBy = (stack: StackJson | undefined) => (stack?.removed ?? []).map(({ from }) => String(from));

describe("GIVEN policies and notifications of somebody else that are adopted", () => {
  it("THEN each is imported under one address and cannot be destroyed", () => {
    const stack = synthesized(adopted("")).stacks["log-archive"];

    expect(stack?.import?.map(({ to }) => to).toSorted()).toEqual(ADOPTED_ADDRESSES);
    for (const type of Object.keys(ADOPTED)) {
      expect(only(stack, type)).toMatchObject({ lifecycle: { prevent_destroy: true } });
    }
    expect(forgottenBy(stack).filter((from) => ADOPTED_ADDRESSES.includes(from))).toEqual([]);
  });

  it("WHEN we withdraw THEN they are written back without our part, and still cannot be destroyed", () => {
    const stack = synthesized(adopted("withdraw")).stacks["log-archive"];

    for (const type of ["aws_kms_key_policy", "aws_s3_bucket_policy", "aws_sns_topic_policy"]) {
      expect(Object.keys(statementsOf(only(stack, type)["policy"]))).toEqual(["Theirs"]);
    }
    const notification = only(stack, "aws_s3_bucket_notification") as { topic: { id: string }[] };
    expect(notification.topic.map(({ id }) => id)).toEqual(["theirs"]);
    for (const type of Object.keys(ADOPTED)) {
      expect(only(stack, type)).toMatchObject({ lifecycle: { prevent_destroy: true } });
    }
  });

  it("WHEN they are released THEN Terraform forgets each and destroys none", () => {
    const { stacks, summaries } = synthesized(adopted("release"));
    const stack = stacks["log-archive"];

    expect(Object.keys(stack?.resource ?? {})).toEqual(["aws_iam_role", "aws_iam_role_policy"]);
    expect(forgottenBy(stack)).toEqual(expect.arrayContaining(ADOPTED_ADDRESSES));
    expect(stack?.removed).toEqual(
      forgottenBy(stack).map((from) => ({ from, lifecycle: { destroy: false } })),
    );
    expect(summaries[0]?.toDo).toEqual([]);
  });
});

describe("GIVEN a configuration that adopts less than before", () => {
  it("WHEN nothing is adopted any more THEN what was is forgotten, not destroyed", () => {
    const stack = synthesized(existingFile()).stacks["log-archive"];

    expect(forgottenBy(stack)).toEqual(expect.arrayContaining(ADOPTED_ADDRESSES));
  });

  it("WHEN everything is created THEN nothing is forgotten", () => {
    expect(synthesized(cloudTrailFile()).stacks["log-archive"]?.removed).toBeUndefined();
  });
});

describe("GIVEN a log bucket and a log key that were created here", () => {
  const created = synthesized(
    cloudTrailFile({
      logBucket:
        "{ create: { objectLock: { mode: GOVERNANCE, days: 1 }, accessLogs: { bucketName: our-access-logs } } }",
    }),
  ).stacks["log-archive"];
  const createdAddresses = Object.entries(created?.resource ?? {})
    .flatMap(([type, resources]) => Object.keys(resources).map((name) => `${type}.${name}`))
    .filter((address) => /\.log-(bucket|key)_/.test(address));

  it("WHEN existing ones take their place THEN Terraform forgets every part of them and destroys none", () => {
    const stack = synthesized(existingFile()).stacks["log-archive"];

    expect(createdAddresses).toHaveLength(11);
    expect(forgottenBy(stack)).toEqual(expect.arrayContaining(createdAddresses));
    expect(stack?.removed).toEqual(
      forgottenBy(stack).map((from) => ({ from, lifecycle: { destroy: false } })),
    );
  });

  it("WHEN the bucket exists from now on and has no key THEN the key is forgotten, too", () => {
    const parts = { logKey: "", topic: `{ existing: { arn: "${TOPIC}" } }` };
    const stack = synthesized(existingFile(parts)).stacks["log-archive"];

    expect(forgottenBy(stack)).toEqual(
      expect.arrayContaining(["aws_kms_alias.log-key_alias", "aws_kms_key.log-key_key"]),
    );
  });

  it("WHEN only one of them exists from now on THEN Terraform keeps the other", () => {
    const stack = synthesized(
      existingFile({
        logKey: "{ create: {} }",
        topic: "{ create: {} }",
        notification: "{ s3: {} }",
        logBucket: "{ existing: { name: our-logs, currentNotifications: {} } }",
      }),
    ).stacks["log-archive"];

    expect(forgottenBy(stack)).toContain("aws_s3_bucket.log-bucket_bucket");
    expect(forgottenBy(stack).filter((from) => /log-key/.test(from))).toEqual([]);
  });

  it("WHEN the deployment lets them go THEN Terraform destroys them, as it was told", () => {
    const stack = synthesized(`retain: false\n${existingFile()}`).stacks["log-archive"];

    expect(forgottenBy(stack).toSorted()).toEqual(ADOPTED_ADDRESSES);
  });
});
