import { describe, expect, it } from "vitest";
import { onlyDiagnosticOf } from "../errors.js";
import { securityLakeFile as file, synthSecurityLake as synth } from "../security-lake-deployment.js";
import { only, type StackJson } from "../synthesized.js";

const KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
const BOUNDARY = "arn:aws:iam::333333333333:policy/boundary";

const SOURCE_STEP = {
  what:
    "Before you apply, make sure that Security Lake has its lake in account 333333333333 (the organization's delegated " +
    "administrator) and collects in eu-west-1, and that the principal that applies is a data lake administrator in " +
    "Lake Formation there: Security Lake creates the source's table with its permissions.",
  text: "aws securitylake list-data-lakes --regions eu-west-1\naws lakeformation get-data-lake-settings --region eu-west-1",
};

function environment(stack: StackJson): Record<string, string> {
  const { variables } = only(stack, "aws_lambda_function")["environment"] as {
    variables: Record<string, string>;
  };
  return variables;
}

describe("GIVEN tenants with options", () => {
  it("WHEN they are synthesized THEN the function is told those that are set, and no other", () => {
    const { stack } = synth(
      file({
        tenants: `      - name: acme
        url: https://123123123123.uw2.portal.vectra.ai
        api: v3.3
        profile: security-finding-1.1
        rawData: true
        filters: { accounts: all, prioritizedOnly: true, minimumSeverity: High }
        partitionBy: event
        assignmentRequired: true
        accumulate: { maxAgeSeconds: 600, maxEvents: 5000 }
      - name: globex
        url: https://456456456456.uw2.portal.vectra.ai`,
      }),
    );

    expect(JSON.parse(environment(stack)["TENANTS"] ?? "")).toEqual([
      {
        name: "acme",
        url: "https://123123123123.uw2.portal.vectra.ai",
        secretArn: "${aws_secretsmanager_secret.exporter_client-secret-acme_secret.arn}",
        partitionAccountId: "333333333333",
        includeScoreDecreases: true,
        start: "beginning",
        api: "v3.3",
        profile: "security-finding-1.1",
        rawData: true,
        partitionBy: "event",
        assignmentRequired: true,
        accumulate: { maxAgeSeconds: 600, maxEvents: 5000 },
        filters: { accounts: "all", prioritizedOnly: true, minimumSeverity: "High" },
      },
      {
        name: "globex",
        url: "https://456456456456.uw2.portal.vectra.ai",
        secretArn: "${aws_secretsmanager_secret.exporter_client-secret-globex_secret.arn}",
        partitionAccountId: "333333333333",
        includeScoreDecreases: true,
        start: "beginning",
      },
    ]);
  });

  it.each([
    ["", "SECURITY_FINDING"],
    [", profile: vectra", "SECURITY_FINDING"],
    [", profile: security-finding-1.1", "SECURITY_FINDING"],
    [", profile: detection-finding-1.3", "DETECTION_FINDING"],
  ])("WHEN the profile is '%s' THEN the custom source is registered for %s", (profile, eventClass) => {
    const { stack } = synth(
      file({ tenants: `      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai${profile} }` }),
    );

    expect(only(stack, "aws_securitylake_custom_log_source")["event_classes"]).toEqual([eventClass]);
  });
});

describe("GIVEN an exporter with options", () => {
  it("WHEN it is synthesized THEN each is where it belongs", () => {
    const { stack } = synth(
      file({
        source: `, permissionsBoundary: "${BOUNDARY}"`,
        exporter: `memorySize: 1024
    timeoutSeconds: 600
    architecture: x86_64
    logLevel: WARN
    reservedConcurrentExecutions: 2
    permissionsBoundary: ${BOUNDARY}
    tracing: true
    vpc: { subnetIds: [subnet-0123456789abcdef0], securityGroupIds: [sg-0123456789abcdef0] }
    lagThresholdSeconds: 3600
    dashboard: true
    savedQueries: true`,
      }),
    );

    expect(only(stack, "aws_lambda_function")).toMatchObject({
      memory_size: 1024,
      timeout: 600,
      architectures: ["x86_64"],
      reserved_concurrent_executions: 2,
      tracing_config: { mode: "Active" },
      vpc_config: {
        subnet_ids: ["subnet-0123456789abcdef0"],
        security_group_ids: ["sg-0123456789abcdef0"],
      },
    });
    expect(environment(stack)["POWERTOOLS_LOG_LEVEL"]).toBe("WARN");
    expect(
      Object.values(stack.resource["aws_iam_role"] ?? {}).map((role) => role["permissions_boundary"]),
    ).toEqual([BOUNDARY, BOUNDARY, BOUNDARY]);
    expect(stack.resource["aws_cloudwatch_metric_alarm"]?.["exporter_alarms_lag-acme"]?.["threshold"]).toBe(
      3600,
    );
    expect(only(stack, "aws_cloudwatch_dashboard")["dashboard_name"]).toBe("vectra-cdr-exporter");
    expect(Object.keys(stack.resource["aws_cloudwatch_query_definition"] ?? {})).toHaveLength(4);
  });

  it("WHEN it has Athena queries THEN they are over the source's own table, and CloudTrail's beside it", () => {
    const { stack } = synth(
      file({
        exporter: "athenaQueries: { workgroup: analysts, cloudTrailTable: cloud_trail_mgmt_2_0 }",
        tenants:
          "      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, profile: detection-finding-1.3 }",
      }),
    );
    const queries = stack.resource["aws_athena_named_query"] ?? {};
    const source = "aws_securitylake_custom_log_source.custom-source_source.attributes[0]";
    const database = `\${basename(${source}.database_arn)}`;

    expect(Object.keys(queries).toSorted()).toEqual([
      "exporter_athena-queries_accounts-that-rose-most-detection-finding-1-3",
      "exporter_athena-queries_cloudtrail-activity-detection-finding-1-3",
      "exporter_athena-queries_new-criticals-today-detection-finding-1-3",
      "exporter_athena-queries_time-to-assignment-detection-finding-1-3",
    ]);
    expect(queries["exporter_athena-queries_cloudtrail-activity-detection-finding-1-3"]).toMatchObject({
      name: "vectra-cdr-exporter: API calls around high and critical findings of 7 days (detection-finding-1.3)",
      workgroup: "analysts",
      database,
      query: expect.stringContaining(`JOIN "${database}"."cloud_trail_mgmt_2_0" trail`),
    });
  });

  it("WHEN it has backfills THEN a state machine is made, and an output says how to start it", () => {
    const { stack } = synth(file({ exporter: "backfill: {}" }));

    expect(only(stack, "aws_sfn_state_machine")["name"]).toBe("vectra-cdr-exporter-backfill");
    expect(only(stack, "aws_sfn_state_machine")["definition"]).toContain('"MaxConcurrency":4');
    expect(stack.output["backfill_state_machine_arn"]).toEqual({
      value: "${aws_sfn_state_machine.exporter_backfill_state-machine.arn}",
      description: expect.stringContaining(
        `aws stepfunctions start-execution --region eu-west-1 --state-machine-arn <this> --input '{"tenant": "acme", "windows": [`,
      ),
    });
  });

  it("WHEN it has neither THEN there are neither queries, nor a state machine, nor its output", () => {
    const { stack } = synth(file({}));

    expect(stack.resource["aws_athena_named_query"]).toBeUndefined();
    expect(stack.resource["aws_sfn_state_machine"]).toBeUndefined();
    expect(stack.output["backfill_state_machine_arn"]).toBeUndefined();
  });

  it("WHEN it has a customer key THEN a person is told the statement that the key's policy needs", () => {
    const { stack, summary } = synth(file({ exporter: `kmsKeyArn: ${KEY}` }));

    expect(only(stack, "aws_lambda_function")["kms_key_arn"]).toBe(KEY);
    expect(only(stack, "aws_sqs_queue")["kms_master_key_id"]).toBe(KEY);
    expect(summary?.toDo).toEqual([
      SOURCE_STEP,
      {
        what:
          `Before you apply, add this statement to the policy of the key ${KEY}, so that CloudWatch Logs may ` +
          "encrypt the exporter's log group with it.",
        text: expect.stringContaining('"Service": "logs.eu-west-1.amazonaws.com"'),
      },
    ]);
  });

  it("WHEN its alarms notify topics THEN a person is told what each topic's and its key's policy must say", () => {
    const topic = "arn:aws:sns:eu-west-1:333333333333:alerts";
    const { summary } = synth(file({ exporter: `alarmActions: [${topic}]` }));
    const steps = summary?.toDo.slice(1) ?? [];

    expect(summary?.toDo[0]).toEqual(SOURCE_STEP);
    expect(steps.map(({ what }) => what)).toEqual([
      `To let CloudWatch publish the exporter's alarms to ${topic}, add this statement to the topic's policy. The ` +
        "default policy of a new topic already allows it within the account.",
      `If ${topic} is encrypted, use a customer key and add this statement to the key's policy. The AWS-managed key ` +
        "alias/aws/sns cannot be used: its policy does not allow CloudWatch and cannot be changed.",
    ]);
    const alarms = "arn:aws:cloudwatch:eu-west-1:333333333333:alarm:vectra-cdr-exporter-*";
    expect(steps.map(({ text }) => JSON.parse(text ?? ""))).toEqual([
      {
        Sid: "CloudWatchPublishesAlarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topic,
        Condition: {
          StringEquals: { "aws:SourceAccount": "333333333333" },
          ArnLike: { "aws:SourceArn": alarms },
        },
      },
      {
        Sid: "CloudWatchEncryptsAlarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
        Resource: "*",
        Condition: {
          StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topic },
          StringEqualsIfExists: { "aws:SourceAccount": "333333333333" },
          ArnLikeIfExists: { "aws:SourceArn": alarms },
        },
      },
    ]);
  });

  it("WHEN it has none THEN a person is told what the custom source needs, and nothing else", () => {
    expect(synth(file({})).summary?.toDo).toEqual([SOURCE_STEP]);
  });

  it("WHEN the key lies elsewhere THEN it is refused", () => {
    const text = file({ exporter: "kmsKeyArn: arn:aws:kms:us-east-1:333333333333:key/1" });

    expect(onlyDiagnosticOf(text)).toMatchObject({
      line: 10,
      field: "securityLake.exporter.kmsKeyArn",
      problem: "the key is in us-east-1, but what it encrypts is in eu-west-1",
    });
  });
});

describe("GIVEN an option that cannot be THEN the error says where, what, what is allowed and what to do", () => {
  it.each([
    {
      what: "profiles of two event classes",
      text: file({
        tenants: `      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai }
      - name: globex
        url: https://456456456456.uw2.portal.vectra.ai
        profile: detection-finding-1.3`,
      }),
      line: 15,
      column: 18,
      field: "securityLake.exporter.tenants[1].profile",
      problem:
        "writes DETECTION_FINDING, but exporter.tenants[0].profile writes SECURITY_FINDING, and a source holds one event class",
      allowed: "a profile that writes SECURITY_FINDING",
      remedy:
        "Choose a profile that writes SECURITY_FINDING, or export this tenant to its own source, in another deployment.",
    },
    {
      what: "a tenant whose default profile is of another event class",
      text: file({
        tenants: `      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, profile: detection-finding-1.3 }
      - { name: globex, url: https://456456456456.uw2.portal.vectra.ai }`,
      }),
      line: 13,
      column: 9,
      field: "securityLake.exporter.tenants[1].profile",
      problem:
        "the default profile, vectra, writes SECURITY_FINDING, but exporter.tenants[0].profile writes DETECTION_FINDING, and a source holds one event class",
      allowed: "a profile that writes DETECTION_FINDING",
    },
    {
      what: "an unknown profile",
      text: file({
        tenants: "      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, profile: ocsf }",
      }),
      line: 12,
      field: "securityLake.exporter.tenants[0].profile",
      problem: "ocsf is not valid",
      allowed: "vectra, security-finding-1.1, detection-finding-1.3",
    },
    {
      what: "a version of the API that there is not",
      text: file({
        tenants: "      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, api: v2.5 }",
      }),
      line: 12,
      field: "securityLake.exporter.tenants[0].api",
      allowed: "v3.4, v3.3, v3.2, v3.1, v3.0, v3",
    },
    {
      what: "a severity in lower case",
      text: file({
        tenants:
          "      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, filters: { minimumSeverity: high } }",
      }),
      line: 12,
      field: "securityLake.exporter.tenants[0].filters.minimumSeverity",
      allowed: "Low, Medium, High, Critical",
    },
    {
      what: "events that wait longer than the alarm on lag allows",
      text: file({
        exporter: "lagThresholdSeconds: 3600",
        tenants:
          "      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, accumulate: { maxAgeSeconds: 3001, maxEvents: 10000 } }",
      }),
      line: 12,
      column: 100,
      field: "securityLake.exporter.tenants[0].accumulate.maxAgeSeconds",
      problem:
        "events may wait 3001 seconds, but the lag alarm goes off at 3600 seconds and needs a margin of 600",
      allowed: "at most 3000 seconds",
      remedy: "Set lagThresholdSeconds to 3601 or more, or lower tenants[0].accumulate.maxAgeSeconds.",
    },
    {
      what: "events that wait longer than the alarm on lag allows by default",
      text: file({
        tenants:
          "      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, accumulate: { maxAgeSeconds: 1201, maxEvents: 1 } }",
      }),
      line: 12,
      field: "securityLake.exporter.tenants[0].accumulate.maxAgeSeconds",
      problem:
        "events may wait 1201 seconds, but the lag alarm goes off at 1800 seconds and needs a margin of 600",
    },
    {
      what: "an accumulation that never ends",
      text: file({
        tenants:
          "      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, accumulate: { maxAgeSeconds: 60, maxEvents: 10001 } }",
      }),
      line: 12,
      field: "securityLake.exporter.tenants[0].accumulate.maxEvents",
      allowed: "a whole number from 1 to 10000, without quotes",
    },
    {
      what: "an accumulation by age alone",
      text: file({
        tenants:
          "      - { name: acme, url: https://123123123123.uw2.portal.vectra.ai, accumulate: { maxAgeSeconds: 60 } }",
      }),
      line: 12,
      field: "securityLake.exporter.tenants[0].accumulate.maxEvents",
      problem: "is missing",
    },
    {
      what: "as many slices at once as there are reserved runs",
      text: file({
        exporter: `reservedConcurrentExecutions: 6
    backfill: { maxConcurrency: 6 }`,
      }),
      line: 11,
      column: 33,
      field: "securityLake.exporter.backfill.maxConcurrency",
      problem: "6 slices at once would use all 6 reserved runs, and the live export would wait",
      allowed: "fewer slices than reservedConcurrentExecutions (6)",
      remedy:
        "Raise reservedConcurrentExecutions to 6 and one more for each tenant, or lower backfill.maxConcurrency.",
    },
    {
      what: "by default as many slices at once as there are reserved runs",
      text: file({
        exporter: `reservedConcurrentExecutions: 4
    backfill: {}`,
      }),
      line: 11,
      column: 5,
      field: "securityLake.exporter.backfill.maxConcurrency",
      problem: "4 slices at once would use all 4 reserved runs, and the live export would wait",
    },
    {
      what: "more slices at once than are allowed",
      text: file({ exporter: "backfill: { maxConcurrency: 101 }" }),
      line: 10,
      field: "securityLake.exporter.backfill.maxConcurrency",
      allowed: "a whole number from 1 to 100, without quotes",
    },
    {
      what: "CloudTrail joined to records that name no AWS identity",
      text: file({ exporter: "athenaQueries: { cloudTrailTable: cloud_trail_mgmt_2_0 }" }),
      line: 10,
      column: 39,
      field: "securityLake.exporter.athenaQueries.cloudTrailTable",
      problem: "cannot be joined: records of profile vectra contain neither AWS accounts nor identities",
      allowed: "a table, if a tenant uses a profile other than vectra",
      remedy: "Omit athenaQueries.cloudTrailTable, or choose a strict profile for a tenant.",
    },
    {
      what: "a table's name with its database",
      text: file({ exporter: "athenaQueries: { cloudTrailTable: db/table }" }),
      line: 10,
      field: "securityLake.exporter.athenaQueries.cloudTrailTable",
      allowed: "1 to 255 lower-case letters, digits and _.:-",
    },
    {
      what: "a workgroup that cannot be",
      text: file({ exporter: "athenaQueries: { workgroup: all analysts }" }),
      line: 10,
      field: "securityLake.exporter.athenaQueries.workgroup",
      allowed: "1 to 128 letters, digits and ._-",
      remedy: 'Copy it from the Athena console. Or omit it for the default, "primary".',
    },
    {
      what: "too little memory",
      text: file({ exporter: "memorySize: 64" }),
      line: 10,
      column: 17,
      field: "securityLake.exporter.memorySize",
      allowed: "a whole number from 128 to 10240, without quotes",
    },
    {
      what: "a time limit beyond Lambda's",
      text: file({ exporter: "timeoutSeconds: 901" }),
      line: 10,
      column: 21,
      field: "securityLake.exporter.timeoutSeconds",
      allowed: "a whole number from 60 to 900, without quotes",
    },
    {
      what: "a time limit in which a run could take no window",
      text: file({ exporter: "timeoutSeconds: 59" }),
      line: 10,
      column: 21,
      field: "securityLake.exporter.timeoutSeconds",
      allowed: "a whole number from 60 to 900, without quotes",
    },
    {
      what: "a key's alias",
      text: file({ exporter: "kmsKeyArn: alias/exporter" }),
      line: 10,
      column: 16,
      field: "securityLake.exporter.kmsKeyArn",
      allowed: "arn:aws:kms:<region>:<12 digits>:key/<id>",
      remedy:
        'Read the ARN of the key, not of its alias, with "aws kms describe-key --key-id alias/<name>" (Arn).',
    },
    {
      what: "a VPC without subnets",
      text: file({ exporter: "vpc: { subnetIds: [], securityGroupIds: [sg-0123456789abcdef0] }" }),
      line: 10,
      column: 12,
      field: "securityLake.exporter.vpc.subnetIds",
      problem: "has 0 entries",
    },
    {
      what: "a subnet's name",
      text: file({
        exporter: "vpc: { subnetIds: [private-a], securityGroupIds: [sg-0123456789abcdef0] }",
      }),
      line: 10,
      column: 24,
      field: "securityLake.exporter.vpc.subnetIds[0]",
      allowed: '"subnet-" and 8 to 17 hexadecimal digits',
    },
    {
      what: "a boundary of another account",
      text: file({ exporter: "permissionsBoundary: arn:aws:iam::999999999999:policy/boundary" }),
      line: 10,
      column: 26,
      field: "securityLake.exporter.permissionsBoundary",
      problem: "the policy is in account 999999999999, but the role is in 333333333333",
      allowed: "a policy in account 333333333333, or an AWS managed policy",
    },
    {
      what: "a crawler's boundary of another account",
      text: file({ source: ', permissionsBoundary: "arn:aws:iam::999999999999:policy/boundary"' }),
      line: 8,
      field: "securityLake.customSource.create.permissionsBoundary",
      allowed: "a policy in account 333333333333, or an AWS managed policy",
    },
  ])("$what", ({ what: _, text, ...expected }) => {
    expect(onlyDiagnosticOf(text)).toMatchObject({ file: "deployment.yaml", ...expected });
  });
});
