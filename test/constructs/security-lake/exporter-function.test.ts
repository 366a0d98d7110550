import { describe, expect, it } from "vitest";
import type { ExporterProps } from "../../../constructs/security-lake/index.js";
import type { Template } from "../template.js";
import {
  acme,
  environment,
  FUNCTION,
  HASH,
  LEAST_STATEMENTS,
  LOCATION,
  PROVIDER_ROLE,
  QUEUE,
  requiredProps,
  synthExporter,
  VPC,
} from "./exporter-rig.js";

const required = requiredProps();

function synth(props: Partial<ExporterProps> = {}): Template {
  return synthExporter(required, props);
}

describe("Exporter function", () => {
  it("runs the bundle on Node 24 and arm64, after its policy and queue", () => {
    expect(synth().resource("aws_lambda_function")).toEqual({
      function_name: "vectra-exporter",
      description: "Exports new account scoring events from Vectra to Amazon Security Lake",
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
          Action: [
            "dynamodb:BatchGetItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
          ],
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

  it("refuses more tenants than Lambda's environment holds, before Lambda does", () => {
    const tenants = Array.from({ length: 40 }, (_, index) => ({ ...acme, name: `tenant-${index}` }));
    expect(() => synth({ tenants })).toThrow(
      /tenants is a list of 40: must fit the 4096 bytes of Lambda's environment, and takes at least \d+. Divide/,
    );
  });
});

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
