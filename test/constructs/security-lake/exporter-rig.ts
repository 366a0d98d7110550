import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import { afterAll } from "vitest";
import {
  CustomSource,
  type CustomSourceAttributes,
  Exporter,
  type ExporterProps,
  type ExporterTenant,
  type ICustomSource,
} from "../../../constructs/security-lake/index.js";
import { synthTemplate, type Template } from "../template.js";

export const PROVIDER_ROLE =
  "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1";
export const LOCATION = "s3://aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-cdr/";
export const HASH = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
export const QUEUE = "arn:aws:sqs:eu-west-1:333333333333:vectra-exporter-dead-letters";
export const FUNCTION = "arn:aws:lambda:eu-west-1:333333333333:function:vectra-exporter";
export const KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
export const VPC = {
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  securityGroupIds: ["sg-0123456789abcdef0"],
};

export const acme: ExporterTenant = {
  name: "acme",
  url: "https://123123123123.uw2.portal.vectra.ai",
  partitionAccountId: "333333333333",
};

/** The execution role's policy without anything optional. */
export const LEAST_STATEMENTS = [
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
];

/** A custom source that exists, in a stack of its own unless a scope is given. */
export function existingSource(
  attributes: Partial<CustomSourceAttributes> = {},
  scope: Construct = new TerraformStack(Testing.app(), "lake"),
): ICustomSource {
  return CustomSource.fromCustomSourceAttributes(scope, "custom-source", {
    location: LOCATION,
    region: "eu-west-1",
    accountId: "333333333333",
    providerRoleArn: PROVIDER_ROLE,
    externalId: "0123456789abcdef",
    ...attributes,
  });
}

/** Props of an exporter with one tenant and nothing optional. Its bundle is deleted after the tests of the file. */
export function requiredProps(): ExporterProps {
  const directory = mkdtempSync(join(tmpdir(), "exporter bundle "));
  const zipPath = join(directory, "security-lake-exporter.zip");
  writeFileSync(zipPath, "zip");
  afterAll(() => rmSync(directory, { recursive: true }));
  return {
    name: "vectra-exporter",
    accountId: "333333333333",
    region: "eu-west-1",
    bundle: { zipPath, sourceCodeHash: HASH },
    tenants: [acme],
    customSource: existingSource(),
  };
}

/** Synthesizes an exporter with the required props and the given ones. */
export function synthExporter(required: ExporterProps, props: Partial<ExporterProps> = {}): Template {
  return synthTemplate((stack) => new Exporter(stack, "exporter", { ...required, ...props }));
}

/** Environment variables of the exporter's function. */
export function environment(template: Template): Record<string, string> {
  const { variables } = template.resource("aws_lambda_function")["environment"] as {
    variables: Record<string, string>;
  };
  return variables;
}
