import { describe, expect, it } from "vitest";
import { cloudTrailFile } from "../cloudtrail-deployment.js";
import { only, statementsOf, synthesized } from "../synthesized.js";

const OWN_TRAIL = "arn:aws:cloudtrail:eu-west-1:222222222222:trail/vectra-cdr";

describe("GIVEN one account for everything", () => {
  it("WHEN it is synthesized THEN all of it is one stack, and the trail waits for the policies", () => {
    const { summaries, stacks } = synthesized(cloudTrailFile());

    expect(summaries.map(({ id, accountId, purpose }) => [id, accountId, purpose])).toEqual([
      [
        "log-archive",
        "222222222222",
        "trail vectra-cdr, bucket vectra-cdr-logs-222222222222-eu-west-1, key vectra-cdr-logs, topic vectra-cdr-logs, role vectra-cdr-log-reader for Vectra",
      ],
    ]);
    expect(only(stacks["log-archive"], "aws_cloudtrail")).toMatchObject({
      name: "vectra-cdr",
      is_organization_trail: false,
      is_multi_region_trail: true,
      enable_log_file_validation: true,
      kms_key_id: "${aws_kms_key.log-key_key.arn}",
      sns_topic_name: "vectra-cdr-logs",
      depends_on: expect.arrayContaining([
        "aws_s3_bucket_policy.log-bucket_policy",
        "aws_sns_topic_policy.topic_policy",
      ]),
    });
  });

  it("THEN bucket, key and topic let exactly this trail in", () => {
    const { "log-archive": stack } = synthesized(cloudTrailFile()).stacks;

    expect(
      statementsOf(only(stack, "aws_s3_bucket_policy")["policy"])["CloudTrailWritesAccountLogs"],
    ).toEqual({
      Sid: "CloudTrailWritesAccountLogs",
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: ["arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/AWSLogs/222222222222/*"],
      Condition: {
        StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": [OWN_TRAIL] },
      },
    });
    expect(statementsOf(only(stack, "aws_sns_topic_policy")["policy"])["CloudTrailPublishes"]).toMatchObject({
      Condition: { StringEquals: { "aws:SourceArn": [OWN_TRAIL] } },
    });
    expect(statementsOf(only(stack, "aws_kms_key")["policy"])["CloudTrailEncryptsLogs"]).toMatchObject({
      Condition: { StringEquals: { "aws:SourceArn": [OWN_TRAIL] } },
    });
  });

  it("THEN one output holds the three values for the Vectra UI as text", () => {
    const { "log-archive": stack } = synthesized(cloudTrailFile()).stacks;

    expect(stack?.output["vectra_ui_values"]?.value).toBe(
      "Paste these three values into the Vectra UI:\n" +
        "  Role ARN:  ${aws_iam_role.vectra-role_role.arn}\n" +
        "  S3 bucket: ${aws_s3_bucket.log-bucket_bucket.bucket} (eu-west-1)\n" +
        "  SNS topic: ${aws_sns_topic.topic_topic.arn}\n",
    );
  });
});

describe("GIVEN member accounts with a trail each", () => {
  const text = cloudTrailFile({
    accounts:
      '{ logArchive: { id: "222222222222" }, membersAssumeRole: { roleName: terraform, path: /ci/, externalId: ours }, ' +
      'members: [{ id: "555555555551" }, { id: "222222222222", assumeRole: { roleArn: "arn:aws:iam::222222222222:role/own" } }] }',
  });

  it("WHEN it is synthesized THEN each has a small stack that comes after the log archive", () => {
    const { summaries, dependencies } = synthesized(text);

    expect(summaries.map(({ id, accountId }) => [id, accountId])).toEqual([
      ["log-archive", "222222222222"],
      ["member-555555555551", "555555555551"],
      ["member-222222222222", "222222222222"],
    ]);
    expect(dependencies).toEqual({
      "log-archive": [],
      "member-555555555551": ["log-archive"],
      "member-222222222222": ["log-archive"],
    });
  });

  it("THEN Terraform assumes the members' role, or a member's own", () => {
    const { stacks } = synthesized(text);

    expect(stacks["member-555555555551"]?.provider.aws[0]).toMatchObject({
      allowed_account_ids: ["555555555551"],
      assume_role: [{ role_arn: "arn:aws:iam::555555555551:role/ci/terraform", external_id: "ours" }],
    });
    expect(stacks["member-222222222222"]?.provider.aws[0]).toMatchObject({
      assume_role: [{ role_arn: "arn:aws:iam::222222222222:role/own" }],
    });
  });

  it("THEN bucket and key know every member, and a trail beside the topic names it", () => {
    const { stacks } = synthesized(text);
    const trails = [
      "arn:aws:cloudtrail:eu-west-1:555555555551:trail/vectra-cdr",
      "arn:aws:cloudtrail:eu-west-1:222222222222:trail/vectra-cdr",
    ];

    const bucket = statementsOf(only(stacks["log-archive"], "aws_s3_bucket_policy")["policy"]);
    expect(bucket["CloudTrailWritesAccountLogs"]).toMatchObject({
      Resource: [
        "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/AWSLogs/555555555551/*",
        "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/AWSLogs/222222222222/*",
      ],
      Condition: { StringEquals: { "aws:SourceArn": trails } },
    });
    const key = statementsOf(only(stacks["log-archive"], "aws_kms_key")["policy"]);
    expect(key["AccountsDescribeKey"]).toMatchObject({
      Principal: { AWS: ["arn:aws:iam::555555555551:root", "arn:aws:iam::222222222222:root"] },
    });
    expect(only(stacks["member-555555555551"], "aws_cloudtrail")).toMatchObject({
      is_organization_trail: false,
      kms_key_id: "${data.aws_kms_key.log-key.arn}",
      sns_topic_name: "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs",
    });
    expect(only(stacks["member-222222222222"], "aws_cloudtrail")).toMatchObject({
      sns_topic_name: "vectra-cdr-logs",
    });
  });
});

describe("GIVEN parts alone", () => {
  it("WHEN only the Brain's way out is described THEN only its stack is made, in the region of its network", () => {
    const { summaries } = synthesized(
      'name: vectra-cdr\nregion: eu-west-1\naccounts: { single: { id: "222222222222" } }\n' +
        "brainEgress: { region: eu-central-1, dataSourceRegions: [eu, ch], securityGroupIds: [sg-0123456789abcdef0] }\n",
    );

    expect(summaries.map(({ id, region, resources }) => [id, region, resources])).toEqual([
      ["brain", "eu-central-1", { aws_ec2_managed_prefix_list: 1, aws_vpc_security_group_egress_rule: 1 }],
    ]);
  });
});
