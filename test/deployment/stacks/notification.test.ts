import { describe, expect, it } from "vitest";
import { cloudTrailFile, existingFile, TOPIC } from "../cloudtrail-deployment.js";
import { only, statementsOf, synthesized } from "../synthesized.js";

describe("GIVEN notification by S3", () => {
  it("WHEN the bucket is new THEN it announces each account's log files, and the trail announces nothing", () => {
    const { stacks } = synthesized(cloudTrailFile({ notification: "{ s3: {} }" }));
    const stack = stacks["log-archive"];

    expect(only(stack, "aws_s3_bucket_notification")).toMatchObject({
      topic: [
        {
          id: "vectra-cdr-222222222222",
          topic_arn: "${aws_sns_topic.topic_topic.arn}",
          events: ["s3:ObjectCreated:*"],
          filter_prefix: "AWSLogs/222222222222/CloudTrail/",
          filter_suffix: ".json.gz",
        },
      ],
    });
    expect(only(stack, "aws_cloudtrail")["sns_topic_name"]).toBeUndefined();
    expect(Object.keys(statementsOf(only(stack, "aws_sns_topic_policy")["policy"])).toSorted()).toEqual([
      "DenyInsecureTransport",
      "S3Publishes",
      "VectraSubscribes",
    ]);
  });

  it("WHEN an organization's accounts are listed THEN the organization is part of the prefix", () => {
    const { stacks } = synthesized(
      cloudTrailFile({
        accounts: '{ management: { id: "111111111111" }, logArchive: { id: "222222222222" } }',
        organizationId: "o-a1b2c3d4e5",
        notification: '{ s3: { logAccountIds: ["111111111111", "555555555551"] } }',
      }),
    );

    const { topic } = only(stacks["log-archive"], "aws_s3_bucket_notification") as {
      topic: { filter_prefix: string }[];
    };
    expect(topic.map(({ filter_prefix }) => filter_prefix)).toEqual([
      "AWSLogs/o-a1b2c3d4e5/111111111111/CloudTrail/",
      "AWSLogs/o-a1b2c3d4e5/555555555551/CloudTrail/",
    ]);
  });

  it("WHEN the bucket has notifications of its own THEN they are imported, kept as they are, and ours is added", () => {
    const { stacks } = synthesized(
      existingFile({
        topic: "{ create: {} }",
        notification: "{ s3: {} }",
        logBucket: `{ existing: { name: our-logs, currentNotifications: {
          topics: [{ id: reports, topicArn: "${TOPIC}", events: ["s3:ObjectCreated:*"], filterPrefix: reports/ }],
          queues: [{ id: siem, queueArn: "arn:aws:sqs:eu-west-1:222222222222:siem", events: ["s3:ObjectRemoved:*"] }] } } }`,
      }),
    );
    const stack = stacks["log-archive"];

    expect(only(stack, "aws_s3_bucket_notification")).toMatchObject({
      bucket: "our-logs",
      eventbridge: false,
      topic: [
        { id: "reports", topic_arn: TOPIC, events: ["s3:ObjectCreated:*"], filter_prefix: "reports/" },
        { id: "vectra-cdr-111111111111", filter_prefix: "AWSLogs/111111111111/CloudTrail/" },
      ],
      queue: [{ id: "siem", events: ["s3:ObjectRemoved:*"] }],
      lifecycle: { prevent_destroy: true },
    });
    expect(stack?.import).toEqual([
      { to: "aws_s3_bucket_notification.s3-notification_notification", id: "our-logs" },
    ]);
  });
});
