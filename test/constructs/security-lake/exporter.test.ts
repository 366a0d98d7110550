import { TerraformOutput } from "cdktf";
import { describe, expect, it } from "vitest";
import { Exporter, type ExporterProps } from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { numberVariable, variable } from "../variable.js";
import { acme, environment, existingSource, FUNCTION, requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
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
          customSource: existingSource(
            {
              location: variable(stack, "location"),
              region: variable(stack, "lake_region"),
              providerRoleArn: variable(stack, "provider_role"),
              externalId: variable(stack, "external_id"),
              eventClass: variable(stack, "event_class"),
            },
            stack,
          ),
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
});
