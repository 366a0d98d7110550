import { describe, expect, it } from "vitest";
import { cloudTrailFile } from "../cloudtrail-deployment.js";
import { only, statementsOf, synthesized } from "../synthesized.js";

describe("GIVEN settings of the trail", () => {
  it("WHEN everything is asked for THEN the trail has it, and a log group with its role", () => {
    const { stacks } = synthesized(
      cloudTrailFile({
        trail:
          "{ create: { multiRegion: false, insights: [ApiCallRateInsight], " +
          "events: { managementEvents: write, excludeKmsEvents: false, excludeRdsDataApiEvents: true, s3DataEvents: { allBut: [{ bucketName: scratch }] }, s3DataEventAccess: write }, " +
          "cloudWatchLogs: { logGroupName: /audit, retentionDays: 30, role: { name: audit, path: /a/ } } } }",
      }),
    );
    const stack = stacks["log-archive"];

    expect(only(stack, "aws_cloudtrail")).toMatchObject({
      is_multi_region_trail: false,
      insight_selector: [{ insight_type: "ApiCallRateInsight" }],
      advanced_event_selector: [
        {
          field_selector: [
            { field: "eventCategory", equals: ["Management"] },
            { field: "eventSource", not_equals: ["rdsdata.amazonaws.com"] },
            { field: "readOnly", equals: ["false"] },
          ],
        },
        {
          field_selector: [
            { field: "eventCategory", equals: ["Data"] },
            { field: "resources.type", equals: ["AWS::S3::Object"] },
            { field: "readOnly", equals: ["false"] },
            {
              field: "resources.ARN",
              not_starts_with: [
                "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/",
                "arn:aws:s3:::scratch/",
              ],
            },
          ],
        },
      ],
    });
    expect(only(stack, "aws_cloudwatch_log_group")).toMatchObject({ name: "/audit", retention_in_days: 30 });
    expect(
      Object.values(stack?.resource["aws_iam_role"] ?? {}).map(({ name, path }) => [name, path]),
    ).toEqual([
      ["audit", "/a/"],
      ["vectra-cdr-log-reader", "/"],
    ]);
  });
});

describe("GIVEN settings of bucket, topic and role", () => {
  it("WHEN they are synthesized THEN they arrive", () => {
    const { stacks } = synthesized(
      cloudTrailFile({
        logBucket:
          "{ create: { objectLock: { mode: GOVERNANCE, days: 30 }, accessLogs: { bucketName: our-access-logs, prefix: cdr/ } } }",
        topic:
          '{ create: { subscription: { protocols: [sqs], endpoints: ["arn:aws:sqs:*:999999999999:*"] } } }',
        role: '{ create: { maxSessionSeconds: 7200, readDigests: true, readInsights: true, listLogsOnly: true, vectraPrincipalArn: "arn:aws:iam::999999999999:role/reader" } }',
      }),
    );
    const stack = stacks["log-archive"];

    expect(only(stack, "aws_s3_bucket_object_lock_configuration")).toMatchObject({
      rule: { default_retention: { mode: "GOVERNANCE", days: 30 } },
    });
    expect(only(stack, "aws_s3_bucket_logging")).toMatchObject({
      target_bucket: "our-access-logs",
      target_prefix: "cdr/",
    });
    expect(statementsOf(only(stack, "aws_sns_topic_policy")["policy"])["VectraSubscribes"]).toMatchObject({
      Condition: {
        StringEquals: { "sns:Protocol": ["sqs"] },
        StringLike: { "sns:Endpoint": ["arn:aws:sqs:*:999999999999:*"] },
      },
    });
    const role = only(stack, "aws_iam_role");
    expect(role["max_session_duration"]).toBe(7200);
    expect(statementsOf(only(stack, "aws_iam_role_policy")["policy"])).toMatchObject({
      ReadLogs: {
        Resource: [
          "${aws_s3_bucket.log-bucket_bucket.arn}/AWSLogs/*/CloudTrail/*",
          "${aws_s3_bucket.log-bucket_bucket.arn}/AWSLogs/*/CloudTrail-Digest/*",
          "${aws_s3_bucket.log-bucket_bucket.arn}/AWSLogs/*/CloudTrail-Insight/*",
        ],
      },
      ListLogs: { Condition: { StringLike: { "s3:prefix": "AWSLogs/*" } } },
    });
    expect(JSON.stringify(role["assume_role_policy"])).toContain("arn:aws:iam::999999999999:role/reader");
  });

  it("WHEN statements of one's own reach beyond the bucket THEN the summary warns", () => {
    const role = (resource: string) =>
      cloudTrailFile({
        role: `{ create: { policyStatements: [{ Sid: Read, Effect: Allow, Action: "s3:GetObject", Resource: "${resource}" }] } }`,
      });

    const narrow = synthesized(role("arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/*")).summaries;
    const wide = synthesized(role("arn:aws:s3:::*")).summaries;
    const writing = synthesized(
      cloudTrailFile({
        role: '{ create: { policyStatements: [{ Effect: Allow, Action: "s3:ListBucket", Resource: "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1" }, { Effect: Allow, Action: ["s3:GetObject", "s3:DeleteObject"], Resource: "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/*" }] } }',
      }),
    ).summaries;

    expect(narrow[0]?.warnings).toEqual([]);
    expect(wide[0]?.warnings).toHaveLength(1);
    expect(wide[0]?.warnings[0]).toContain("policyStatements");
    expect(writing[0]?.warnings).toEqual([
      "cloudTrail.role.create.policyStatements[1] allows Vectra more than reading (s3:DeleteObject): " +
        '{"Effect":"Allow","Action":["s3:GetObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/*"}. ' +
        "Keep it only if the Vectra console shows it.",
    ]);
  });

  it("WHEN an option of the default policy is beside statements of one's own THEN the summary warns", () => {
    const { summaries } = synthesized(
      cloudTrailFile({
        role: '{ create: { listLogsOnly: true, policyStatements: [{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::vectra-cdr-logs-222222222222-eu-west-1/*" }] } }',
      }),
    );

    expect(summaries[0]?.warnings).toEqual([
      "cloudTrail.role.create.listLogsOnly has no effect: policyStatements replaces the default policy. " +
        "Remove listLogsOnly, or change the statements instead.",
    ]);
  });
});
