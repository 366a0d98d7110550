import { describe, expect, test } from "vitest";
import { cloudTrailFile, existingFile, KEY, TOPIC } from "./cloudtrail-deployment.js";
import { only, statementsOf, synthesized } from "./synthesized.js";

const STATEMENT = '{ Sid: Theirs, Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }';

/** Everything adopted: policies of bucket, key and topic, and the bucket's notifications. */
function adopted(leaving: string): string {
  const own = `policy: own, currentStatements: [${STATEMENT}]`;
  const file = existingFile({
    logBucket: `{ existing: { name: our-logs, ${own}, currentNotifications: { topics: [{ id: theirs, topicArn: "${TOPIC}", events: ["s3:ObjectRemoved:*"] }] } } }`,
    logKey: `{ existing: { arn: "${KEY}", ${own} } }`,
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

describe("GIVEN policies and notifications of somebody else that are adopted", () => {
  test("THEN each is imported under one address and cannot be destroyed", () => {
    const stack = synthesized(adopted("")).stacks["log-archive"];

    expect(stack?.import?.map(({ to }) => to).toSorted()).toEqual(Object.values(ADOPTED));
    for (const type of Object.keys(ADOPTED)) {
      expect(only(stack, type)).toMatchObject({ lifecycle: { prevent_destroy: true } });
    }
    expect(stack?.removed).toBeUndefined();
  });

  test("WHEN we withdraw THEN they are written back without our part, and still cannot be destroyed", () => {
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

  test("WHEN they are released THEN Terraform forgets each and destroys none", () => {
    const { stacks, summaries } = synthesized(adopted("release"));
    const stack = stacks["log-archive"];

    expect(Object.keys(stack?.resource ?? {})).toEqual(["aws_iam_role", "aws_iam_role_policy"]);
    expect(stack?.removed?.map(({ from }) => from).toSorted()).toEqual(Object.values(ADOPTED));
    expect(stack?.removed?.map(({ lifecycle }) => lifecycle)).toEqual(
      Array.from({ length: 4 }, () => ({ destroy: false })),
    );
    expect(summaries[0]?.toDo).toEqual([]);
  });
});

describe("GIVEN a configuration that adopts less than before", () => {
  test("WHEN nothing is adopted any more THEN what was is forgotten, not destroyed", () => {
    const stack = synthesized(existingFile()).stacks["log-archive"];

    expect(stack?.removed).toEqual([
      { from: "aws_s3_bucket_policy.log-bucket_policy", lifecycle: { destroy: false } },
      { from: "aws_kms_key_policy.log-key_policy", lifecycle: { destroy: false } },
      { from: "aws_sns_topic_policy.topic_policy", lifecycle: { destroy: false } },
      {
        from: "aws_s3_bucket_notification.s3-notification_notification",
        lifecycle: { destroy: false },
      },
    ]);
  });

  test("WHEN everything is created THEN nothing is forgotten", () => {
    expect(synthesized(cloudTrailFile()).stacks["log-archive"]?.removed).toBeUndefined();
  });
});
