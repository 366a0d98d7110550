import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDeployedExporter } from "../../rehearsal/deployed-exporter.js";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "a stack "));
});
afterEach(() => rmSync(directory, { recursive: true }));

function stackWith(variables: Record<string, string>, more: object = {}): object {
  return {
    provider: { aws: [{ region: "eu-west-1", allowed_account_ids: ["333333333333"] }] },
    resource: {
      aws_securitylake_custom_log_source: { source: { source_name: "vectra-cdr" } },
      aws_secretsmanager_secret: { acme: { name: "exporter/acme" } },
      aws_dynamodb_table: { table: { name: "exporter-checkpoints", hash_key: "pk", range_key: "sk" } },
      aws_scheduler_schedule: {
        acme: { schedule_expression: "rate(5 minutes)", target: { input: '{"tenant":"acme"}' } },
      },
      aws_lambda_function: {
        function: {
          function_name: "exporter",
          handler: "index.handler",
          runtime: "nodejs24.x",
          timeout: 240,
          memory_size: 512,
          filename: "${path.module}/assets/function/security-lake-exporter.zip",
          environment: { variables },
        },
      },
      ...more,
    },
  };
}

const VARIABLES = {
  TENANTS: '[{"name":"acme","secretArn":"${aws_secretsmanager_secret.acme.arn}"}]',
  CHECKPOINT_TABLE: "${aws_dynamodb_table.table.name}",
  LAKE_LOCATION: "${aws_securitylake_custom_log_source.source.provider_details[0].location}",
  LAKE_ROLE_ARN: "${aws_securitylake_custom_log_source.source.provider_details[0].role_arn}",
  LAKE_REGION: "eu-west-1",
  LAKE_EXTERNAL_ID: "4f0c9a7e1d5b48c2a6e3",
};

function read(stack: object) {
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(stack));
  return readDeployedExporter(directory, "the-lake");
}

describe("the deployed exporter", () => {
  it("is what the stack declares, with the values that AWS would give", () => {
    const secretArn = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:exporter/acme-AbCdEf";

    expect(read(stackWith(VARIABLES))).toEqual({
      configuration: {
        functionName: "exporter",
        functionArn: "arn:aws:lambda:eu-west-1:333333333333:function:exporter",
        handler: "index.handler",
        runtime: "nodejs24.x",
        timeoutSeconds: 240,
        memoryMegabytes: 512,
        environment: {
          TENANTS: `[{"name":"acme","secretArn":"${secretArn}"}]`,
          CHECKPOINT_TABLE: "exporter-checkpoints",
          LAKE_LOCATION: "s3://the-lake/ext/vectra-cdr/",
          LAKE_ROLE_ARN: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
          LAKE_REGION: "eu-west-1",
          LAKE_EXTERNAL_ID: "4f0c9a7e1d5b48c2a6e3",
        },
      },
      zipPath: `${directory}/assets/function/security-lake-exporter.zip`,
      table: { name: "exporter-checkpoints", hashKey: "pk", rangeKey: "sk" },
      tenants: [{ name: "acme", secretArn }],
      schedules: [{ expression: "rate(5 minutes)", event: { tenant: "acme" } }],
      lake: {
        bucket: "the-lake",
        prefix: "ext/vectra-cdr/",
        region: "eu-west-1",
        roleArn: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
        externalId: "4f0c9a7e1d5b48c2a6e3",
      },
    });
  });

  it("is refused when it refers to what only AWS knows", () => {
    expect(() => read(stackWith({ ...VARIABLES, X: "${aws_kms_key.log.key_id}" }))).toThrow(
      "aws_kms_key.log.key_id is known only to AWS: add a value for it to the rehearsal.",
    );
  });

  it("is refused when there is none, or more than one table", () => {
    expect(() => read(stackWith(VARIABLES, { aws_lambda_function: undefined }))).toThrow(
      /cdk\.tf\.json declares no exporter:\n.*\n.*aws_lambda_function/,
    );
    expect(() => read(stackWith(VARIABLES, { aws_lambda_function: {} }))).toThrow(
      "The stack has 0 aws_lambda_function; the rehearsal needs exactly one.",
    );
  });
});
