import { TerraformOutput, type TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { NotificationTopic, type NotificationTopicProps } from "../../../constructs/cloudtrail/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";
import { existingKey, KEY } from "./existing-parts.js";

const TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/vectra-cdr";
const TOPIC = "${aws_sns_topic.topic_topic.arn}";

const required = { topicName: "vectra-cdr-notifications", accountId: "222222222222", region: "eu-west-1" };

/** Who publishes and subscribes, beside the props. */
interface Grants {
  readonly publisherTrailArns?: readonly string[];
  readonly subscriberAccountId?: string;
  readonly subscriberProtocols?: readonly string[];
  readonly subscriberEndpoints?: readonly string[];
  readonly keyArn?: string;
}

type Settings = Partial<NotificationTopicProps> & Grants;

function createTopic(stack: TerraformStack, settings: Settings = {}, id = "topic"): NotificationTopic {
  const { publisherTrailArns = [TRAIL], subscriberAccountId = "999999999999", ...rest } = settings;
  const { subscriberProtocols: protocols, subscriberEndpoints: endpoints, keyArn, ...props } = rest;
  const topic = new NotificationTopic(stack, id, { ...required, key: existingKey(stack, keyArn), ...props });
  topic.grantPublish({ trailArns: publisherTrailArns });
  topic.grantSubscribe({ accountId: subscriberAccountId, protocols, endpoints });
  return topic;
}

function synth(settings: Settings = {}): Template {
  return synthTemplate((stack) => createTopic(stack, settings));
}

describe("NotificationTopic", () => {
  it("is encrypted with the given key", () => {
    expect(synth().resource("aws_sns_topic")).toEqual({
      name: "vectra-cdr-notifications",
      kms_master_key_id: KEY,
    });
  });

  it("lets the trail publish and Vectra subscribe, both with TLS only", () => {
    const template = synth();

    expect(template.resource("aws_sns_topic_policy")["arn"]).toBe(TOPIC);
    expect(template.policy("aws_sns_topic_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: ["sns:Publish", "sns:Subscribe"],
          Resource: TOPIC,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "CloudTrailPublishes",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "sns:Publish",
          Resource: TOPIC,
          Condition: { StringEquals: { "aws:SourceArn": [TRAIL] } },
        },
        {
          Sid: "VectraSubscribes",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::999999999999:root" },
          Action: "sns:Subscribe",
          Resource: TOPIC,
        },
      ],
    });
  });

  it("limits what Vectra may subscribe when asked", () => {
    const template = synth({
      subscriberProtocols: ["sqs"],
      subscriberEndpoints: ["arn:aws:sqs:*:999999999999:*"],
    });
    const { Statement } = template.policy("aws_sns_topic_policy") as { Statement: unknown[] };
    expect(Statement[2]).toEqual({
      Sid: "VectraSubscribes",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::999999999999:root" },
      Action: "sns:Subscribe",
      Resource: TOPIC,
      Condition: {
        StringEquals: { "sns:Protocol": ["sqs"] },
        StringLike: { "sns:Endpoint": ["arn:aws:sqs:*:999999999999:*"] },
      },
    });
  });

  it("lets the log bucket publish instead of the trail", () => {
    const template = synthTemplate((stack) => {
      const topic = new NotificationTopic(stack, "topic", { ...required, key: existingKey(stack) });
      topic.grantSubscribe({ accountId: "999999999999" });
      topic.grantPublish({ bucketArn: "arn:aws:s3:::acme-logs", bucketAccountId: "222222222222" });
      expect(topic.statementsToAdd).toEqual([]);
    });
    const { Statement } = template.policy("aws_sns_topic_policy") as { Statement: { Sid: string }[] };
    expect(Statement.map(({ Sid }) => Sid)).toEqual([
      "DenyInsecureTransport",
      "S3Publishes",
      "VectraSubscribes",
    ]);
  });

  it("names the subscriber in its own partition", () => {
    expect(JSON.stringify(synth({ partition: "aws-us-gov" }).policy("aws_sns_topic_policy"))).toContain(
      "arn:aws-us-gov:iam::999999999999:root",
    );
  });

  it("takes a token for every prop", () => {
    const template = synthTemplate((stack) =>
      createTopic(stack, {
        topicName: variable(stack, "name"),
        accountId: variable(stack, "account"),
        region: variable(stack, "region"),
        publisherTrailArns: [variable(stack, "trail")],
        subscriberAccountId: variable(stack, "subscriber"),
        keyArn: variable(stack, "key"),
        partition: variable(stack, "partition"),
      }),
    );
    expect(template.resource("aws_sns_topic")).toEqual({
      name: "${var.name}",
      kms_master_key_id: "${var.key}",
    });
    const policy = JSON.stringify(template.policy("aws_sns_topic_policy"));
    expect(policy).toContain("arn:${var.partition}:iam::${var.subscriber}:root");
    expect(policy).toContain('"aws:SourceArn":["${var.trail}"]');
  });

  it("does not collide with a second one, and tells its ARN and name", () => {
    const template = synthTemplate((stack) => {
      const one = createTopic(stack, {}, "one");
      createTopic(stack, {}, "two");
      new TerraformOutput(stack, "topic", { value: `${one.topicArn} ${one.topicName}` });
    });
    expect(template.resourceCounts()).toEqual({ aws_sns_topic: 2, aws_sns_topic_policy: 2 });
    expect(template.text).toContain("${aws_sns_topic.one_topic.arn} ${aws_sns_topic.one_topic.name}");
  });

  it.each<[string, Settings, RegExp]>([
    ["a FIFO name", { topicName: "vectra.fifo" }, /topicName is "vectra.fifo".*FIFO/],
    ["no publisher", { publisherTrailArns: [] }, /publisherTrailArns is \[\]: must not be empty/],
    ["a publisher that is no trail", { publisherTrailArns: ["*"] }, /publisherTrailArns\[0\] is "\*"/],
    [
      "an 11-digit subscriber",
      { subscriberAccountId: "99999999999" },
      /subscriberAccountId is "99999999999"/,
    ],
    ["the AWS-managed key", { keyArn: "alias/aws/sns" }, /keyArn is "alias\/aws\/sns": must be a key/],
    [
      "a key of another region",
      { region: "us-east-1" },
      /key is "arn:aws:kms:eu-west-1.*the key is in eu-west-1, but what it encrypts is in us-east-1/,
    ],
    ["no region", { region: "Ireland" }, /region is "Ireland"/],
    ["an unknown partition", { partition: "x" }, /partition is "x"/],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});
