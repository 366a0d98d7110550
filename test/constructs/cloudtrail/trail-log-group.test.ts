import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { describe, expect, it } from "vitest";
import { Trail, TrailLogGroup, type TrailLogGroupProps } from "../../../constructs/cloudtrail/index.js";
import { synthTemplate, type Template } from "../template.js";
import { existingBucket } from "./existing-parts.js";

const required: TrailLogGroupProps = {
  logGroupName: "cloudtrail/vectra-cdr",
  roleName: "vectra-cdr-trail",
  accountId: "111111111111",
  region: "eu-west-1",
};

function synth(props: Partial<TrailLogGroupProps> = {}): Template {
  return synthTemplate((stack) => new TrailLogGroup(stack, "logs", { ...required, ...props }));
}

describe("TrailLogGroup", () => {
  it("keeps events for 90 days and is retained by default", () => {
    expect(synth().resource("aws_cloudwatch_log_group")).toEqual({
      name: "cloudtrail/vectra-cdr",
      retention_in_days: 90,
      lifecycle: { prevent_destroy: true },
    });
    expect(synth({ retain: false }).resource("aws_cloudwatch_log_group")).not.toHaveProperty("lifecycle");
  });

  it("lets CloudTrail write the streams of its account only", () => {
    const template = synth();
    expect(template.policy("aws_iam_role", { attribute: "assume_role_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "CloudTrailAssumesRole",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    });
    expect(template.policy("aws_iam_role_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteEvents",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [
            "arn:aws:logs:eu-west-1:111111111111:log-group:cloudtrail/vectra-cdr:log-stream:111111111111_CloudTrail_eu-west-1*",
          ],
        },
      ],
    });
  });

  it("takes an organization, other settings and another partition", () => {
    const template = synth({
      organizationId: "o-a1b2c3d4e5",
      retentionDays: 365,
      kmsKeyArn: "arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/1",
      path: "/audit/",
      permissionsBoundary: "arn:aws-us-gov:iam::111111111111:policy/boundary",
      partition: "aws-us-gov",
      region: "us-gov-west-1",
    });
    expect(template.resource("aws_cloudwatch_log_group")).toMatchObject({
      retention_in_days: 365,
      kms_key_id: "arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/1",
    });
    expect(template.resource("aws_iam_role")).toMatchObject({
      path: "/audit/",
      permissions_boundary: "arn:aws-us-gov:iam::111111111111:policy/boundary",
    });
    expect(template.policy("aws_iam_role_policy")).toMatchObject({
      Statement: [
        {
          Resource: [
            "arn:aws-us-gov:logs:us-gov-west-1:111111111111:log-group:cloudtrail/vectra-cdr:log-stream:111111111111_CloudTrail_us-gov-west-1*",
            "arn:aws-us-gov:logs:us-gov-west-1:111111111111:log-group:cloudtrail/vectra-cdr:log-stream:o-a1b2c3d4e5_*",
          ],
        },
      ],
    });
  });

  it("fits a trail", () => {
    const template = synthTemplate((stack) => {
      const logGroup = new TrailLogGroup(stack, "logs", required);
      new Trail(stack, "trail", {
        trailName: "vectra-cdr",
        accountId: "111111111111",
        region: "eu-west-1",
        bucket: existingBucket(stack),
        logGroup,
      });
    });
    expect(template.resource("aws_cloudtrail")).toMatchObject({
      cloud_watch_logs_group_arn: "${aws_cloudwatch_log_group.logs_log-group.arn}:*",
      cloud_watch_logs_role_arn: "${aws_iam_role.logs_role.arn}",
      // CloudTrail writes when the trail is made, and the role alone may not.
      depends_on: ["aws_iam_role_policy.logs_policy"],
    });
  });

  it("makes a trail wait for its policy beside whatever else it waits for", () => {
    const template = synthTemplate((stack) => {
      const logGroup = new TrailLogGroup(stack, "logs", required);
      const policy = new S3BucketPolicy(stack, "bucket-policy", { bucket: "acme-logs", policy: "{}" });
      new Trail(stack, "trail", {
        trailName: "vectra-cdr",
        accountId: "111111111111",
        region: "eu-west-1",
        bucket: existingBucket(stack),
        logGroup,
        dependsOn: [policy],
      });
    });
    expect(template.resource("aws_cloudtrail")["depends_on"]).toEqual([
      "aws_s3_bucket_policy.bucket-policy",
      "aws_iam_role_policy.logs_policy",
    ]);
  });

  it("lets streams of the account in the trail's ARN be written, too", () => {
    const policy = synthTemplate(
      (stack) => new TrailLogGroup(stack, "logs", { ...required, trailAccountId: "999999999990" }),
    ).policy("aws_iam_role_policy") as { Statement: { Resource: string[] }[] };
    expect(policy.Statement[0]?.Resource).toContain(
      "arn:aws:logs:eu-west-1:111111111111:log-group:cloudtrail/vectra-cdr:log-stream:999999999990_CloudTrail_eu-west-1*",
    );
  });

  it.each<[string, Partial<TrailLogGroupProps>, RegExp]>([
    ["a name with a blank", { logGroupName: "a b" }, /logGroupName is "a b"/],
    ["a name of AWS", { logGroupName: "aws/trail" }, /logGroupName is "aws\/trail"/],
    ["a role's path in its name", { roleName: "a/b" }, /roleName is "a\/b"/],
    ["a short account", { accountId: "1" }, /accountId is "1"/],
    ["a zone", { region: "eu-west-1a" }, /region is "eu-west-1a"/],
    ["no organization", { organizationId: "x" }, /organizationId is "x"/],
    [
      "a retention that CloudWatch does not know",
      { retentionDays: 100 },
      /retentionDays is 100: must be one of/,
    ],
    ["an alias", { kmsKeyArn: "alias/x" }, /kmsKeyArn is "alias\/x"/],
    ["half a path", { path: "/audit" }, /path is "\/audit"/],
    ["a boundary's name", { permissionsBoundary: "b" }, /permissionsBoundary is "b"/],
    ["an unknown partition", { partition: "x" }, /partition is "x"/],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });
});
