import { TerraformOutput, type TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import {
  LogBucket,
  NotificationTopic,
  Trail,
  type TrailProps,
} from "../../../constructs/cloudtrail/index.js";
import { synthTemplate, type Template } from "../template.js";
import { variable } from "../variable.js";
import { existingBucket, existingKey, existingTopic, KEY } from "./existing-parts.js";

const TOPIC = "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-notifications";

const required = {
  trailName: "vectra-cdr",
  accountId: "111111111111",
  region: "eu-west-1",
  organizationId: "o-a1b2c3d4e5",
};

type Settings = Partial<TrailProps> & {
  readonly bucketName?: string;
  readonly keyPrefix?: string;
  readonly keyArn?: string;
  readonly topicArn?: string;
  readonly bucketPartition?: string;
};

/** A trail into an existing bucket, with an existing key and topic. */
function createTrail(stack: TerraformStack, settings: Settings = {}, id = "trail"): Trail {
  const { bucketName = "acme-cloudtrail-logs", keyPrefix, keyArn, topicArn = TOPIC, ...rest } = settings;
  const { bucketPartition, ...props } = rest;
  return new Trail(stack, id, {
    ...required,
    bucket: existingBucket(stack, { bucketName, keyPrefix, partition: bucketPartition }),
    key: existingKey(stack, keyArn),
    topic: existingTopic(stack, topicArn),
    ...props,
  });
}

function synth(settings: Settings = {}): Template {
  return synthTemplate((stack) => createTrail(stack, settings));
}

describe("Trail", () => {
  it("is an encrypted, validated organization trail of all regions by default", () => {
    expect(synth().resource("aws_cloudtrail")).toEqual({
      name: "vectra-cdr",
      s3_bucket_name: "acme-cloudtrail-logs",
      kms_key_id: KEY,
      sns_topic_name: "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-notifications",
      is_organization_trail: true,
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      advanced_event_selector: [
        {
          name: "Management events",
          field_selector: [
            { field: "eventCategory", equals: ["Management"] },
            { field: "eventSource", not_equals: ["kms.amazonaws.com"] },
          ],
        },
      ],
    });
  });

  it("takes a prefix, a topic's name, one account and one region", () => {
    expect(
      synth({
        keyPrefix: "audit",
        topicArn: "arn:aws:sns:eu-west-1:111111111111:beside",
        organizationId: undefined,
        multiRegion: false,
      }).resource("aws_cloudtrail"),
    ).toMatchObject({
      s3_key_prefix: "audit",
      sns_topic_name: "beside",
      is_organization_trail: false,
      is_multi_region_trail: false,
    });
  });

  it("records what the events say", () => {
    expect(
      synth({
        events: { excludeKmsEvents: false, s3DataEvents: [{ bucketArn: "arn:aws:s3:::crown-jewels" }] },
      }).resource("aws_cloudtrail")["advanced_event_selector"],
    ).toEqual([
      { name: "Management events", field_selector: [{ field: "eventCategory", equals: ["Management"] }] },
      {
        name: "S3 data events",
        field_selector: [
          { field: "eventCategory", equals: ["Data"] },
          { field: "resources.type", equals: ["AWS::S3::Object"] },
          { field: "resources.ARN", starts_with: ["arn:aws:s3:::crown-jewels/"] },
        ],
      },
    ]);
  });

  it("records all buckets but some, without the log bucket in its own partition", () => {
    expect(
      synth({ events: { s3DataEventsExcept: [] }, bucketPartition: "aws-us-gov" }).resource("aws_cloudtrail")[
        "advanced_event_selector"
      ],
    ).toContainEqual({
      name: "S3 data events",
      field_selector: [
        { field: "eventCategory", equals: ["Data"] },
        { field: "resources.type", equals: ["AWS::S3::Object"] },
        { field: "resources.ARN", not_starts_with: ["arn:aws-us-gov:s3:::acme-cloudtrail-logs/"] },
      ],
    });
  });

  it("needs neither topic nor key", () => {
    const trail = synth({ topic: undefined, key: undefined }).resource("aws_cloudtrail");
    expect(trail).not.toHaveProperty("sns_topic_name");
    expect(trail).not.toHaveProperty("kms_key_id");
  });

  it("looks for insights and writes to a log group when asked", () => {
    expect(
      synth({
        insights: ["ApiCallRateInsight", "ApiErrorRateInsight"],
        logGroup: {
          logGroupArn: "arn:aws:logs:eu-west-1:111111111111:log-group:trail",
          roleArn: "arn:aws:iam::111111111111:role/trail",
        },
      }).resource("aws_cloudtrail"),
    ).toMatchObject({
      insight_selector: [{ insight_type: "ApiCallRateInsight" }, { insight_type: "ApiErrorRateInsight" }],
      cloud_watch_logs_group_arn: "arn:aws:logs:eu-west-1:111111111111:log-group:trail:*",
      cloud_watch_logs_role_arn: "arn:aws:iam::111111111111:role/trail",
    });
    expect(synth({ insights: [] }).resource("aws_cloudtrail")).not.toHaveProperty("insight_selector");
  });

  it("is refused as the sixth of its account and region", () => {
    expect(() =>
      synthTemplate((stack) => {
        for (const id of ["a", "b", "c", "d", "e", "f"]) {
          createTrail(stack, { trailName: `trail-${id}` }, id);
        }
      }),
    ).toThrow(
      /stack\/f: trailName is "trail-f": would be trail 6 in stack stack; CloudTrail allows 5 per account and region. Record more with one trail/,
    );
  });

  it("waits for the policies of a bucket and topic in its own stack", () => {
    // GIVEN bucket and topic beside the trail
    const template = synthTemplate((stack) => {
      const here = { accountId: "111111111111", region: "eu-west-1", key: existingKey(stack) };
      const bucket = new LogBucket(stack, "bucket", { bucketName: "acme-cloudtrail-logs", ...here });
      const topic = new NotificationTopic(stack, "topic", { topicName: "notifications", ...here });
      // WHEN the trail takes them
      new Trail(stack, "trail", { ...required, bucket, topic });
    });
    // THEN
    expect(template.resource("aws_cloudtrail")).toMatchObject({
      s3_bucket_name: "acme-cloudtrail-logs",
      sns_topic_name: "notifications",
      depends_on: ["aws_s3_bucket_policy.bucket_policy", "aws_sns_topic_policy.topic_policy"],
    });
  });

  it("takes a token for every prop", () => {
    const template = synthTemplate((stack) =>
      createTrail(stack, {
        trailName: variable(stack, "name"),
        accountId: variable(stack, "account"),
        trailAccountId: variable(stack, "trail_account"),
        region: variable(stack, "region"),
        organizationId: variable(stack, "organization"),
        partition: variable(stack, "partition"),
        bucketName: variable(stack, "bucket"),
        keyPrefix: variable(stack, "prefix"),
        keyArn: variable(stack, "key"),
        topicArn: variable(stack, "topic"),
        events: {
          s3DataEvents: [{ bucketArn: variable(stack, "data"), keyPrefix: variable(stack, "data_prefix") }],
        },
      }),
    );
    expect(template.resource("aws_cloudtrail")).toMatchObject({
      name: "${var.name}",
      s3_bucket_name: "${var.bucket}",
      s3_key_prefix: "${var.prefix}",
      kms_key_id: "${var.key}",
      sns_topic_name: "${var.topic}",
    });
    expect(template.text).toContain('"${var.data}/${var.data_prefix}"');
  });

  it("does not collide with a second one, and tells its ARN", () => {
    const template = synthTemplate((stack) => {
      const one = createTrail(stack, {}, "one");
      createTrail(stack, {}, "two");
      new TerraformOutput(stack, "arn", { value: one.trailArn });
    });
    expect(template.resourceCounts()).toEqual({ aws_cloudtrail: 2 });
    expect(template.text).toContain('"${aws_cloudtrail.one_trail.arn}"');
  });

  it.each<[string, Settings, RegExp]>([
    ["a short name", { trailName: "ab" }, /trailName is "ab": must be a trail name/],
    ["a name with two dots", { trailName: "a..b" }, /trailName is "a..b"/],
    ["a name like an address", { trailName: "10.0.0.1" }, /trailName is "10.0.0.1"/],
    ["a wrong bucket name", { bucketName: "B" }, /bucketName is "B"/],
    ["a prefix with a slash", { keyPrefix: "audit/" }, /keyPrefix is "audit\/"/],
    [
      "an alias, which would differ at every plan",
      { keyArn: "arn:aws:kms:eu-west-1:222222222222:alias/logs" },
      /keyArn is .*not of its alias/,
    ],
    [
      "a queue instead of a topic",
      { topicArn: "arn:aws:sqs:eu-west-1:222222222222:q" },
      /topicArn is "arn:aws:sqs/,
    ],
    [
      "a bucket's name for its ARN",
      { events: { s3DataEvents: [{ bucketArn: "crown-jewels" }] } },
      /events\.s3DataEvents\[0\]\.bucketArn is "crown-jewels": must be a bucket ARN/,
    ],
    [
      "data events of the log bucket",
      { events: { s3DataEvents: [{ bucketArn: "arn:aws:s3:::acme-cloudtrail-logs" }] } },
      /s3DataEvents\[0\]\.bucketArn is "arn:aws:s3:::acme-cloudtrail-logs": must not be the log bucket itself/,
    ],
    [
      "more conditions than CloudTrail allows",
      {
        events: {
          s3DataEvents: Array.from({ length: 497 }, (_, index) => ({ bucketArn: `arn:aws:s3:::b-${index}` })),
        },
      },
      /s3DataEvents is 497 scopes: must be at most 496/,
    ],
    [
      "more conditions, also of those that are left out",
      {
        events: {
          s3DataEventsExcept: Array.from({ length: 496 }, (_, index) => ({
            bucketArn: `arn:aws:s3:::b-${index}`,
          })),
        },
      },
      /s3DataEventsExcept is 496 scopes: must be at most 495, because CloudTrail allows 500 .* Name fewer buckets/,
    ],
    [
      "buckets that are named and others that are left out",
      { events: { s3DataEvents: [{ bucketArn: "arn:aws:s3:::a" }], s3DataEventsExcept: [] } },
      /s3DataEventsExcept is a list of 0: cannot be combined with events\.s3DataEvents.* Keep one of them/,
    ],
    [
      "a bucket's name among those that are left out",
      { events: { s3DataEventsExcept: [{ bucketArn: "noise" }] } },
      /s3DataEventsExcept\[0\]\.bucketArn is "noise"/,
    ],
    [
      "a call rate without calls that write",
      { insights: ["ApiCallRateInsight"], events: { managementEvents: "read" } },
      /insights\[0\] is "ApiCallRateInsight": ApiCallRateInsight analyzes write events, and events\.managementEvents: read records none\. Record all management events/,
    ],
    [
      "the streams of a log group",
      {
        logGroup: {
          logGroupArn: "arn:aws:logs:eu-west-1:111111111111:log-group:trail:*",
          roleArn: "arn:aws:iam::111111111111:role/trail",
        },
      },
      /logGroup\.logGroupArn is ".*:\*": must be a log group ARN.* Omit ":\*"; it is added/,
    ],
    [
      "a role's name",
      { logGroup: { logGroupArn: "arn:aws:logs:eu-west-1:111111111111:log-group:t", roleArn: "t" } },
      /logGroup\.roleArn is "t"/,
    ],
    ["an account of 11 digits", { accountId: "11111111111" }, /accountId is "11111111111"/],
    ["an owner of 11 digits", { trailAccountId: "11111111111" }, /trailAccountId is "11111111111"/],
    ["no region", { region: "Ireland" }, /region is "Ireland"/],
    ["no organization", { organizationId: "acme" }, /organizationId is "acme"/],
    ["an unknown partition", { partition: "x" }, /partition is "x"/],
    [
      "an organization trail where there are no organizations",
      { partition: "aws-eusc" },
      /organizationId is "o-a1b2c3d4e5": organization trails are not available in partition aws-eusc: AWS Organizations has no endpoint there\. Give each account its own trail/,
    ],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});
