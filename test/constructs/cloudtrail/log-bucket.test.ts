import { TerraformOutput, type TerraformStack } from "cdktf";
import { describe, expect, it } from "vitest";
import { LogBucket, type LogBucketProps, type LogWriters } from "../../../constructs/cloudtrail/index.js";
import { synthTemplate, type Template } from "../template.js";
import { numberVariable, variable } from "../variable.js";
import { existingKey, KEY } from "./existing-parts.js";

const TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/vectra-cdr";

const required = { bucketName: "acme-cloudtrail-logs", accountId: "222222222222", region: "eu-west-1" };

type Settings = Partial<LogBucketProps & LogWriters> & { readonly keyArn?: string };

/** A bucket that trails were granted to write to, unless there are none. */
function createBucket(stack: TerraformStack, settings: Settings = {}, id = "log-bucket"): LogBucket {
  const { keyArn, trailArns, trailAccountIds, organizationId, ...props } = settings;
  return new LogBucket(stack, id, { ...required, key: existingKey(stack, keyArn), ...props });
}

function synth(settings: Settings = {}): Template {
  const { trailArns = [TRAIL], trailAccountIds = ["111111111111"], organizationId } = settings;
  return synthTemplate((stack) =>
    createBucket(stack, settings).grantWrite({ trailArns, trailAccountIds, organizationId }),
  );
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

  it("lets a trail write below a prefix that would be a pattern, and below no other", () => {
    // Terraform takes one of the dollar signs away; S3 sees IAM's way to write the character itself.
    expect(synth({ keyPrefix: "a*" }).resource("aws_s3_bucket_policy")["policy"]).toContain(
      '"Resource":["arn:aws:s3:::acme-cloudtrail-logs/a$${*}/AWSLogs/111111111111/*"]',
    );
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

  it("locks logs when asked, in a way that never replaces the bucket", () => {
    const template = synth({ objectLock: { mode: "GOVERNANCE", days: 30 } });
    expect(template.resource("aws_s3_bucket_object_lock_configuration")).toEqual({
      bucket: "${aws_s3_bucket.log-bucket_bucket.bucket}",
      rule: { default_retention: { mode: "GOVERNANCE", days: 30 } },
      depends_on: ["aws_s3_bucket_versioning.log-bucket_versioning"],
    });
    expect(template.resource("aws_s3_bucket")).not.toHaveProperty("object_lock_enabled");
  });

  it("records its readers in another bucket when asked", () => {
    const logging = (accessLogs: LogBucketProps["accessLogs"]) =>
      synth({ accessLogs }).resource("aws_s3_bucket_logging");
    expect(logging({ bucketName: "acme-access-logs", prefix: "cloudtrail/" })).toEqual({
      bucket: "${aws_s3_bucket.log-bucket_bucket.bucket}",
      target_bucket: "acme-access-logs",
      target_prefix: "cloudtrail/",
    });
    expect(logging({ bucketName: "acme-access-logs" })).toMatchObject({ target_prefix: "" });
  });

  it("can be granted to trails and readers later", () => {
    // GIVEN a bucket that knows no trail yet
    const template = synthTemplate((stack) => {
      const bucket = createBucket(stack);
      // WHEN trails of two accounts come one after the other, and readers of two other accounts
      expect(bucket.grantWrite({ trailArns: [TRAIL], trailAccountIds: ["111111111111"] })).toHaveLength(2);
      bucket.grantWrite({
        trailArns: [TRAIL, "arn:aws:cloudtrail:eu-west-1:444444444444:trail/acme"],
        trailAccountIds: ["444444444444"],
        organizationId: "o-a1b2c3d4e5",
      });
      bucket.grantRead({ accountId: "555555555555", roleArns: ["arn:aws:iam::555555555555:role/siem"] });
      // THEN each grant returns what it adds
      expect(
        bucket.grantRead({ accountId: "666666666666", roleArns: ["arn:aws:iam::666666666666:role/audit"] }),
      ).toHaveLength(2);
      expect(bucket.statementsToAdd).toEqual([]);
    });
    // THEN
    const trails = [TRAIL, "arn:aws:cloudtrail:eu-west-1:444444444444:trail/acme"];
    const readers = {
      Effect: "Allow",
      Principal: { AWS: ["arn:aws:iam::555555555555:root", "arn:aws:iam::666666666666:root"] },
      Condition: {
        ArnEquals: {
          "aws:PrincipalArn": ["arn:aws:iam::555555555555:role/siem", "arn:aws:iam::666666666666:role/audit"],
        },
      },
    };
    const { Statement } = template.policy("aws_s3_bucket_policy") as { Statement: { Sid: string }[] };
    expect(Statement.map(({ Sid }) => Sid)).toEqual([
      "DenyInsecureTransport",
      "CloudTrailReadsAcl",
      "CloudTrailWritesAccountLogs",
      "CloudTrailWritesOrganizationLogs",
      "ReadersGetLogs",
      "ReadersListBucket",
    ]);
    expect(Statement[2]).toMatchObject({
      Resource: [
        "arn:aws:s3:::acme-cloudtrail-logs/AWSLogs/111111111111/*",
        "arn:aws:s3:::acme-cloudtrail-logs/AWSLogs/444444444444/*",
      ],
      Condition: { StringEquals: { "aws:SourceArn": trails } },
    });
    expect(Statement.slice(4)).toEqual([
      {
        Sid: "ReadersGetLogs",
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::acme-cloudtrail-logs/AWSLogs/*",
        ...readers,
      },
      {
        Sid: "ReadersListBucket",
        Action: ["s3:ListBucket", "s3:GetBucketLocation"],
        Resource: "arn:aws:s3:::acme-cloudtrail-logs",
        ...readers,
      },
    ]);
  });

  it("is closed to all but TLS as long as nothing is granted", () => {
    const template = synthTemplate((stack) => createBucket(stack));
    expect(template.policy("aws_s3_bucket_policy")).toMatchObject({
      Statement: [{ Sid: "DenyInsecureTransport" }],
    });
  });

  it.each<[string, (bucket: LogBucket) => void, RegExp]>([
    [
      "trails without their accounts",
      (bucket) => bucket.grantWrite({ trailArns: [TRAIL], trailAccountIds: [] }),
      /trailAccountIds is \[\]/,
    ],
    [
      "a second organization",
      (bucket) => {
        const writers = { trailArns: [TRAIL], trailAccountIds: ["111111111111"] };
        bucket.grantWrite({ ...writers, organizationId: "o-a1b2c3d4e5" });
        bucket.grantWrite({ ...writers, organizationId: "o-zzzzzzzzzz" });
      },
      /organizationId is "o-zzzzzzzzzz": must be "o-a1b2c3d4e5".* Give each organization its own bucket/,
    ],
    [
      "readers without a role",
      (bucket) => bucket.grantRead({ accountId: "555555555555", roleArns: [] }),
      /roleArns is \[\]: must not be empty/,
    ],
    [
      "readers of nobody",
      (bucket) => bucket.grantRead({ accountId: "5", roleArns: ["arn:aws:iam::555555555555:role/r"] }),
      /accountId is "5"/,
    ],
    [
      "a reader's name",
      (bucket) => bucket.grantRead({ accountId: "555555555555", roleArns: ["siem"] }),
      /roleArns\[0\] is "siem"/,
    ],
  ])("refuses to grant %s", (_, grant, message) => {
    expect(() => synthTemplate((stack) => grant(createBucket(stack)))).toThrow(message);
  });

  it("tells name, ARN and region as AWS reports them", () => {
    const template = synthTemplate((stack) => {
      const bucket = createBucket(stack);
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
    const template = synthTemplate((stack) =>
      new LogBucket(stack, "log-bucket", {
        bucketName: variable(stack, "name"),
        accountId: variable(stack, "owner"),
        region: variable(stack, "region"),
        keyPrefix: variable(stack, "prefix"),
        key: existingKey(stack, variable(stack, "key")),
        partition: variable(stack, "partition"),
        transitionToGlacierAfterDays: numberVariable(stack, "transition"),
        expireAfterDays: numberVariable(stack, "expire"),
        noncurrentExpireAfterDays: numberVariable(stack, "noncurrent"),
      }).grantWrite({
        trailArns: [variable(stack, "trail")],
        trailAccountIds: [variable(stack, "account")],
        organizationId: variable(stack, "organization"),
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

  it.each<[string, (stack: TerraformStack) => Partial<LogBucketProps>]>([
    [
      "an expiry below the default transition, and a transition that Terraform resolves",
      (stack) => ({ expireAfterDays: 60, transitionToGlacierAfterDays: numberVariable(stack, "transition") }),
    ],
    [
      "a transition above the default expiry, and an expiry that Terraform resolves",
      (stack) => ({ expireAfterDays: numberVariable(stack, "expire"), transitionToGlacierAfterDays: 400 }),
    ],
  ])("does not judge %s by the default of the other", (_, props) => {
    const template = synthTemplate((stack) => createBucket(stack, props(stack)));
    expect(template.resourceCounts()).toMatchObject({ aws_s3_bucket_lifecycle_configuration: 1 });
  });

  it("does not collide with a second one in the same stack", () => {
    const template = synthTemplate((stack) => {
      createBucket(stack, {}, "one");
      createBucket(stack, {}, "two");
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

  it.each<[string, Settings, RegExp]>([
    ["capitals in the name", { bucketName: "Logs" }, /bucketName is "Logs": must be a bucket name/],
    ["a name like an address", { bucketName: "192.168.0.1" }, /bucketName is "192.168.0.1"/],
    ["two dots in the name", { bucketName: "a..b" }, /bucketName is "a..b"/],
    ["a reserved ending", { bucketName: "logs-s3alias" }, /bucketName is "logs-s3alias"/],
    ["something else than a trail", { trailArns: ["vectra-cdr"] }, /trailArns\[0\] is "vectra-cdr"/],
    ["no trail", { trailArns: [] }, /trailArns is \[\]: must not be empty. Name the trails/],
    ["11 digits", { trailAccountIds: ["11111111111"] }, /trailAccountIds\[0\] is "11111111111".*12 digits/],
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
      { keyArn: "arn:aws:kms:eu-west-1:222222222222:alias/logs" },
      /keyArn is ".*alias\/logs": must be a key ARN/,
    ],
    ["half a day", { noncurrentExpireAfterDays: 0.5 }, /noncurrentExpireAfterDays is 0.5: must be a whole/],
    ["no day", { transitionToGlacierAfterDays: 0 }, /transitionToGlacierAfterDays is 0/],
    ["a negative age", { expireAfterDays: -1 }, /expireAfterDays is -1/],
    [
      "expiry before the move",
      { expireAfterDays: 90 },
      /expireAfterDays is 90: logs would expire on the day they move to Glacier \(90 days\)\. Raise expireAfterDays or lower transitionToGlacierAfterDays\./,
    ],
    [
      "a lock that nobody could ever open",
      { objectLock: { mode: "COMPLIANCE", days: 30 }, retain: false },
      /objectLock\.mode is "COMPLIANCE": no one can delete logs locked in COMPLIANCE mode, but retain: false .* Choose GOVERNANCE, or remove retain: false/,
    ],
    [
      "a lock that outlasts the logs",
      { objectLock: { mode: "GOVERNANCE", days: 366 } },
      /objectLock\.days is 366: logs would be locked \(366 days\) for longer than they are kept \(365 days\)\. Lower objectLock\.days or raise expireAfterDays/,
    ],
    [
      "a lock of no day",
      { objectLock: { mode: "GOVERNANCE", days: 0 } },
      /objectLock\.days is 0: must be a whole number of days from 1 to 36500/,
    ],
    [
      "access logs into itself",
      { accessLogs: { bucketName: "acme-cloudtrail-logs" } },
      /accessLogs\.bucketName is "acme-cloudtrail-logs": must not be the log bucket itself.* Use another bucket/,
    ],
    ["access logs into no bucket", { accessLogs: { bucketName: "B" } }, /accessLogs\.bucketName is "B"/],
    [
      "a key of another region",
      { region: "us-east-1" },
      /key is "arn:aws:kms:eu-west-1.*the key is in eu-west-1, but what it encrypts is in us-east-1\. Use a key in us-east-1, or correct region/,
    ],
    ["no region", { region: "Ireland" }, /region is "Ireland"/],
    ["an account of 11 digits", { accountId: "22222222222" }, /accountId is "22222222222"/],
    ["an unknown partition", { partition: "azure" }, /partition is "azure"/],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });

  it("says where the mistake is", () => {
    expect(() => synth({ bucketName: "Logs" })).toThrow(/^stack\/log-bucket: /);
  });
});
