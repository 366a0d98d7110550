import { describe, expect, it } from "vitest";
import {
  type CurrentNotifications,
  LogBucket,
  NotificationTopic,
  S3Notification,
  type S3NotificationProps,
} from "../../../constructs/cloudtrail/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";
import { existingKey } from "./existing-parts.js";

const TOPIC = "arn:aws:sns:eu-west-1:222222222222:audit";
const here = { accountId: "222222222222", region: "eu-west-1" };

type Settings = Partial<Omit<S3NotificationProps, "bucket" | "topic">> & {
  keyPrefix?: string;
  topicArn?: string;
};

/** A notification of a bucket that somebody else made. */
function adopt({ keyPrefix, topicArn = TOPIC, ...props }: Settings): Template {
  return synthTemplate(
    (stack) =>
      new S3Notification(stack, "notification", {
        bucket: LogBucket.fromLogBucketAttributes(stack, "bucket", {
          bucketName: "acme-audit",
          ...here,
          keyPrefix,
        }),
        topic: NotificationTopic.fromNotificationTopicAttributes(stack, "topic", { topicArn }),
        logAccountIds: ["111111111111"],
        ...props,
      }),
  );
}

const OURS = {
  id: "vectra-cdr-111111111111",
  topic_arn: TOPIC,
  events: ["s3:ObjectCreated:*"],
  filter_prefix: "AWSLogs/111111111111/CloudTrail/",
  filter_suffix: ".json.gz",
};

describe("S3Notification", () => {
  it("announces log files of a created bucket and no digests, once the topic lets it", () => {
    // GIVEN bucket and topic of our own
    const template = synthTemplate((stack) => {
      const bucket = new LogBucket(stack, "bucket", {
        bucketName: "acme-logs",
        key: existingKey(stack),
        ...here,
      });
      const topic = new NotificationTopic(stack, "topic", {
        topicName: "logs",
        key: existingKey(stack),
        ...here,
      });
      new S3Notification(stack, "notification", { bucket, topic, logAccountIds: ["111111111111"] });
    });
    // THEN
    expect(template.resource("aws_s3_bucket_notification")).toEqual({
      bucket: "${aws_s3_bucket.bucket_bucket.bucket}",
      topic: [{ ...OURS, topic_arn: "${aws_sns_topic.topic_topic.arn}" }],
      depends_on: ["aws_sns_topic_policy.topic_policy"],
    });
    expect(template.imports()).toEqual({});
  });

  it("filters by prefix so that no digest file matches", () => {
    const [entry] = adopt({ currentNotifications: {} }).resource("aws_s3_bucket_notification")["topic"] as {
      filter_prefix: string;
    }[];
    const prefix = entry?.filter_prefix ?? "";

    const log =
      "AWSLogs/111111111111/CloudTrail/eu-west-1/2026/11/21/111111111111_CloudTrail_eu-west-1_20261121T2205Z_a.json.gz";
    const digest =
      "AWSLogs/111111111111/CloudTrail-Digest/eu-west-1/2026/11/21/111111111111_CloudTrail-Digest_eu-west-1_t_eu-west-1_20261121T220500Z.json.gz";
    expect(log.startsWith(prefix)).toBe(true);
    expect(digest.startsWith(prefix)).toBe(false);
  });

  it("has an entry for every account, below prefix and organization", () => {
    const entries = adopt({
      keyPrefix: "audit",
      organizationId: "o-a1b2c3d4e5",
      logAccountIds: ["111111111111", "444444444444"],
      notificationId: "cdr",
      currentNotifications: {},
    }).resource("aws_s3_bucket_notification")["topic"];
    expect(entries).toEqual([
      {
        ...OURS,
        id: "cdr-111111111111",
        filter_prefix: "audit/AWSLogs/o-a1b2c3d4e5/111111111111/CloudTrail/",
      },
      {
        ...OURS,
        id: "cdr-444444444444",
        filter_prefix: "audit/AWSLogs/o-a1b2c3d4e5/444444444444/CloudTrail/",
      },
    ]);
  });

  it("adopts what an existing bucket notifies: imported, in its order, as it is, ours last", () => {
    const template = adopt({
      currentNotifications: {
        eventBridge: true,
        topics: [
          { id: "z", topicArn: "arn:aws:sns:eu-west-1:222222222222:z", events: ["s3:ObjectRemoved:*"] },
          {
            id: "a",
            topicArn: "arn:aws:sns:eu-west-1:222222222222:a",
            events: ["s3:ObjectCreated:Put", "s3:ObjectCreated:Post"],
            filterPrefix: "billing/",
            filterSuffix: ".csv",
          },
        ],
        queues: [
          {
            id: "q",
            queueArn: "arn:aws:sqs:eu-west-1:222222222222:q",
            events: ["s3:ObjectCreated:*"],
            filterPrefix: "vpc/",
          },
        ],
        lambdaFunctions: [
          {
            id: "l",
            lambdaFunctionArn: "arn:aws:lambda:eu-west-1:222222222222:function:l",
            events: ["s3:ObjectCreated:*"],
            filterSuffix: ".parquet",
          },
        ],
      },
    });
    expect(template.resource("aws_s3_bucket_notification")).toEqual({
      bucket: "acme-audit",
      eventbridge: true,
      topic: [
        { id: "z", topic_arn: "arn:aws:sns:eu-west-1:222222222222:z", events: ["s3:ObjectRemoved:*"] },
        {
          id: "a",
          topic_arn: "arn:aws:sns:eu-west-1:222222222222:a",
          events: ["s3:ObjectCreated:Put", "s3:ObjectCreated:Post"],
          filter_prefix: "billing/",
          filter_suffix: ".csv",
        },
        OURS,
      ],
      queue: [
        {
          id: "q",
          queue_arn: "arn:aws:sqs:eu-west-1:222222222222:q",
          events: ["s3:ObjectCreated:*"],
          filter_prefix: "vpc/",
        },
      ],
      lambda_function: [
        {
          id: "l",
          lambda_function_arn: "arn:aws:lambda:eu-west-1:222222222222:function:l",
          events: ["s3:ObjectCreated:*"],
          filter_suffix: ".parquet",
        },
      ],
      lifecycle: { prevent_destroy: true },
    });
    expect(template.imports()).toEqual({
      "aws_s3_bucket_notification.notification_notification": "acme-audit",
    });
  });

  it("takes entries of its own in a list that was made after it was applied", () => {
    const current: CurrentNotifications = {
      topics: [
        {
          id: "vectra-cdr-111111111111",
          topicArn: TOPIC,
          events: ["s3:ObjectCreated:*"],
          filterPrefix: "AWSLogs/111111111111/CloudTrail/",
          filterSuffix: ".json.gz",
        },
      ],
    };
    expect(adopt({ currentNotifications: current }).resource("aws_s3_bucket_notification")["topic"]).toEqual([
      OURS,
    ]);
  });

  it("does not judge filters that only Terraform will know", () => {
    expect(() =>
      synthTemplate(
        (stack) =>
          new S3Notification(stack, "notification", {
            bucket: LogBucket.fromLogBucketAttributes(stack, "bucket", {
              bucketName: "acme-audit",
              ...here,
            }),
            topic: NotificationTopic.fromNotificationTopicAttributes(stack, "topic", {
              topicArn: variable(stack, "topic_arn"),
            }),
            logAccountIds: [variable(stack, "account")],
            currentNotifications: {
              queues: [{ id: "q", queueArn: "q", events: ["s3:ObjectCreated:*"], filterPrefix: "AWSLogs/" }],
            },
          }),
      ),
    ).not.toThrow();
  });

  it.each<[string, Omit<NonNullable<CurrentNotifications["queues"]>[number], "id" | "queueArn">]>([
    ["everything", { events: ["s3:ObjectCreated:*"] }],
    ["the same suffix", { events: ["s3:ObjectCreated:Put"], filterSuffix: ".gz" }],
    [
      "a longer prefix",
      {
        events: ["s3:ObjectCreated:*"],
        filterPrefix: "AWSLogs/111111111111/CloudTrail/eu-west-1/",
      },
    ],
  ])("refuses an owner's entry that overlaps: %s", (_, entry) => {
    const queues = [{ id: "q", queueArn: "arn:aws:sqs:eu-west-1:222222222222:q", ...entry }];
    expect(() => adopt({ currentNotifications: { queues } })).toThrow(
      /currentNotifications\.queues\[0\] is \{"id":"q".*overlaps with an entry to be added \(prefix "AWSLogs\/111111111111\/CloudTrail\/", suffix "\.json\.gz".* Narrow that entry/,
    );
  });

  it.each<[string, Settings, RegExp]>([
    [
      "an existing bucket of which nobody says what it notifies",
      {},
      /currentNotifications is omitted: is required for an existing bucket.* List what "aws s3api get-bucket-notification-configuration/,
    ],
    [
      "an id of ours on a queue",
      {
        currentNotifications: {
          queues: [{ id: "vectra-cdr-111111111111", queueArn: "q", events: ["s3:ObjectRemoved:*"] }],
        },
      },
      /currentNotifications\.queues\[0\]\.id is "vectra-cdr-111111111111": is an id that this deployment uses. Choose another notificationId/,
    ],
    [
      "a topic of another region",
      { currentNotifications: {}, topicArn: "arn:aws:sns:us-east-1:222222222222:audit" },
      /topic is "arn:aws:sns:us-east-1.*the topic is in us-east-1, but the bucket is in eu-west-1, and S3 publishes only to topics in the bucket's region\. Use or create a topic in eu-west-1/,
    ],
    [
      "more entries than S3 takes",
      {
        currentNotifications: {},
        logAccountIds: Array.from({ length: 101 }, (_, index) => String(500000000000 + index)),
      },
      /logAccountIds is a list of 101: needs 101 entries in the bucket's notification configuration.*; S3 allows 100\. Let the trail notify the topic instead/,
    ],
    [
      "no account",
      { currentNotifications: {}, logAccountIds: [] },
      /logAccountIds is \[\]: must not be empty/,
    ],
    ["a short account", { currentNotifications: {}, logAccountIds: ["1"] }, /logAccountIds\[0\] is "1"/],
    ["no organization", { currentNotifications: {}, organizationId: "x" }, /organizationId is "x"/],
    ["an id with a blank", { currentNotifications: {}, notificationId: "a b" }, /notificationId is "a b"/],
  ])("refuses %s", (_, settings, message) => {
    expect(() => adopt(settings)).toThrow(message);
  });

  it("refuses a list for a created bucket", () => {
    expect(() =>
      synthTemplate(
        (stack) =>
          new S3Notification(stack, "notification", {
            bucket: new LogBucket(stack, "bucket", {
              bucketName: "acme-logs",
              key: existingKey(stack),
              ...here,
            }),
            topic: NotificationTopic.fromNotificationTopicAttributes(stack, "topic", { topicArn: TOPIC }),
            logAccountIds: ["111111111111"],
            currentNotifications: {},
          }),
      ),
    ).toThrow(
      /currentNotifications is given: is not possible for a new bucket, which has no notifications yet\. Omit it/,
    );
  });

  it("writes the owner's entries back alone, kept from destruction, when ours are withdrawn", () => {
    // GIVEN what an earlier apply left: the owner's entry and ours
    const theirs = { id: "t", topicArn: TOPIC, events: ["s3:ObjectRemoved:*"] };
    const ours = { id: OURS.id, topicArn: TOPIC, events: OURS.events, filterPrefix: OURS.filter_prefix };
    // WHEN
    const template = adopt({ currentNotifications: { topics: [theirs, ours] }, withdrawn: true });
    // THEN
    expect(template.resource("aws_s3_bucket_notification")).toEqual({
      bucket: "acme-audit",
      topic: [{ id: "t", topic_arn: TOPIC, events: ["s3:ObjectRemoved:*"] }],
      lifecycle: { prevent_destroy: true },
    });
  });
});
