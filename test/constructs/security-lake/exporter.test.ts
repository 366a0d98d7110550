import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

const KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
const VPC = {
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  securityGroupIds: ["sg-0123456789abcdef0"],
};

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
      aws_cloudwatch_metric_alarm: 12,
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
    expect(template.resourceCounts()).toMatchObject({ aws_iam_role: 4, aws_cloudwatch_metric_alarm: 14 });
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
            eventClass: variable(stack, "event_class"),
          },
          schedule: variable(stack, "schedule"),
          memorySize: numberVariable(stack, "memory"),
          timeoutSeconds: numberVariable(stack, "timeout"),
          logRetentionDays: numberVariable(stack, "retention"),
          reservedConcurrentExecutions: numberVariable(stack, "reserved"),
          lagThresholdSeconds: numberVariable(stack, "lag"),
          permissionsBoundary: variable(stack, "boundary"),
          kmsKeyArn: variable(stack, "key"),
          vpc: {
            subnetIds: [variable(stack, "subnet")],
            securityGroupIds: [variable(stack, "security_group")],
          },
          dashboard: true,
          savedQueries: true,
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
      "${var.reserved}",
      "${var.lag}",
      "${var.boundary}",
      "${var.key}",
      "${var.subnet}",
      "${var.security_group}",
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
      aws_cloudwatch_metric_alarm: 27,
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
    ["too short a run", { timeoutSeconds: 59 }, /timeoutSeconds is 59: must be .*60 to 900.*last 30 seconds/],
    ["too long a run", { timeoutSeconds: 901 }, /timeoutSeconds is 901: must be .*60 to 900/],
    ["a retention that CloudWatch lacks", { logRetentionDays: 100 }, /logRetentionDays is 100.*90, 120/],
    ["an alarm action that is no topic", { alarmActions: ["mail"] }, /alarmActions\[0\] is "mail"/],
    ["an interval instead of a schedule", { schedule: "5 minutes" }, /schedule is "5 minutes"/],
    ["a plural of one", { schedule: "rate(1 minutes)" }, /schedule is "rate\(1 minutes\)".*rate of one/],
    ["a cron of five fields", { schedule: "cron(0/5 * * * *)" }, /schedule is "cron.*six fields/],
    ["a rate of an hour", { schedule: "rate(1 hour)" }, /schedule is "rate\(1 hour\)": must be at most 15/],
    ["a rate of 16 minutes", { schedule: "rate(16 minutes)" }, /schedule is "rate\(16 minutes\)"/],
    ["an unknown processor", { architecture: "arm" as "arm64" }, /architecture is "arm".*arm64, x86_64/],
    ["an unknown log level", { logLevel: "LOUD" as "INFO" }, /logLevel is "LOUD".*DEBUG, INFO, WARN, ERROR/],
    ["no concurrency at all", { reservedConcurrentExecutions: 0 }, /reservedConcurrentExecutions is 0.*1 to/],
    ["a boundary that is a role", { permissionsBoundary: PROVIDER_ROLE }, /permissionsBoundary is "arn:aws/],
    ["a key's alias", { kmsKeyArn: "alias/x" }, /kmsKeyArn is "alias\/x"/],
    [
      "a key of another region",
      { kmsKeyArn: "arn:aws:kms:us-east-1:333333333333:key/1" },
      /kmsKeyArn is .*must lie in eu-west-1: the exporter's table, secrets, queue and logs are there\. Give/,
    ],
    ["no subnet", { vpc: { ...VPC, subnetIds: [] } }, /vpc.subnetIds is \[\]: must not be empty/],
    [
      "a subnet's name",
      { vpc: { ...VPC, subnetIds: ["a"] } },
      /vpc.subnetIds\[0\] is "a": must be a subnet ID/,
    ],
    ["no security group", { vpc: { ...VPC, securityGroupIds: [] } }, /vpc.securityGroupIds is \[\]/],
    [
      "a security group's name",
      { vpc: { ...VPC, securityGroupIds: ["default"] } },
      /vpc.securityGroupIds\[0\] is "default"/,
    ],
    ["a lag below a minute", { lagThresholdSeconds: 30 }, /lagThresholdSeconds is 30.*60 to 604800/],
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
    ["an External ID of one character", { externalId: "x" }, /lake.externalId is "x".*2 to 1224/],
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
    ["an unknown API", { api: "v2" as "v3.4" }, /tenants\[0\].api is "v2": must be one of v3.4, v3.3, v3.2/],
    [
      "an unknown profile",
      { profile: "ocsf" as "vectra" },
      /tenants\[0\].profile is "ocsf": must be one of vectra, security-finding-1.1, detection-finding-1.3/,
    ],
    [
      "an unknown severity",
      { filters: { minimumSeverity: "high" as "High" } },
      /tenants\[0\].filters.minimumSeverity is "high": must be one of Low, Medium, High, Critical/,
    ],
    [
      "a filter for other accounts",
      { filters: { accounts: "azure" as "all" } },
      /tenants\[0\].filters.accounts is "azure": must be one of aws, all/,
    ],
    [
      "another partition",
      { partitionBy: "day" as "event" },
      /tenants\[0\].partitionBy is "day": must be one of fixed, event/,
    ],
    [
      "events that wait for less than a minute",
      { accumulate: { maxAgeSeconds: 59, maxEvents: 1 } },
      /tenants\[0\].accumulate.maxAgeSeconds is 59: must be a whole number of seconds from 60 to 86400/,
    ],
    [
      "more waiting events than a window holds",
      { accumulate: { maxAgeSeconds: 60, maxEvents: 10_001 } },
      /tenants\[0\].accumulate.maxEvents is 10001: must be a whole number of events from 1 to 10000/,
    ],
    [
      "events that wait longer than the alarm on lag allows",
      { accumulate: { maxAgeSeconds: 1201, maxEvents: 10_000 } },
      /tenants\[0\].accumulate.maxAgeSeconds is 1201: must be at least 600 less than lagThresholdSeconds, which is 1800: .* Set lagThresholdSeconds to 1801 or more/,
    ],
    ["a secret's name", { secret: { existingArn: "client" } }, /tenants\[0\].secret.existingArn is "client"/],
  ])("refuses a tenant with %s", (_, tenant, message) => {
    expect(() => synth({ tenants: [{ ...acme, ...tenant }] })).toThrow(message);
  });

  it("lets events wait for as long as the alarm on lag leaves a margin", () => {
    const accumulate = { maxAgeSeconds: 86_400, maxEvents: 10_000 };
    const tenants = [{ ...acme, accumulate }];

    expect(() => synth({ tenants, lagThresholdSeconds: 86_999 })).toThrow(
      /accumulate.maxAgeSeconds is 86400: .*lagThresholdSeconds, which is 86999/,
    );
    expect(
      JSON.parse(environment(synth({ tenants, lagThresholdSeconds: 87_000 }))["TENANTS"] ?? ""),
    ).toMatchObject([{ accumulate }]);
  });

  it("refuses limits of waiting that only Terraform knows, which JSON could not hold", () => {
    expect(() =>
      synthTemplate((stack) => {
        const accumulate = { maxAgeSeconds: numberVariable(stack, "age"), maxEvents: 10 };
        new Exporter(stack, "exporter", { ...required, tenants: [{ ...acme, accumulate }] });
      }),
    ).toThrow(
      /tenants\[0\].accumulate.maxAgeSeconds is a token: must be known when the stack is synthesized/,
    );
  });

  it("refuses two tenants of one name", () => {
    expect(() => synth({ tenants: [acme, { ...acme, url: "https://9.ew1.portal.vectra.ai" }] })).toThrow(
      /tenants\[1\].name is "acme": is already the name of tenants\[0\]/,
    );
  });

  it("refuses tenants of two event classes, and says why", () => {
    const globex: ExporterTenant = { ...acme, name: "globex", profile: "detection-finding-1.3" };
    expect(() => synth({ tenants: [acme, globex] })).toThrow(
      /tenants\[1\].profile is "detection-finding-1.3": writes DETECTION_FINDING, but tenants\[0\] is of SECURITY_FINDING, and a source holds one event class. Choose/,
    );
  });

  it("refuses a profile whose event class is not the source's", () => {
    expect(() => synth({ lake: { ...required.lake, eventClass: "DETECTION_FINDING" } })).toThrow(
      /tenants\[0\].profile is "vectra": writes SECURITY_FINDING, but the custom source is of DETECTION_FINDING/,
    );
  });

  it("takes tenants whose profiles differ and write one event class", () => {
    const tenants: ExporterTenant[] = [acme, { ...acme, name: "globex", profile: "security-finding-1.1" }];
    const lake = { ...required.lake, eventClass: "SECURITY_FINDING" };

    expect(synth({ tenants, lake }).resources("aws_scheduler_schedule")).toHaveLength(2);
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

  it("is told every option of a tenant that is set, and no other", () => {
    const template = synth({
      tenants: [
        {
          ...acme,
          api: "v3.3",
          profile: "security-finding-1.1",
          rawData: true,
          filters: { accounts: "all", prioritizedOnly: true, minimumSeverity: "High" },
          partitionBy: "event",
          assignmentRequired: true,
          accumulate: { maxAgeSeconds: 1200, maxEvents: 5000 },
        },
        { ...acme, name: "globex", filters: { prioritizedOnly: true, minimumSeverity: undefined } },
        { ...acme, name: "initech", filters: {} },
      ],
    });
    const [first, second, third] = JSON.parse(environment(template)["TENANTS"] ?? "");
    const always = ["name", "url", "secretArn", "partitionAccountId", "includeScoreDecreases", "start"];

    expect(first).toMatchObject({
      api: "v3.3",
      profile: "security-finding-1.1",
      rawData: true,
      filters: { accounts: "all", prioritizedOnly: true, minimumSeverity: "High" },
      partitionBy: "event",
      assignmentRequired: true,
      accumulate: { maxAgeSeconds: 1200, maxEvents: 5000 },
    });
    expect(second.filters).toEqual({ prioritizedOnly: true });
    expect(Object.keys(second)).toEqual([...always, "filters"]);
    expect(Object.keys(third)).toEqual(always);
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

  it("logs from another level on", () => {
    expect(environment(synth({ logLevel: "WARN" }))["POWERTOOLS_LOG_LEVEL"]).toBe("WARN");
  });

  it("keeps runs free for itself when asked to", () => {
    expect(synth({ reservedConcurrentExecutions: 2 }).resource("aws_lambda_function")).toMatchObject({
      reserved_concurrent_executions: 2,
    });
  });

  it("bounds both roles", () => {
    const permissionsBoundary = "arn:aws:iam::333333333333:policy/boundary";
    const roles = synth({ permissionsBoundary }).resources("aws_iam_role");

    expect(roles.map(({ attributes }) => attributes["permissions_boundary"])).toEqual([
      permissionsBoundary,
      permissionsBoundary,
    ]);
    expect(synth().text).not.toContain("permissions_boundary");
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

/** The execution role's policy without anything optional. */
const LEAST_STATEMENTS = [
  {
    Sid: "ReadClientSecrets",
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
    Resource: ["${aws_secretsmanager_secret.exporter_client-secret-acme_secret.arn}"],
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
];

describe("Tracing", () => {
  it("is X-Ray's, with the two calls that it needs", () => {
    const template = synth({ tracing: true });

    expect(template.resource("aws_lambda_function")).toMatchObject({ tracing_config: { mode: "Active" } });
    expect(template.policy("aws_iam_role_policy", { name: "exporter_function_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        ...LEAST_STATEMENTS,
        {
          Sid: "SendTraces",
          Effect: "Allow",
          Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
          Resource: "*",
        },
      ],
    });
  });
});

describe("VPC", () => {
  it("is reached through interfaces that Lambda keeps, and that the code may not touch", () => {
    const template = synth({ vpc: VPC });
    const interfaces = [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ];

    expect(template.resource("aws_lambda_function")).toMatchObject({
      vpc_config: {
        subnet_ids: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        security_group_ids: ["sg-0123456789abcdef0"],
      },
    });
    expect(template.policy("aws_iam_role_policy", { name: "exporter_function_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        ...LEAST_STATEMENTS,
        { Sid: "KeepNetworkInterfaces", Effect: "Allow", Action: interfaces, Resource: "*" },
        {
          Sid: "CodeKeepsOffNetworkInterfaces",
          Effect: "Deny",
          Action: interfaces,
          Resource: "*",
          Condition: { ArnEquals: { "lambda:SourceFunctionArn": FUNCTION } },
        },
      ],
    });
  });
});

describe("Customer key", () => {
  it("encrypts table, secret, queue, log group and environment", () => {
    const template = synth({ kmsKeyArn: KEY });

    expect(template.resource("aws_dynamodb_table")["server_side_encryption"]).toEqual({
      enabled: true,
      kms_key_arn: KEY,
    });
    expect(template.resource("aws_secretsmanager_secret")["kms_key_id"]).toBe(KEY);
    expect(template.resource("aws_sqs_queue")).toEqual({
      name: "vectra-exporter-dead-letters",
      message_retention_seconds: 1209600,
      kms_master_key_id: KEY,
    });
    expect(template.resource("aws_cloudwatch_log_group")["kms_key_id"]).toBe(KEY);
    expect(template.resource("aws_lambda_function")["kms_key_arn"]).toBe(KEY);
  });

  it("may be used by the function and for the scheduler's dead letters", () => {
    const template = synth({ kmsKeyArn: KEY });

    expect(template.policy("aws_iam_role_policy", { name: "exporter_function_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        ...LEAST_STATEMENTS,
        { Sid: "UseKey", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: KEY },
      ],
    });
    expect(template.policy("aws_iam_role_policy", { name: "exporter_schedules_policy" })).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "InvokeExporter", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: FUNCTION },
        { Sid: "SendDeadLetters", Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE },
        {
          Sid: "EncryptDeadLetters",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: KEY,
        },
      ],
    });
  });

  it("needs a statement for CloudWatch Logs, which the key's owner is told; without a key there is none", () => {
    let statements: unknown[] = [];
    synthTemplate((stack) => {
      statements = [
        new Exporter(stack, "with", { ...required, kmsKeyArn: KEY }).keyStatementsToAdd,
        new Exporter(stack, "without", required).keyStatementsToAdd,
      ];
    });

    expect(statements).toEqual([
      [
        {
          Sid: "CloudWatchLogsUsesKey",
          Effect: "Allow",
          Principal: { Service: "logs.eu-west-1.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
          Resource: "*",
          Condition: {
            ArnEquals: {
              "kms:EncryptionContext:aws:logs:arn":
                "arn:aws:logs:eu-west-1:333333333333:log-group:/aws/lambda/vectra-exporter",
            },
          },
        },
      ],
      [],
    ]);
  });
});

describe("Dashboard", () => {
  it("is none by default, because it may cost", () => {
    expect(synth().resources("aws_cloudwatch_dashboard")).toEqual([]);
  });

  it("has a line per tenant in each chart, two charts side by side", () => {
    const template = synth({ dashboard: true, tenants: [acme, { ...acme, name: "globex" }] });
    const dashboard = template.resource("aws_cloudwatch_dashboard", "exporter_dashboard_dashboard");
    const { widgets } = JSON.parse(String(dashboard["dashboard_body"])) as {
      widgets: { x: number; y: number; properties: { title: string; metrics: unknown[] } }[];
    };

    expect(dashboard["dashboard_name"]).toBe("vectra-exporter");
    expect(widgets.map(({ x, y, properties }) => [x, y, properties.title])).toEqual([
      [0, 0, "Events"],
      [12, 0, "Lag: how far the export may be behind (seconds)"],
      [0, 6, "Duration of a run (milliseconds)"],
      [12, 6, "Failures"],
      [0, 12, "Events in quarantine"],
      [12, 12, "Dead letters"],
    ]);
    expect(widgets[1]).toEqual({
      type: "metric",
      x: 12,
      y: 0,
      width: 12,
      height: 6,
      properties: {
        title: "Lag: how far the export may be behind (seconds)",
        region: "eu-west-1",
        view: "timeSeries",
        stat: "Maximum",
        period: 300,
        metrics: [
          [
            "VectraCdr",
            "LagSeconds",
            "service",
            "security-lake-exporter",
            "tenant",
            "acme",
            { label: "acme" },
          ],
          [
            "VectraCdr",
            "LagSeconds",
            "service",
            "security-lake-exporter",
            "tenant",
            "globex",
            { label: "globex" },
          ],
        ],
      },
    });
    expect(widgets[0]?.properties.metrics).toHaveLength(6);
    expect(widgets[3]?.properties.metrics.slice(0, 3)).toEqual([
      [
        "AWS/Lambda",
        "Errors",
        "FunctionName",
        "${aws_lambda_function.exporter_function_lambda.function_name}",
      ],
      [
        "AWS/Lambda",
        "Throttles",
        "FunctionName",
        "${aws_lambda_function.exporter_function_lambda.function_name}",
      ],
      [
        "VectraCdr",
        "AuthenticationFailures",
        "service",
        "security-lake-exporter",
        "tenant",
        "acme",
        { label: "acme: AuthenticationFailures" },
      ],
    ]);
  });
});

describe("Saved queries", () => {
  it("are none by default", () => {
    expect(synth().resources("aws_cloudwatch_query_definition")).toEqual([]);
  });

  it("ask the exporter's log, in a folder of its name", () => {
    const template = synth({ savedQueries: true });

    expect(
      template.resources("aws_cloudwatch_query_definition").map(({ attributes }) => attributes["name"]),
    ).toEqual([
      "vectra-exporter/runs that did not catch up",
      "vectra-exporter/duration and memory per hour",
      "vectra-exporter/events per tenant and hour",
      "vectra-exporter/failed runs",
    ]);
    expect(
      template.resource("aws_cloudwatch_query_definition", "exporter_saved-queries_failed-runs"),
    ).toEqual({
      name: "vectra-exporter/failed runs",
      log_group_names: ["${aws_cloudwatch_log_group.exporter_function_log-group.name}"],
      query_string: [
        "fields @timestamp, tenant, error.name, error.message",
        '| filter level = "ERROR"',
        "| sort @timestamp desc",
        "| limit 100",
      ].join("\n"),
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

    expect(alarms).toHaveLength(7);
    for (const { attributes } of alarms) {
      expect(attributes["alarm_actions"]).toEqual(alarmActions);
    }
  });

  it.each([
    ["lag", "LagSeconds", "Maximum", 1800, "memorySize or timeoutSeconds"],
    ["quarantine", "EventsQuarantined", "Sum", 0, '{"tenant":"acme","redrive":true}'],
    ["authentication", "AuthenticationFailures", "Sum", 0, "put its id and secret into the tenant's secret"],
    ["throttling", "Throttled", "Sum", 0, "make the schedule's rate longer"],
  ])("goes off at a tenant's %s", (kind, metric, statistic, threshold, remedy) => {
    expect(synth().resource("aws_cloudwatch_metric_alarm", `exporter_alarms_${kind}-acme`)).toEqual({
      alarm_name: `vectra-exporter-${kind}-acme`,
      alarm_description: expect.stringContaining(remedy),
      namespace: "VectraCdr",
      metric_name: metric,
      dimensions: { service: "security-lake-exporter", tenant: "acme" },
      statistic,
      period: 300,
      evaluation_periods: 1,
      comparison_operator: "GreaterThanThreshold",
      threshold,
      treat_missing_data: "notBreaching",
    });
  });

  it("allows another lag", () => {
    expect(
      synth({ lagThresholdSeconds: 3600 }).resource(
        "aws_cloudwatch_metric_alarm",
        "exporter_alarms_lag-acme",
      ),
    ).toMatchObject({ threshold: 3600 });
  });

  it("says in each description where the runbook tells what to do, within CloudWatch's 1,024 characters", () => {
    const runbook = readFileSync(join(import.meta.dirname, "../../../docs/runbook.md"), "utf8");
    const sections = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading?.replaceAll(" ", "-"));
    const descriptions = synth()
      .resources("aws_cloudwatch_metric_alarm")
      .map(({ attributes }) => String(attributes["alarm_description"]));

    const linked = descriptions.map((text) => / Runbook: docs\/runbook\.md#([\w-]+)$/.exec(text)?.[1]);
    expect(linked.toSorted()).toEqual([
      "authentication",
      "dead-letters",
      "errors",
      "lag",
      "no-successful-run",
      "quarantine",
      "throttling",
    ]);
    expect(sections).toEqual(expect.arrayContaining(linked));
    expect(Math.max(...descriptions.map((text) => text.length))).toBeLessThan(900);
  });
});
