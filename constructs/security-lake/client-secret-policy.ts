import type { AccountAndRegion } from "../../facts/arn.js";
import { accountRootArn } from "../../facts/arn.js";
import type { PolicyStatement } from "../iam/policy.js";
import { viaService } from "../partition.js";
import type { ClientSecretKey } from "./client-secret-keys.js";

/** The exporter's role reads the API clients of its tenants, and no other secret. */
export function readClientSecrets(secretArns: readonly string[]): PolicyStatement {
  return {
    Sid: "ReadClientSecrets",
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
    Resource: secretArns,
  };
}

/**
 * The exporter's role decrypts with a customer key through Secrets Manager alone, and these secrets alone.
 *
 * @param ordinal number of the key among those of the role, from 1; a Sid is unique in its policy.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export function decryptClientSecrets(
  { kmsKeyArn, secretArns }: ClientSecretKey,
  accountAndRegion: AccountAndRegion,
  ordinal: number,
): PolicyStatement {
  return {
    Sid: `DecryptClientSecrets${ordinal === 1 ? "" : ordinal}`,
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: kmsKeyArn,
    Condition: {
      StringEquals: {
        "kms:ViaService": viaService("secretsmanager", accountAndRegion),
        "kms:EncryptionContext:SecretARN": oneOrMore(secretArns),
      },
    },
  };
}

/** The account is the principal and the role a condition: KMS refuses a principal that does not exist yet. */
export function exporterDecryptsClientSecrets(
  { secretArns }: ClientSecretKey,
  accountAndRegion: AccountAndRegion,
  executionRoleArn: string,
): PolicyStatement {
  return {
    Sid: "ExporterDecryptsClientSecrets",
    Effect: "Allow",
    Principal: { AWS: accountRootArn(accountAndRegion) },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: {
      ArnEquals: { "aws:PrincipalArn": executionRoleArn },
      StringEquals: {
        "kms:ViaService": viaService("secretsmanager", accountAndRegion),
        "kms:EncryptionContext:SecretARN": oneOrMore(secretArns),
      },
    },
  };
}

function oneOrMore(values: readonly [string, ...string[]]): string | readonly string[] {
  return values.length === 1 ? values[0] : values;
}
