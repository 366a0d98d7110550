import { describe, expect, it } from "vitest";
import { cloudTrailFile } from "../cloudtrail-deployment.js";
import { onlyDiagnosticOf } from "../errors.js";
import { only, synthesized } from "../synthesized.js";

const ACCOUNTS = '{ cloudTrailAdministrator: { id: "333333333333" }, logArchive: { id: "222222222222" } }';
const ORGANIZATION = 'o-a1b2c3d4e5\n  organization: { managementAccountId: "111111111111" }';
const TRAIL = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/vectra-cdr";
const BUCKET = "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1";
const TOPIC = "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs";

const policyOf = (block: Readonly<Record<string, unknown>>) => JSON.parse(String(block["policy"]));

describe("GIVEN an organization trail of CloudTrail's delegated administrator", () => {
  const file = (parts = {}) => cloudTrailFile({ accounts: ACCOUNTS, organizationId: ORGANIZATION, ...parts });

  it("WHEN it is synthesized THEN the trail's stack is in the administrator's account, under its old id", () => {
    const { summaries, stacks } = synthesized(file());

    expect(summaries.map(({ id, accountId, purpose }) => [id, accountId, purpose])).toEqual([
      ["log-archive", "222222222222", expect.any(String)],
      [
        "management",
        "333333333333",
        "trail vectra-cdr of organization o-a1b2c3d4e5, in management account 111111111111",
      ],
    ]);
    expect(stacks["management"]?.provider.aws[0]).toMatchObject({ allowed_account_ids: ["333333333333"] });
    expect(only(stacks["management"], "aws_cloudtrail")).toMatchObject({
      name: "vectra-cdr",
      is_organization_trail: true,
      kms_key_id: "${data.aws_kms_key.log-key.arn}",
      sns_topic_name: TOPIC,
    });
  });

  it("THEN the bucket's policy names the management account in path and SourceArn", () => {
    const { "log-archive": stack } = synthesized(file()).stacks;

    expect(policyOf(only(stack, "aws_s3_bucket_policy"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [BUCKET, `${BUCKET}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "CloudTrailReadsAcl",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:GetBucketAcl",
          Resource: BUCKET,
          Condition: { StringEquals: { "aws:SourceArn": [TRAIL] } },
        },
        {
          Sid: "CloudTrailWritesAccountLogs",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: [`${BUCKET}/AWSLogs/111111111111/*`],
          Condition: {
            StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": [TRAIL] },
          },
        },
        {
          Sid: "CloudTrailWritesOrganizationLogs",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `${BUCKET}/AWSLogs/o-a1b2c3d4e5/*`,
          Condition: {
            StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": [TRAIL] },
          },
        },
      ],
    });
  });

  it("THEN the key's policy names it in SourceArn and encryption context, and lets the administrator look the key up", () => {
    const { "log-archive": stack } = synthesized(file()).stacks;
    const cloudTrail = { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" }, Resource: "*" };

    expect(policyOf(only(stack, "aws_kms_key"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AccountAdministersKey",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::222222222222:root" },
          Action: "kms:*",
          Resource: "*",
        },
        {
          ...cloudTrail,
          Sid: "CloudTrailEncryptsLogs",
          Action: "kms:GenerateDataKey*",
          Condition: {
            StringEquals: { "aws:SourceArn": [TRAIL] },
            StringLike: {
              "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111111111111:trail/*",
            },
          },
        },
        {
          ...cloudTrail,
          Sid: "CloudTrailDescribesKey",
          Action: "kms:DescribeKey",
          Condition: { StringEquals: { "aws:SourceArn": [TRAIL] } },
        },
        {
          ...cloudTrail,
          Sid: "CloudTrailUsesBucketKey",
          Action: "kms:Decrypt",
          Condition: { StringEquals: { "aws:SourceArn": [TRAIL] } },
        },
        {
          ...cloudTrail,
          Sid: "PublisherEncryptsNotifications",
          Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
          Condition: {
            StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": [TOPIC] },
            StringEqualsIfExists: { "aws:SourceArn": [TRAIL] },
          },
        },
        {
          Sid: "ReadersDecryptLogs",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::222222222222:root" },
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: {
            ArnEquals: { "aws:PrincipalArn": ["arn:aws:iam::222222222222:role/vectra-cdr-log-reader"] },
          },
        },
        {
          Sid: "AccountsDescribeKey",
          Effect: "Allow",
          Principal: { AWS: ["arn:aws:iam::333333333333:root"] },
          Action: "kms:DescribeKey",
          Resource: "*",
        },
      ],
    });
  });

  it("THEN the topic's policy names it in SourceArn", () => {
    const { "log-archive": stack } = synthesized(file()).stacks;
    const topic = "${aws_sns_topic.topic_topic.arn}";

    expect(policyOf(only(stack, "aws_sns_topic_policy"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyInsecureTransport",
          Effect: "Deny",
          Principal: "*",
          Action: ["sns:Publish", "sns:Subscribe"],
          Resource: topic,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "CloudTrailPublishes",
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topic,
          Condition: { StringEquals: { "aws:SourceArn": [TRAIL] } },
        },
        {
          Sid: "VectraSubscribes",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::999999999999:root" },
          Action: "sns:Subscribe",
          Resource: topic,
        },
      ],
    });
  });

  it("WHEN the administrator is the log archive, too THEN the topic is named by its ARN all the same", () => {
    const { stacks } = synthesized(file({ accounts: '{ single: { id: "222222222222" } }' }));

    expect(only(stacks["management"], "aws_cloudtrail")["sns_topic_name"]).toBe(TOPIC);
  });

  it("WHEN it also writes to CloudWatch Logs THEN group and role are the administrator's, and streams carry either account", () => {
    const { management } = synthesized(file({ trail: "{ create: { cloudWatchLogs: {} } }" })).stacks;
    const streams = "arn:aws:logs:eu-west-1:333333333333:log-group:/aws/cloudtrail/vectra-cdr:log-stream";

    expect(policyOf(only(management, "aws_iam_role_policy"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteEvents",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [
            `${streams}:333333333333_CloudTrail_eu-west-1*`,
            `${streams}:111111111111_CloudTrail_eu-west-1*`,
            `${streams}:o-a1b2c3d4e5_*`,
          ],
        },
      ],
    });
    expect(only(management, "aws_cloudtrail")["depends_on"]).toEqual([
      "aws_iam_role_policy.trail-log-group_policy",
    ]);
  });
});

describe("GIVEN accounts that do not fit a delegated administrator", () => {
  it.each([
    [
      "the management account itself",
      {
        accounts: '{ cloudTrailAdministrator: { id: "111111111111" }, logArchive: { id: "222222222222" } }',
        organizationId: ORGANIZATION,
      },
      "cloudTrail.organization.managementAccountId",
      /is the account that creates the trail/,
    ],
    [
      "a management account beside it",
      {
        accounts:
          '{ management: { id: "111111111111" }, cloudTrailAdministrator: { id: "333333333333" }, logArchive: { id: "222222222222" } }',
        organizationId: ORGANIZATION,
      },
      "accounts.management",
      /the delegated administrator creates the trail/,
    ],
    [
      "no administrator",
      { accounts: '{ logArchive: { id: "222222222222" } }', organizationId: ORGANIZATION },
      "accounts.cloudTrailAdministrator",
      /is required/,
    ],
    [
      "an administrator without the management account's id",
      {
        accounts:
          '{ management: { id: "111111111111" }, cloudTrailAdministrator: { id: "333333333333" }, logArchive: { id: "222222222222" } }',
        organizationId: "o-a1b2c3d4e5",
      },
      "accounts.cloudTrailAdministrator",
      /nothing would be deployed to this account/,
    ],
    [
      "the trail of one account",
      {
        organizationId: 'o-a1b2c3d4e5\n  organization: { managementAccountId: "111111111111" }',
        trail: '{ existing: { arn: "arn:aws:cloudtrail:eu-west-1:111111111111:trail/theirs" } }',
        logBucket: "{ existing: { name: our-logs } }",
        logKey: "",
        topic: '{ existing: { arn: "arn:aws:sns:eu-west-1:222222222222:t" } }',
      },
      "cloudTrail.organization.managementAccountId",
      /has no effect/,
    ],
  ])("WHEN there is %s THEN it is refused at its field", (_, parts, field, problem) => {
    expect(onlyDiagnosticOf(cloudTrailFile(parts))).toMatchObject({
      field,
      problem: expect.stringMatching(problem),
    });
  });
});
