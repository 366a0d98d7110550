import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Exporter,
  type ExporterProps,
  type ExporterTenant,
} from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { numberVariable, variable } from "../variable.js";

const PROVIDER_ROLE = "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1";
const LOCATION = "s3://aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-cdr/";
const HASH = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const QUEUE = "arn:aws:sqs:eu-west-1:333333333333:vectra-exporter-dead-letters";
const FUNCTION = "arn:aws:lambda:eu-west-1:333333333333:function:vectra-exporter";

const acme: ExporterTenant = {
  name: "acme",
  url: "https://123123123123.uw2.portal.vectra.ai",
  partitionAccountId: "333333333333",
};

let directory: string;
let required: ExporterProps;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "exporter bundle "));
  const zipPath = join(directory, "security-lake-exporter.zip");
  writeFileSync(zipPath, "zip");
  required = {
    name: "vectra-exporter",
    accountId: "333333333333",
    region: "eu-west-1",
    bundle: { zipPath, sourceCodeHash: HASH },
    tenants: [acme],
    lake: {
      location: LOCATION,
      region: "eu-west-1",
      roleArn: PROVIDER_ROLE,
      externalId: "0123456789abcdef",
    },
  };
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthTemplate((stack) => new Exporter(stack, "exporter", { ...required, ...props }));
}

function environment(template: Template): Record<string, string> {
  const { variables } = template.resource("aws_lambda_function")["environment"] as {
    variables: Record<string, string>;
  };
  return variables;
}

describe("Exporter", () => {
  it("is one function, table, queue and schedule group, with a secret and a schedule per tenant", () => {
    const globex = { ...acme, name: "globex" };
    expect(synth({ tenants: [acme, globex] }).resourceCounts()).toEqual({
      aws_cloudwatch_log_group: 1,
      aws_cloudwatch_metric_alarm: 4,
      aws_dynamodb_table: 1,
      aws_iam_role: 2,
      aws_iam_role_policy: 2,
      aws_lambda_function: 1,
      aws_lambda_function_event_invoke_config: 1,
      aws_scheduler_schedule: 2,
      aws_scheduler_schedule_group: 1,
      aws_secretsmanager_secret: 2,
      aws_sqs_queue: 1,
    });
  });

  it("tells names and ARNs", () => {
    const template = synthTemplate((stack) => {
      const exporter = new Exporter(stack, "exporter", required);
      const { functionName, functionArn, tableName, deadLetterQueueUrl, secretArns } = exporter;
      new TerraformOutput(stack, "all", {
        value: [functionName, functionArn, tableName, deadLetterQueueUrl, ...secretArns].join(" "),
      });
    });
    expect(template.text).toContain(
      [
        "${aws_lambda_function.exporter_function_lambda.function_name}",
        FUNCTION,
        "${aws_dynamodb_table.exporter_checkpoints_table.name}",
        "${aws_sqs_queue.exporter_dead-letters_queue.url}",
        "${aws_secretsmanager_secret.exporter_client-secret-acme_secret.arn}",
      ].join(" "),
    );
  });

  it("does not collide with a second one", () => {
    const template = synthTemplate((stack) => {
      new Exporter(stack, "one", required);
      new Exporter(stack, "two", { ...required, name: "other" });
    });
    expect(template.resources("aws_lambda_function").map(({ name }) => name)).toEqual([
      "one_function_lambda",
      "two_function_lambda",
    ]);
    expect(template.resourceCounts()).toMatchObject({ aws_iam_role: 4, aws_cloudwatch_metric_alarm: 6 });
  });

  it("takes a token for every prop", () => {
    // GIVEN nothing but variables
    const template = synthTemplate(
      (stack) =>
        new Exporter(stack, "exporter", {
          ...required,
          name: variable(stack, "name"),
          accountId: variable(stack, "account"),
          region: variable(stack, "region"),
          partition: variable(stack, "partition"),
          tenants: [
            {
              name: variable(stack, "tenant"),
              url: variable(stack, "url"),
              partitionAccountId: variable(stack, "partition_account"),
            },
            { ...acme, name: variable(stack, "tenant2"), secret: { existingArn: variable(stack, "secret") } },
          ],
          lake: {
            location: variable(stack, "location"),
            region: variable(stack, "lake_region"),
            roleArn: variable(stack, "provider_role"),
            externalId: variable(stack, "external_id"),
          },
          schedule: variable(stack, "schedule"),
          memorySize: numberVariable(stack, "memory"),
          timeoutSeconds: numberVariable(stack, "timeout"),
          logRetentionDays: numberVariable(stack, "retention"),
          alarmActions: [variable(stack, "alarm_topic")],
        }),
    );
    // THEN each is where Terraform will fill it in, also inside JSON
    expect(template.resource("aws_lambda_function")).toMatchObject({
      function_name: "${var.name}",
      memory_size: "${var.memory}",
      timeout: "${var.timeout}",
    });
    expect(environment(template)).toMatchObject({
      LAKE_LOCATION: "${var.location}",
      LAKE_REGION: "${var.lake_region}",
      LAKE_ROLE_ARN: "${var.provider_role}",
      LAKE_EXTERNAL_ID: "${var.external_id}",
    });
    expect(JSON.parse(environment(template)["TENANTS"] ?? "")).toMatchObject([
      {
        name: "${var.tenant}",
        url: "${var.url}",
        secretArn: "${aws_secretsmanager_secret.exporter_client-secret-0_secret.arn}",
        partitionAccountId: "${var.partition_account}",
      },
      { name: "${var.tenant2}", secretArn: "${var.secret}" },
    ]);
    expect(template.resource("aws_scheduler_schedule", "exporter_schedules_schedule-0")).toMatchObject({
      name: "${var.tenant}",
      schedule_expression: "${var.schedule}",
    });
    for (const text of [
      "arn:${var.partition}:dynamodb:${var.region}:${var.account}:table/${var.name}-checkpoints",
      "${var.retention}",
      "${var.alarm_topic}",
    ]) {
      expect(template.text).toContain(text);
    }
  });

  it("takes tenants whose names its own parts have", () => {
    const tenants = ["group", "role", "policy", "errors", "secret"].map((name) => ({ ...acme, name }));
    expect(synth({ tenants }).resourceCounts()).toMatchObject({
      aws_scheduler_schedule: 5,
      aws_secretsmanager_secret: 5,
      aws_cloudwatch_metric_alarm: 7,
    });
  });

  it("holds no secret's value", () => {
    const template = synth();

    expect(template.resources("aws_secretsmanager_secret_version")).toEqual([]);
    expect(template.text).not.toMatch(/secret_string/);
  });

  it.each<[string, Partial<ExporterProps>, RegExp]>([
    ["a name of 41 characters", { name: "x".repeat(41) }, /name is "x{41}".*1 to 40/],
    ["a name with a dot", { name: "a.b" }, /name is "a.b"/],
    ["a short account", { accountId: "3" }, /accountId is "3"/],
    ["an availability zone", { region: "eu-west-1a" }, /region is "eu-west-1a": must be an AWS region/],
    ["an unknown partition", { partition: "x" }, /partition is "x"/],
    ["too little memory", { memorySize: 64 }, /memorySize is 64: must be .*128 to 10240/],
    ["too long a run", { timeoutSeconds: 901 }, /timeoutSeconds is 901: must be .*30 to 900/],
    ["a retention that CloudWatch lacks", { logRetentionDays: 100 }, /logRetentionDays is 100.*90, 120/],
    ["an alarm action that is no topic", { alarmActions: ["mail"] }, /alarmActions\[0\] is "mail"/],
    ["an interval instead of a schedule", { schedule: "5 minutes" }, /schedule is "5 minutes"/],
    ["a plural of one", { schedule: "rate(1 minutes)" }, /schedule is "rate\(1 minutes\)".*rate of one/],
    ["a cron of five fields", { schedule: "cron(0/5 * * * *)" }, /schedule is "cron.*six fields/],
    ["a rate of an hour", { schedule: "rate(1 hour)" }, /schedule is "rate\(1 hour\)": must be at most 15/],
    ["a rate of 16 minutes", { schedule: "rate(16 minutes)" }, /schedule is "rate\(16 minutes\)"/],
    ["no tenant", { tenants: [] }, /tenants is \[\]: must not be empty. Name at least one/],
  ])("refuses %s", (_, props, message) => {
    expect(() => synth(props)).toThrow(message);
  });

  it.each<[string, Partial<ExporterProps["lake"]>, RegExp]>([
    [
      "a location outside ext/",
      { location: "s3://bucket/aws/x/" },
      /lake.location is "s3:\/\/bucket\/aws\/x\/"/,
    ],
    ["a wrong region", { region: "Ireland" }, /lake.region is "Ireland"/],
    ["a role's name", { roleArn: "provider" }, /lake.roleArn is "provider"/],
    ["a short External ID", { externalId: "short" }, /lake.externalId is "short".*16 to 1224/],
  ])("refuses a lake with %s", (_, lake, message) => {
    expect(() => synth({ lake: { ...required.lake, ...lake } })).toThrow(message);
  });

  it.each<[string, Partial<ExporterTenant>, RegExp]>([
    ["capitals in its name", { name: "Acme" }, /tenants\[0\].name is "Acme": must be a tenant name/],
    ["a name of 32 characters", { name: "a".repeat(32) }, /tenants\[0\].name is "a{32}"/],
    ["an http URL", { url: "http://123.uw2.portal.vectra.ai" }, /tenants\[0\].url is "http:.*https origin/],
    ["a URL with a path", { url: "https://x.portal.vectra.ai/api" }, /without path/],
    ["a URL with credentials", { url: "https://me:pw@x.portal.vectra.ai" }, /tenants\[0\].url is/],
    ["no URL", { url: "x.portal.vectra.ai" }, /tenants\[0\].url is "x.portal.vectra.ai"/],
    ["an 11-digit account", { partitionAccountId: "33333333333" }, /tenants\[0\].partitionAccountId is "3+"/],
    ["a secret's name", { secret: { existingArn: "client" } }, /tenants\[0\].secret.existingArn is "client"/],
  ])("refuses a tenant with %s", (_, tenant, message) => {
    expect(() => synth({ tenants: [{ ...acme, ...tenant }] })).toThrow(message);
  });

  it("refuses two tenants of one name", () => {
    expect(() => synth({ tenants: [acme, { ...acme, url: "https://9.ew1.portal.vectra.ai" }] })).toThrow(
      /tenants\[1\].name is "acme": is already the name of tenants\[0\]/,
    );
  });

  it("takes a simulated tenant on this machine, with and without a closing slash", () => {
    const template = synth({ tenants: [{ ...acme, url: "http://127.0.0.1:8080/" }] });
    expect(environment(template)["TENANTS"]).toContain('"url":"http://127.0.0.1:8080/"');
  });

  it("refuses more tenants than Lambda's environment holds, before Lambda does", () => {
    const tenants = Array.from({ length: 40 }, (_, index) => ({ ...acme, name: `tenant-${index}` }));
    expect(() => synth({ tenants })).toThrow(
      /tenants is a list of 40: must fit the 4096 bytes of Lambda's environment, and takes at least \d+. Divide/,
    );
  });
});

describe("Exporter function", () => {
  it("runs the bundle on Node 24 and arm64, after its policy and queue", () => {
    expect(synth().resource("aws_lambda_function")).toEqual({
      function_name: "vectra-exporter",
      description: "Takes new account scoring events from Vectra into Amazon Security Lake",
      filename: expect.stringMatching(
        /^\$\{path\.module\}\/assets\/[\w-]+\/[0-9A-F]+\/security-lake-exporter\.zip$/,
      ),
      source_code_hash: HASH,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      memory_size: 512,
      timeout: 240,
      role: "${aws_iam_role.exporter_function_role.arn}",
      environment: { variables: expect.any(Object) },
      logging_config: {
        log_format: "Text",
        log_group: "${aws_cloudwatch_log_group.exporter_function_log-group.name}",
      },
      dead_letter_config: { target_arn: QUEUE },
      depends_on: [
        "aws_iam_role_policy.exporter_function_policy",
        "aws_sqs_queue.exporter_dead-letters_queue",
      ],
    });
  });

  it("finds everything in its environment", () => {
    expect(environment(synth())).toEqual({
      TENANTS: JSON.stringify([
        {
          name: "acme",
          url: "https://123123123123.uw2.portal.vectra.ai",
          secretArn: "${aws_secretsmanager_secret.exporter_client-secret-acme_secret.arn}",
          partitionAccountId: "333333333333",
          includeScoreDecreases: true,
          start: "beginning",
        },
      ]),
      CHECKPOINT_TABLE: "${aws_dynamodb_table.exporter_checkpoints_table.name}",
      LAKE_LOCATION: LOCATION,
      LAKE_REGION: "eu-west-1",
      LAKE_ROLE_ARN: PROVIDER_ROLE,
      LAKE_EXTERNAL_ID: "0123456789abcdef",
      POWERTOOLS_SERVICE_NAME: "security-lake-exporter",
      POWERTOOLS_METRICS_NAMESPACE: "VectraCdr",
      POWERTOOLS_LOG_LEVEL: "INFO",
    });
  });

  it("takes each tenant's own settings", () => {
    const existingArn = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:vectra-AbCdEf";
    const template = synth({
      tenants: [{ ...acme, secret: { existingArn }, includeScoreDecreases: false, start: "latest" }],
    });
    expect(JSON.parse(environment(template)["TENANTS"] ?? "")).toEqual([
      {
        name: "acme",
        url: "https://123123123123.uw2.portal.vectra.ai",
        secretArn: existingArn,
        partitionAccountId: "333333333333",
        includeScoreDecreases: false,
        start: "latest",
      },
    ]);
    expect(template.resources("aws_secretsmanager_secret")).toEqual([]);
  });

  it("takes another size, time limit, architecture and log retention", () => {
    const template = synth({
      memorySize: 1024,
      timeoutSeconds: 600,
      architecture: "x86_64",
      logRetentionDays: 365,
    });
    expect(template.resource("aws_lambda_function")).toMatchObject({
      memory_size: 1024,
      timeout: 600,
      architectures: ["x86_64"],
    });
    expect(template.resource("aws_cloudwatch_log_group")).toEqual({
      name: "/aws/lambda/vectra-exporter",
      retention_in_days: 365,
    });
  });

  it("keeps its logs for 90 days by default", () => {
    expect(synth().resource("aws_cloudwatch_log_group")["retention_in_days"]).toBe(90);
  });

  it("is not retried: the next tick is the retry", () => {
    expect(synth().resource("aws_lambda_function_event_invoke_config")).toEqual({
      function_name: "${aws_lambda_function.exporter_function_lambda.function_name}",
      maximum_retry_attempts: 0,
      maximum_event_age_in_seconds: 300,
    });
  });

  it("runs with a role that Lambda assumes and that may make exactly its calls", () => {
    const existingArn = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:vectra-AbCdEf";
    const template = synth({ tenants: [acme, { ...acme, name: "globex", secret: { existingArn } }] });

    expect(template.resource("aws_iam_role", "exporter_function_role")["name"]).toBe(
      "vectra-exporter-execution",
    );
    expect(
      template.policy("aws_iam_role", { name: "exporter_function_role", attribute: "assume_role_policy" }),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "LambdaAssumesRole",
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    });
    expect(template.policy("aws_iam_role_policy", { name: "exporter_function_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ReadClientSecrets",
          Effect: "Allow",
          Action: "secretsmanager:GetSecretValue",
          Resource: ["${aws_secretsmanager_secret.exporter_client-secret-acme_secret.arn}", existingArn],
        },
        {
          Sid: "AssumeProviderRole",
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Resource: PROVIDER_ROLE,
          Condition: { StringEquals: { "sts:ExternalId": "0123456789abcdef" } },
        },
        {
          Sid: "KeepCheckpoints",
          Effect: "Allow",
          Action: ["dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem"],
          Resource: "arn:aws:dynamodb:eu-west-1:333333333333:table/vectra-exporter-checkpoints",
        },
        {
          Sid: "WriteLogs",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: "arn:aws:logs:eu-west-1:333333333333:log-group:/aws/lambda/vectra-exporter:*",
        },
        { Sid: "SendDeadLetters", Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE },
      ],
    });
  });
});

describe("Checkpoint table", () => {
  it("is on demand, encrypted, recoverable and retained by default", () => {
    expect(synth().resource("aws_dynamodb_table")).toEqual({
      name: "vectra-exporter-checkpoints",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "pk",
      range_key: "sk",
      attribute: [
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ],
      server_side_encryption: { enabled: true },
      point_in_time_recovery: { enabled: true },
      ttl: { attribute_name: "expires_at", enabled: true },
      deletion_protection_enabled: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("takes DynamoDB's own deletion protection", () => {
    expect(synth({ deletionProtection: true }).resource("aws_dynamodb_table")).toMatchObject({
      deletion_protection_enabled: true,
    });
  });

  it("can be let go", () => {
    expect(synth({ retain: false }).resource("aws_dynamodb_table")).not.toHaveProperty("lifecycle");
  });
});

describe("Client secret", () => {
  it("is created empty and retained by default", () => {
    expect(synth().resource("aws_secretsmanager_secret")).toEqual({
      name: "vectra-exporter/acme",
      description: "API client of the Vectra tenant acme: JSON with client_id and client_secret",
      recovery_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  });

  it("is gone at once when it need not be retained", () => {
    expect(synth({ retain: false }).resource("aws_secretsmanager_secret")).toEqual({
      name: "vectra-exporter/acme",
      description: "API client of the Vectra tenant acme: JSON with client_id and client_secret",
      recovery_window_in_days: 0,
    });
  });
});

describe("Dead-letter queue", () => {
  it("keeps messages for fourteen days, encrypted", () => {
    expect(synth().resource("aws_sqs_queue")).toEqual({
      name: "vectra-exporter-dead-letters",
      message_retention_seconds: 1209600,
      sqs_managed_sse_enabled: true,
    });
  });
});

describe("Tenant schedules", () => {
  it("ask each tenant every five minutes", () => {
    const template = synth();

    expect(template.resource("aws_scheduler_schedule_group")).toEqual({ name: "vectra-exporter" });
    expect(template.resource("aws_scheduler_schedule", "exporter_schedules_schedule-acme")).toEqual({
      name: "acme",
      group_name: "${aws_scheduler_schedule_group.exporter_schedules_group.name}",
      description: "Exports new events of the Vectra tenant acme",
      schedule_expression: "rate(5 minutes)",
      schedule_expression_timezone: "UTC",
      flexible_time_window: { mode: "OFF" },
      target: {
        arn: FUNCTION,
        role_arn: "${aws_iam_role.exporter_schedules_role.arn}",
        input: '{"tenant":"acme"}',
        dead_letter_config: { arn: QUEUE },
        retry_policy: { maximum_retry_attempts: 3, maximum_event_age_in_seconds: 300 },
      },
      depends_on: [
        "aws_lambda_function.exporter_function_lambda",
        "aws_iam_role_policy.exporter_schedules_policy",
      ],
    });
  });

  it.each(["rate(1 minute)", "rate(15 minutes)", "cron(0/5 * * * ? *)"])(
    "take the schedule %s",
    (schedule) => {
      expect(synth({ schedule }).resource("aws_scheduler_schedule")["schedule_expression"]).toBe(schedule);
    },
  );

  it("use a role that their group alone may assume, for this function and queue alone", () => {
    const template = synth();

    expect(template.resource("aws_iam_role", "exporter_schedules_role")["name"]).toBe(
      "vectra-exporter-scheduler",
    );
    expect(
      template.policy("aws_iam_role", { name: "exporter_schedules_role", attribute: "assume_role_policy" }),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "SchedulerAssumesRole",
          Effect: "Allow",
          Principal: { Service: "scheduler.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: {
              "aws:SourceAccount": "333333333333",
              "aws:SourceArn": "arn:aws:scheduler:eu-west-1:333333333333:schedule-group/vectra-exporter",
            },
          },
        },
      ],
    });
    expect(template.policy("aws_iam_role_policy", { name: "exporter_schedules_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "InvokeExporter", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: FUNCTION },
        { Sid: "SendDeadLetters", Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE },
      ],
    });
  });
});

describe("Exporter alarms", () => {
  it("goes off at an error of the function", () => {
    expect(synth().resource("aws_cloudwatch_metric_alarm", "exporter_alarms_errors")).toEqual({
      alarm_name: "vectra-exporter-errors",
      alarm_description: expect.stringContaining("read the last ERROR line in the log group"),
      namespace: "AWS/Lambda",
      metric_name: "Errors",
      dimensions: { FunctionName: "${aws_lambda_function.exporter_function_lambda.function_name}" },
      statistic: "Sum",
      period: 300,
      evaluation_periods: 1,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treat_missing_data: "notBreaching",
    });
  });

  it("goes off when a tenant had no successful run for 30 minutes, or none was heard of", () => {
    expect(synth().resource("aws_cloudwatch_metric_alarm", "exporter_alarms_no-successful-run-acme")).toEqual(
      {
        alarm_name: "vectra-exporter-no-successful-run-acme",
        alarm_description: expect.stringContaining("the tenant's secret holds a valid API client"),
        namespace: "VectraCdr",
        metric_name: "RunSucceeded",
        dimensions: { service: "security-lake-exporter", tenant: "acme" },
        statistic: "Sum",
        period: 300,
        evaluation_periods: 6,
        comparison_operator: "LessThanThreshold",
        threshold: 1,
        treat_missing_data: "breaching",
      },
    );
  });

  it("goes off at a dead letter", () => {
    expect(synth().resource("aws_cloudwatch_metric_alarm", "exporter_alarms_dead-letters")).toEqual({
      alarm_name: "vectra-exporter-dead-letters",
      alarm_description: expect.stringContaining("purge the queue"),
      namespace: "AWS/SQS",
      metric_name: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "${aws_sqs_queue.exporter_dead-letters_queue.name}" },
      statistic: "Maximum",
      period: 300,
      evaluation_periods: 1,
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      treat_missing_data: "notBreaching",
    });
  });

  it("tells the given topics, each of them", () => {
    const alarmActions = ["arn:aws:sns:eu-west-1:333333333333:alerts"];
    const alarms = synth({ alarmActions }).resources("aws_cloudwatch_metric_alarm");

    expect(alarms.map(({ attributes }) => attributes["alarm_actions"])).toEqual([
      alarmActions,
      alarmActions,
      alarmActions,
    ]);
  });
});
