import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { LogBucket, type LogBucketProps } from "../../../constructs/cloudtrail/index.js";
import { synthTemplate, type Template } from "../template.js";
import { numberVariable, variable } from "../variable.js";

const TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/vectra-cdr";
const KEY = "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555";

const required: LogBucketProps = {
  bucketName: "acme-cloudtrail-logs",
  trailArns: [TRAIL],
  trailAccountIds: ["111111111111"],
  kmsKeyArn: KEY,
};

function synth(props: Partial<LogBucketProps> = {}): Template {
  return synthTemplate((stack) => new LogBucket(stack, "log-bucket", { ...required, ...props }));
}

describe("LogBucket", () => {
  it("is closed, owner-enforced, versioned and encrypted by default", () => {
    const template = synth();
    const bucket = "${aws_s3_bucket.log-bucket_bucket.bucket}";

    expect(template.resource("aws_s3_bucket")).toEqual({
      bucket: "acme-cloudtrail-logs",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(template.resource("aws_s3_bucket_public_access_block")).toEqual({
      bucket,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(template.resource("aws_s3_bucket_ownership_controls")).toEqual({
      bucket,
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
    expect(template.resource("aws_s3_bucket_versioning")).toEqual({
      bucket,
      versioning_configuration: { status: "Enabled" },
    });
    expect(template.resource("aws_s3_bucket_server_side_encryption_configuration")).toEqual({
      bucket,
      rule: [
        {
          apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: KEY },
          bucket_key_enabled: true,
        },
      ],
    });
  });

  it("moves logs after 90 days, expires them after a year and old versions after 30 days", () => {
    expect(synth().resource("aws_s3_bucket_lifecycle_configuration")).toEqual({
      bucket: "${aws_s3_bucket.log-bucket_bucket.bucket}",
      depends_on: ["aws_s3_bucket_versioning.log-bucket_versioning"],
      rule: [
        {
          id: "logs",
          status: "Enabled",
          filter: [{}],
          transition: [{ days: 90, storage_class: "GLACIER" }],
          expiration: [{ days: 365 }],
          noncurrent_version_expiration: [{ noncurrent_days: 30 }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
        },
      ],
    });
  });

  it("lets the trail's account write, and nobody without TLS", () => {
    const template = synth();

    expect(template.policy("aws_s3_bucket_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::acme-cloudtrail-logs", "arn:aws:s3:::acme-cloudtrail-logs/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "CloudTrailReadsAcl",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:GetBucketAcl",
          Resource: "arn:aws:s3:::acme-cloudtrail-logs",
          Condition: { StringEquals: { "aws:SourceArn": [TRAIL] } },
        },
        {
          Sid: "CloudTrailWritesAccountLogs",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: ["arn:aws:s3:::acme-cloudtrail-logs/AWSLogs/111111111111/*"],
          Condition: {
            StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": [TRAIL] },
          },
        },
      ],
    });
    expect(template.resource("aws_s3_bucket_policy")["depends_on"]).toEqual([
      "aws_s3_bucket_public_access_block.log-bucket_public-access-block",
    ]);
  });

  it("lets an organization trail write below prefix and organization, in its own partition", () => {
    // GIVEN an organization, a prefix, two trails of two accounts and another partition
    const trails = [
      "arn:aws-cn:cloudtrail:cn-north-1:111111111111:trail/one",
      "arn:aws-cn:cloudtrail:cn-north-1:444444444444:trail/two",
    ];
    const template = synth({
      organizationId: "o-a1b2c3d4e5",
      keyPrefix: "audit/cloudtrail",
      trailArns: trails,
      trailAccountIds: ["111111111111", "444444444444"],
      partition: "aws-cn",
    });
    // THEN
    expect(template.policy("aws_s3_bucket_policy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws-cn:s3:::acme-cloudtrail-logs", "arn:aws-cn:s3:::acme-cloudtrail-logs/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "CloudTrailReadsAcl",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:GetBucketAcl",
          Resource: "arn:aws-cn:s3:::acme-cloudtrail-logs",
          Condition: { StringEquals: { "aws:SourceArn": trails } },
        },
        {
          Sid: "CloudTrailWritesAccountLogs",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: [
            "arn:aws-cn:s3:::acme-cloudtrail-logs/audit/cloudtrail/AWSLogs/111111111111/*",
            "arn:aws-cn:s3:::acme-cloudtrail-logs/audit/cloudtrail/AWSLogs/444444444444/*",
          ],
          Condition: {
            StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trails },
          },
        },
        {
          Sid: "CloudTrailWritesOrganizationLogs",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: "arn:aws-cn:s3:::acme-cloudtrail-logs/audit/cloudtrail/AWSLogs/o-a1b2c3d4e5/*",
          Condition: {
            StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trails },
          },
        },
      ],
    });
  });

  it("takes other ages for its lifecycle", () => {
    const [rule] = synth({
      transitionToGlacierAfterDays: 10,
      expireAfterDays: 20,
      noncurrentExpireAfterDays: 5,
    }).resource("aws_s3_bucket_lifecycle_configuration")["rule"] as Record<string, unknown>[];

    expect(rule).toMatchObject({
      transition: [{ days: 10, storage_class: "GLACIER" }],
      expiration: [{ days: 20 }],
      noncurrent_version_expiration: [{ noncurrent_days: 5 }],
    });
  });

  it("lets go of the logs when it need not retain them", () => {
    expect(synth({ retain: false }).resource("aws_s3_bucket")).toEqual({
      bucket: "acme-cloudtrail-logs",
      force_destroy: true,
    });
  });

  it("tells name, ARN and region as AWS reports them", () => {
    const template = synthTemplate((stack) => {
      const bucket = new LogBucket(stack, "log-bucket", required);
      new TerraformOutput(stack, "all", {
        value: [bucket.bucketName, bucket.bucketArn, bucket.region].join(" "),
      });
    });
    expect(template.text).toContain(
      "${aws_s3_bucket.log-bucket_bucket.bucket} ${aws_s3_bucket.log-bucket_bucket.arn} ${aws_s3_bucket.log-bucket_bucket.bucket_region}",
    );
  });

  it("takes a token for every prop", () => {
    // GIVEN nothing but variables
    const template = synthTemplate(
      (stack) =>
        new LogBucket(stack, "log-bucket", {
          bucketName: variable(stack, "name"),
          trailArns: [variable(stack, "trail")],
          trailAccountIds: [variable(stack, "account")],
          organizationId: variable(stack, "organization"),
          keyPrefix: variable(stack, "prefix"),
          kmsKeyArn: variable(stack, "key"),
          partition: variable(stack, "partition"),
          transitionToGlacierAfterDays: numberVariable(stack, "transition"),
          expireAfterDays: numberVariable(stack, "expire"),
          noncurrentExpireAfterDays: numberVariable(stack, "noncurrent"),
        }),
    );
    // THEN each of them is where Terraform will fill it in
    expect(template.resource("aws_s3_bucket")["bucket"]).toBe("${var.name}");
    const policy = JSON.stringify(template.policy("aws_s3_bucket_policy"));
    expect(policy).toContain("arn:${var.partition}:s3:::${var.name}/${var.prefix}/AWSLogs/${var.account}/*");
    expect(policy).toContain(
      "arn:${var.partition}:s3:::${var.name}/${var.prefix}/AWSLogs/${var.organization}/*",
    );
    expect(policy).toContain('"aws:SourceArn":["${var.trail}"]');
    for (const name of ["key", "transition", "expire", "noncurrent"]) {
      expect(template.text).toContain(`"\${var.${name}}"`);
    }
  });

  it("does not collide with a second one in the same stack", () => {
    const template = synthTemplate((stack) => {
      new LogBucket(stack, "one", required);
      new LogBucket(stack, "two", required);
    });
    expect(template.resources("aws_s3_bucket").map(({ name }) => name)).toEqual(["one_bucket", "two_bucket"]);
    expect(template.resourceCounts()).toEqual({
      aws_s3_bucket: 2,
      aws_s3_bucket_lifecycle_configuration: 2,
      aws_s3_bucket_ownership_controls: 2,
      aws_s3_bucket_policy: 2,
      aws_s3_bucket_public_access_block: 2,
      aws_s3_bucket_server_side_encryption_configuration: 2,
      aws_s3_bucket_versioning: 2,
    });
  });

  it.each<[string, Partial<LogBucketProps>, RegExp]>([
    ["capitals in the name", { bucketName: "Logs" }, /bucketName is "Logs": must be a bucket name/],
    ["a name like an address", { bucketName: "192.168.0.1" }, /bucketName is "192.168.0.1"/],
    ["two dots in the name", { bucketName: "a..b" }, /bucketName is "a..b"/],
    ["a reserved ending", { bucketName: "logs-s3alias" }, /bucketName is "logs-s3alias"/],
    ["something else than a trail", { trailArns: ["vectra-cdr"] }, /trailArns\[0\] is "vectra-cdr"/],
    ["no trail", { trailArns: [] }, /trailArns is \[\]: must not be empty. Name the trails/],
    ["11 digits", { trailAccountIds: ["11111111111"] }, /trailAccountIds\[0\] is "11111111111".*exactly 12/],
    ["no account", { trailAccountIds: [] }, /trailAccountIds is \[\]: must not be empty/],
    [
      "no organization ID",
      { organizationId: "acme" },
      /organizationId is "acme": must be an organization ID/,
    ],
    ["a slash before the prefix", { keyPrefix: "/logs" }, /keyPrefix is "\/logs"/],
    ["a slash after the prefix", { keyPrefix: "logs/" }, /keyPrefix is "logs\/"/],
    [
      "an alias instead of a key",
      { kmsKeyArn: "arn:aws:kms:eu-west-1:222222222222:alias/logs" },
      /kmsKeyArn is ".*alias\/logs": must be a key ARN/,
    ],
    ["half a day", { noncurrentExpireAfterDays: 0.5 }, /noncurrentExpireAfterDays is 0.5: must be a whole/],
    ["no day", { transitionToGlacierAfterDays: 0 }, /transitionToGlacierAfterDays is 0/],
    ["a negative age", { expireAfterDays: -1 }, /expireAfterDays is -1/],
    [
      "expiry before the move",
      { expireAfterDays: 90 },
      /expireAfterDays is 90: must be more than transitionToGlacierAfterDays \(90\). Keep logs longer/,
    ],
    ["an unknown partition", { partition: "azure" }, /partition is "azure"/],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });

  it("says where the mistake is", () => {
    expect(() => synth({ bucketName: "Logs" })).toThrow(/^stack\/log-bucket: /);
  });
});
