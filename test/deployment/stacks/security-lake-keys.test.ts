import { describe, expect, it } from "vitest";
import { onlyDiagnosticOf } from "../errors.js";
import { securityLakeFile, synthSecurityLake } from "../security-lake-deployment.js";
import { statementsOf } from "../synthesized.js";

const KEY = "arn:aws:kms:eu-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
const SECRET = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf";

function withSecretKey(kmsKeyArn: string, exporter?: string): string {
  return securityLakeFile({
    ...(exporter === undefined ? {} : { exporter }),
    tenants: `      - name: acme
        url: https://123123123123.uw2.portal.vectra.ai
        secret:
          existing:
            arn: ${SECRET}
            kmsKeyArn: ${kmsKeyArn}`,
  });
}

describe("GIVEN an existing secret with a customer key", () => {
  it("WHEN it is synthesized THEN the function may decrypt it, and a person learns the key's statement", () => {
    const { stack, summary } = synthSecurityLake(withSecretKey(KEY, "rolePath: /vendors/"));
    const policy = stack.resource["aws_iam_role_policy"]?.["exporter_function_policy"]?.["policy"];

    expect(statementsOf(policy)["DecryptClientSecrets"]).toEqual({
      Sid: "DecryptClientSecrets",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: KEY,
      Condition: {
        StringEquals: {
          "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
          "kms:EncryptionContext:SecretARN": SECRET,
        },
      },
    });
    const step = summary?.toDo.find(({ what }) => what.includes(KEY));
    expect(step?.what).toBe(
      `Before you apply, add this statement to the policy of the key ${KEY}, unless that policy leaves the decision ` +
        "to the account's IAM policies (as AWS's default key policy does), so that the exporter may decrypt its " +
        "client secrets.",
    );
    expect(JSON.parse(step?.text ?? "")).toMatchObject({
      Sid: "ExporterDecryptsClientSecrets",
      Condition: {
        ArnEquals: {
          "aws:PrincipalArn": "arn:aws:iam::333333333333:role/vendors/vectra-cdr-exporter-execution",
        },
      },
    });
  });

  it("WHEN the key is in another region THEN it is refused at its line", () => {
    const elsewhere = KEY.replace("eu-west-1", "us-east-1");

    expect(onlyDiagnosticOf(withSecretKey(elsewhere))).toMatchObject({
      line: 17,
      column: 24,
      field: "securityLake.exporter.tenants[0].secret.existing.kmsKeyArn",
      problem: "the key is in us-east-1, but what it encrypts is in eu-west-1",
      allowed: "a key in eu-west-1",
      remedy: "Use a key in eu-west-1, or correct region.",
    });
  });

  it("WHEN the key is of another partition THEN it is refused at its line", () => {
    expect(onlyDiagnosticOf(withSecretKey(KEY.replace("arn:aws:", "arn:aws-us-gov:")))).toMatchObject({
      line: 17,
      field: "securityLake.exporter.tenants[0].secret.existing.kmsKeyArn",
      allowed: "an ARN beginning with arn:aws:",
    });
  });

  it("WHEN an alias is named THEN it is refused at its line", () => {
    expect(onlyDiagnosticOf(withSecretKey("alias/secrets"))).toMatchObject({
      line: 17,
      field: "securityLake.exporter.tenants[0].secret.existing.kmsKeyArn",
      allowed: "arn:aws:kms:<region>:<12 digits>:key/<id>",
      remedy:
        'Read the ARN of the key, not of its alias, with "aws kms describe-key --key-id alias/<name>" (Arn).',
    });
  });
});

describe("GIVEN an organization that puts roles under a path", () => {
  it("WHEN the file names paths THEN the exporter's roles and the crawler's have them", () => {
    const { stack } = synthSecurityLake(
      securityLakeFile({ source: ", rolePath: /crawlers/", exporter: "rolePath: /vendors/" }),
    );

    expect(
      Object.entries(stack.resource["aws_iam_role"] ?? {}).map(([name, { path }]) => [name, path]),
    ).toEqual([
      ["custom-source_crawler-role", "/crawlers/"],
      ["exporter_function_role", "/vendors/"],
      ["exporter_schedules_role", "/vendors/"],
    ]);
  });

  it.each([
    ["exporter", { exporter: "rolePath: vendors" }, 10],
    ["customSource.create", { source: ", rolePath: vendors" }, 8],
  ])("WHEN %s has a path without slashes THEN it is refused at its line", (field, parts, line) => {
    expect(onlyDiagnosticOf(securityLakeFile(parts))).toMatchObject({
      line,
      field: `securityLake.${field}.rolePath`,
    });
  });
});
