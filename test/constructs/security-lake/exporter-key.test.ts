import { describe, expect, it } from "vitest";
import { Exporter, type ExporterProps } from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";
import { FUNCTION, KEY, LEAST_STATEMENTS, QUEUE, requiredProps, synthExporter } from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

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
