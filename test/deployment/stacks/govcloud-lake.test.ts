import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { onlyDiagnosticOf } from "../errors.js";
import { synthSecurityLake } from "../security-lake-deployment.js";
import { statementsOf } from "../synthesized.js";

const EXAMPLE = readFileSync(
  join(import.meta.dirname, "..", "..", "..", "examples", "govcloud", "deployment.yaml"),
  "utf8",
);
const KEY = "arn:aws-us-gov:kms:us-gov-west-1:333333333333:key/11111111-2222-3333-4444-555555555555";
const SECRET = "arn:aws-us-gov:secretsmanager:us-gov-west-1:333333333333:secret:acme-AbCdEf";

/** The example with the Security Lake half and every key that the half may name. */
const WITH_LAKE = `${EXAMPLE.replace("accounts:\n", 'accounts:\n  securityLake: { id: "333333333333" }\n')}
securityLake:
  bucketName: aws-security-data-lake-us-gov-west-1-abc123
  kmsKeyArn: ${KEY}
  customSource: { create: { externalId: 4f0c9a7e1d5b48c2, rolePath: /vendors/ } }
  exporter:
    rolePath: /vendors/
    backfill: {}
    tenants:
      - name: acme
        url: https://123123123123.ug1.portal.vectra.ai
        secret: { existing: { arn: "${SECRET}", kmsKeyArn: "${KEY}" } }
`;

describe("GIVEN the GovCloud example with the Security Lake half", () => {
  const { stack, summary } = synthSecurityLake(WITH_LAKE);
  const policyOf = (name: string) => statementsOf(stack.resource["aws_iam_role_policy"]?.[name]?.["policy"]);

  it("THEN nothing in its stack, nor in what a person is told, is of another partition", () => {
    const texts = JSON.stringify(stack) + JSON.stringify(summary?.toDo);

    expect(texts.match(/arn:aws[\w-]*:/g)?.filter((start) => start !== "arn:aws-us-gov:")).toEqual([]);
    expect(texts).not.toContain("amazonaws.com.cn");
  });

  it("THEN the function decrypts its secret through Secrets Manager of the region", () => {
    expect(policyOf("exporter_function_policy")["DecryptClientSecrets"]).toMatchObject({
      Resource: KEY,
      Condition: {
        StringEquals: {
          "kms:ViaService": "secretsmanager.us-gov-west-1.amazonaws.com",
          "kms:EncryptionContext:SecretARN": SECRET,
        },
      },
    });
  });

  it("THEN the crawler decrypts the lake through S3 of the region", () => {
    expect(policyOf("custom-source_crawler-policy")["DecryptLake"]).toMatchObject({
      Resource: KEY,
      Condition: { StringEquals: { "kms:ViaService": "s3.us-gov-west-1.amazonaws.com" } },
    });
  });

  it("THEN the statements for the keys' policies name the partition's roles", () => {
    const statements = (summary?.toDo ?? []).flatMap(({ text }) =>
      text?.startsWith("{") ? [JSON.parse(text) as { Principal: unknown; Condition: object }] : [],
    );

    expect(statements.map(({ Principal, Condition }) => [Principal, Condition])).toEqual([
      [
        { AWS: "arn:aws-us-gov:iam::333333333333:root" },
        {
          ArnEquals: {
            "aws:PrincipalArn": "arn:aws-us-gov:iam::333333333333:role/vendors/vectra-cdr-exporter-execution",
          },
          StringEquals: {
            "kms:ViaService": "secretsmanager.us-gov-west-1.amazonaws.com",
            "kms:EncryptionContext:SecretARN": SECRET,
          },
        },
      ],
      [
        { AWS: "arn:aws-us-gov:iam::333333333333:root" },
        {
          ArnEquals: {
            "aws:PrincipalArn": "arn:aws-us-gov:iam::333333333333:role/vendors/vectra-cdr-crawler",
          },
          StringEquals: { "kms:ViaService": "s3.us-gov-west-1.amazonaws.com" },
        },
      ],
      [
        {
          AWS: "arn:aws-us-gov:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-us-gov-west-1",
        },
        { StringEquals: { "kms:ViaService": "s3.us-gov-west-1.amazonaws.com" } },
      ],
    ]);
  });

  it("THEN it asks for a provider that reads a bucket's tags there", () => {
    expect(stack.terraform.required_providers).toEqual({
      aws: { source: "aws", version: ">= 6.29.0, < 7.0.0" },
    });
  });

  it("WHEN one of its keys is of the commercial partition THEN it is refused", () => {
    const text = WITH_LAKE.replace(`kmsKeyArn: ${KEY}`, `kmsKeyArn: ${KEY.replace("aws-us-gov", "aws")}`);

    expect(onlyDiagnosticOf(text)).toMatchObject({
      field: "securityLake.kmsKeyArn",
      allowed: "an ARN beginning with arn:aws-us-gov:",
    });
  });
});
