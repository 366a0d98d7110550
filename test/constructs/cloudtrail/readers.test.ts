import type { TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { LogBucket, LogKey, NotificationTopic } from "../../../constructs/cloudtrail/index.js";
import { synthTemplate } from "../template.js";
import { variable } from "../variable.js";
import { existingKey } from "./existing-parts.js";

const here = { accountId: "222222222222", region: "eu-west-1" };
const TOPIC = "arn:aws:sns:eu-west-1:222222222222:logs";
const SIEM = "arn:aws:iam::777777777777:role/siem";

const bucketOf = (stack: TerraformStack) =>
  new LogBucket(stack, "bucket", { bucketName: "acme-logs", key: existingKey(stack), ...here });
const keyOf = (stack: TerraformStack) => new LogKey(stack, "key", { aliasName: "logs", ...here });
/** A topic that Vectra subscribes to. */
function topicOf(stack: TerraformStack): NotificationTopic {
  const topic = new NotificationTopic(stack, "topic", {
    topicName: "logs",
    key: existingKey(stack),
    ...here,
  });
  topic.grantSubscribe({ accountId: "999999999999" });
  return topic;
}

describe("GIVEN a SIEM beside Vectra", () => {
  it("WHEN a subscriber is granted again, Vectra's account included, THEN the policy says it once", () => {
    const template = synthTemplate((stack) => {
      const topic = topicOf(stack);
      topic.grantSubscribe({ accountId: "777777777777", roleArns: [SIEM], protocols: ["sqs"] });

      expect(
        topic.grantSubscribe({ protocols: ["sqs"], roleArns: [SIEM], accountId: "777777777777" }),
      ).toEqual([]);
      expect(topic.grantSubscribe({ accountId: "999999999999" })).toEqual([]);
    });

    const { Statement } = template.policy("aws_sns_topic_policy") as { Statement: { Sid: string }[] };
    expect(Statement.map(({ Sid }) => Sid)).toEqual([
      "DenyInsecureTransport",
      "VectraSubscribes",
      "RolesSubscribe",
    ]);
  });

  it("WHEN its role may subscribe THEN the topic's policy names it in a statement of its own", () => {
    const template = synthTemplate((stack) => {
      const added = topicOf(stack).grantSubscribe({
        accountId: "777777777777",
        roleArns: [SIEM],
        protocols: ["sqs"],
      });
      expect(added.map(({ Sid }) => Sid)).toEqual(["RolesSubscribe"]);
    });

    expect(template.policy("aws_sns_topic_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: ["sns:Publish", "sns:Subscribe"],
          Resource: "${aws_sns_topic.topic_topic.arn}",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "VectraSubscribes",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::999999999999:root" },
          Action: "sns:Subscribe",
          Resource: "${aws_sns_topic.topic_topic.arn}",
        },
        {
          Sid: "RolesSubscribe",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::777777777777:root" },
          Action: "sns:Subscribe",
          Resource: "${aws_sns_topic.topic_topic.arn}",
          Condition: {
            ArnEquals: { "aws:PrincipalArn": [SIEM] },
            StringEquals: { "sns:Protocol": ["sqs"] },
          },
        },
      ],
    });
  });

  it("WHEN a role is named twice THEN policies name it, and its account, once", () => {
    const template = synthTemplate((stack) => {
      const bucket = bucketOf(stack);
      const key = keyOf(stack);
      for (const grant of [{ accountId: "777777777777", roleArns: [SIEM] }]) {
        bucket.grantRead(grant);
        bucket.grantRead(grant);
        key.grantDecrypt(grant);
        key.grantDecrypt(grant);
      }
    });

    const readers = {
      Principal: { AWS: "arn:aws:iam::777777777777:root" },
      Condition: { ArnEquals: { "aws:PrincipalArn": [SIEM] } },
    };
    expect(template.policy("aws_s3_bucket_policy")).toMatchObject({ Statement: [{}, readers, readers] });
    expect(template.policy("aws_kms_key")).toMatchObject({ Statement: [{}, readers] });
  });

  it("WHEN a topic exists THEN its owner is told the statement", () => {
    synthTemplate((stack) => {
      const topic = NotificationTopic.fromNotificationTopicAttributes(stack, "topic", { topicArn: TOPIC });
      topic.grantSubscribe({ accountId: "777777777777", roleArns: [SIEM] });
      expect(topic.statementsToAdd).toEqual([
        {
          Sid: "RolesSubscribe",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::777777777777:root" },
          Action: "sns:Subscribe",
          Resource: TOPIC,
          Condition: { ArnEquals: { "aws:PrincipalArn": [SIEM] } },
        },
      ]);
    });
  });

  it("WHEN account and role are tokens THEN they are taken", () => {
    const template = synthTemplate((stack) => {
      bucketOf(stack).grantRead({
        accountId: variable(stack, "account"),
        roleArns: [variable(stack, "role")],
      });
    });
    expect(JSON.stringify(template.policy("aws_s3_bucket_policy"))).toContain(
      '"ArnEquals":{"aws:PrincipalArn":["${var.role}"]}',
    );
  });

  it.each([
    ["everybody", "*", /is "\*": must be a role ARN/],
    ["roles by pattern", "arn:aws:iam::777777777777:role/*", /one role without wildcards/],
    ["paths by pattern", "arn:aws:iam::777777777777:role/s?em/reader", /one role without wildcards/],
    ["a deleted role", "AROAEXAMPLEEXAMPLE123", /must be a role ARN/],
    [
      "a role of another account",
      "arn:aws:iam::888888888888:role/siem",
      /is "arn:aws:iam::888888888888:role\/siem": must be a role of account 777777777777\. Correct accountId/,
    ],
  ])("WHEN it is %s THEN bucket, key and topic refuse it", (_, roleArn, message) => {
    const grant = { accountId: "777777777777", roleArns: [SIEM, roleArn] };
    expect(() => synthTemplate((stack) => bucketOf(stack).grantRead(grant))).toThrow(message);
    expect(() => synthTemplate((stack) => bucketOf(stack).grantRead(grant))).toThrow("roleArns[1]");
    expect(() => synthTemplate((stack) => keyOf(stack).grantDecrypt(grant))).toThrow(message);
    expect(() => synthTemplate((stack) => topicOf(stack).grantSubscribe(grant))).toThrow(message);
  });

  it("WHEN no role is named THEN it is refused", () => {
    const grant = { accountId: "777777777777", roleArns: [] };
    expect(() => synthTemplate((stack) => topicOf(stack).grantSubscribe(grant))).toThrow(
      "subscriberRoleArns is []: must not be empty. Name the roles that may subscribe.",
    );
  });
});
