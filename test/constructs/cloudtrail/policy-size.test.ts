import { describe, expect, it } from "vitest";
import {
  LogBucket,
  LogKey,
  type LogWriters,
  NotificationTopic,
} from "../../../constructs/cloudtrail/index.js";
import { trailArn } from "../../../facts/arn.js";
import { synthTemplate, type Template } from "../template.js";
import { existingKey } from "./existing-parts.js";

const here = { accountId: "222222222222", region: "eu-west-1" };
const TOPIC = "arn:aws:sns:eu-west-1:222222222222:logs";

function writersOf(accounts: number, trailName = "vectra-cdr"): LogWriters {
  const trailAccountIds = Array.from({ length: accounts }, (_, index) => String(500000000000 + index));
  return {
    trailAccountIds,
    trailArns: trailAccountIds.map((accountId) =>
      trailArn({ partition: "aws", region: "eu-west-1", accountId, trailName }),
    ),
  };
}

function bucketOf(writers: LogWriters): Template {
  return synthTemplate((stack) =>
    new LogBucket(stack, "bucket", { bucketName: "acme-logs", key: existingKey(stack), ...here }).grantWrite(
      writers,
    ),
  );
}

function keyOf(writers: LogWriters, topicArn?: string): Template {
  return synthTemplate((stack) => {
    const key = new LogKey(stack, "key", { aliasName: "logs", ...here });
    key.grantEncrypt(writers);
    if (topicArn !== undefined) {
      key.grantPublish(writers, topicArn);
    }
    key.grantDescribe(writers.trailAccountIds);
  });
}

const sizeOf = (template: Template, type: string) =>
  Buffer.byteLength(String(template.resource(type)["policy"]));
const statementsOf = (template: Template, type: string) =>
  (template.policy(type) as { Statement: { Sid: string }[] }).Statement;
const sidsOf = (template: Template, type: string) => statementsOf(template, type).map(({ Sid }) => Sid);

describe("Policies of many account trails", () => {
  it("name every account's path as long as that fits", () => {
    const template = bucketOf(writersOf(100));
    expect(sidsOf(template, "aws_s3_bucket_policy")).toEqual([
      "DenyInsecureTransport",
      "CloudTrailReadsAcl",
      "CloudTrailWritesAccountLogs",
    ]);
    expect(sizeOf(template, "aws_s3_bucket_policy")).toBeLessThanOrEqual(20480);
  });

  it("list the trails once when they are 200, within 20 KB, every trail by its ARN", () => {
    const writers = writersOf(200);
    const template = bucketOf(writers);

    expect(template.policy("aws_s3_bucket_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::acme-logs", "arn:aws:s3:::acme-logs/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "CloudTrailDelivers",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: ["s3:GetBucketAcl", "s3:PutObject"],
          Resource: ["arn:aws:s3:::acme-logs", "arn:aws:s3:::acme-logs/AWSLogs/*"],
          Condition: {
            StringEquals: { "aws:SourceArn": writers.trailArns },
            StringEqualsIfExists: { "s3:x-amz-acl": "bucket-owner-full-control" },
          },
        },
      ],
    });
    expect(sizeOf(template, "aws_s3_bucket_policy")).toBeLessThanOrEqual(20480);
  });

  const cloudTrailUsesKey = (writers: LogWriters) => ({
    Sid: "CloudTrailUsesKey",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: ["kms:GenerateDataKey*", "kms:DescribeKey", "kms:Decrypt"],
    Resource: "*",
    Condition: {
      StringEquals: { "aws:SourceArn": writers.trailArns },
      StringLikeIfExists: {
        "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:*:trail/*",
      },
    },
  });
  const publisherEncryptsNotifications = {
    Sid: "PublisherEncryptsNotifications",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
    Resource: "*",
  };

  it("list the trails of a key once for each use when they are 200, within 32 KB", () => {
    const writers = writersOf(200);

    const alone = keyOf(writers);
    expect(statementsOf(alone, "aws_kms_key")[1]).toEqual(cloudTrailUsesKey(writers));
    expect(sidsOf(alone, "aws_kms_key")).toEqual([
      "AccountAdministersKey",
      "CloudTrailUsesKey",
      "AccountsDescribeKey",
    ]);

    const withTopic = keyOf(writers, TOPIC);
    expect(statementsOf(withTopic, "aws_kms_key").slice(1, -1)).toEqual([
      cloudTrailUsesKey(writers),
      {
        ...publisherEncryptsNotifications,
        Condition: {
          StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": [TOPIC] },
          StringEqualsIfExists: { "aws:SourceArn": writers.trailArns },
        },
      },
    ]);
    expect(sizeOf(withTopic, "aws_kms_key")).toBeLessThanOrEqual(32768);
  });

  it("list the trails of a key once when they are 300, and leave the publishers to the topic", () => {
    const writers = writersOf(300);
    const template = keyOf(writers, TOPIC);

    expect(statementsOf(template, "aws_kms_key").slice(1, -1)).toEqual([
      cloudTrailUsesKey(writers),
      {
        ...publisherEncryptsNotifications,
        Condition: { StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": [TOPIC] } },
      },
    ]);
    expect(sizeOf(template, "aws_kms_key")).toBeLessThanOrEqual(32768);
  });

  it("put a publisher that is the only use of the key into one statement too", () => {
    const { trailArns } = writersOf(2);
    const template = synthTemplate((stack) => {
      const key = new LogKey(stack, "key", { aliasName: "logs", ...here });
      key.grantPublish({ trailArns }, TOPIC);
    });
    expect(sidsOf(template, "aws_kms_key")).toEqual([
      "AccountAdministersKey",
      "PublisherEncryptsNotifications",
    ]);
  });

  it("are refused with the way out when nothing fits", () => {
    const remedy = /Use an organization trail, which is one writer for all accounts/;
    expect(() => bucketOf(writersOf(400))).toThrow(
      /bucket policy is \d+ bytes: must be at most 20480 bytes, AWS's limit/,
    );
    expect(() => bucketOf(writersOf(400))).toThrow(remedy);
    expect(() => keyOf(writersOf(600))).toThrow(/key policy is \d+ bytes: must be at most 32768 bytes/);
    expect(() => keyOf(writersOf(600))).toThrow(remedy);
    expect(() =>
      synthTemplate((stack) =>
        new NotificationTopic(stack, "topic", {
          topicName: "logs",
          key: existingKey(stack),
          ...here,
        }).grantPublish({ trailArns: writersOf(600).trailArns }),
      ),
    ).toThrow(/topic policy is \d+ bytes: must be at most 30720 bytes.*or let the bucket publish/);
  });

  it("count bytes, not characters, and what is there already", () => {
    const long = { Sid: "ü".repeat(10_000), Effect: "Deny", Action: "s3:*", Resource: "*" } as const;
    expect(() =>
      synthTemplate((stack) =>
        LogBucket.fromLogBucketAttributes(stack, "bucket", {
          bucketName: "acme-logs",
          ...here,
          policy: { behaviour: "own", currentStatements: [long] },
        }).grantWrite(writersOf(2)),
      ),
    ).toThrow(/bucket policy is 2\d{4} bytes/);
  });
});
