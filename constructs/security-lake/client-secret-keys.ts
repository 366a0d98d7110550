import type { Construct } from "constructs";
import { accountRootArn } from "../iam/arn.js";
import type { PolicyStatement } from "../iam/policy.js";
import { viaService } from "../partition.js";
import { enforce, enforceRegion } from "../rule.js";
import { KEY_ARN } from "../rules.js";
import type { Home } from "./arn.js";
import type { ExporterTenant } from "./exporter-tenant.js";

/** A customer key, and the tenants' secrets that it encrypts. */
export interface ClientSecretKey {
  readonly kmsKeyArn: string;
  readonly secretArns: readonly [string, ...string[]];
}

/** What the owner of a key has to add to its policy. */
export interface KeyStatementToAdd {
  readonly kmsKeyArn: string;
  readonly statement: PolicyStatement;
}

/**
 * The customer keys of existing secrets, each once.
 *
 * @param exporterKeyArn the exporter's own key, which its role may use anyway.
 */
export function clientSecretKeys(
  tenants: readonly ExporterTenant[],
  exporterKeyArn: string | undefined,
): ClientSecretKey[] {
  const keys = new Map<string, [string, ...string[]]>();
  for (const { secret } of tenants) {
    if (secret?.kmsKeyArn !== undefined && secret.kmsKeyArn !== exporterKeyArn) {
      const earlier = keys.get(secret.kmsKeyArn) ?? [];
      keys.set(secret.kmsKeyArn, [...earlier, secret.existingArn] as [string, ...string[]]);
    }
  }
  return [...keys].map(([kmsKeyArn, secretArns]) => ({ kmsKeyArn, secretArns }));
}

/** @throws PropError for what is not a key's ARN, and for a key in another region than its secret. */
export function checkClientSecretKeys(
  construct: Construct,
  tenants: readonly ExporterTenant[],
  region: string,
): void {
  tenants.forEach(({ secret }, index) => {
    const prop = `tenants[${index}].secret.kmsKeyArn`;
    enforce(construct, prop, secret?.kmsKeyArn, KEY_ARN);
    enforceRegion(
      construct,
      prop,
      secret?.kmsKeyArn,
      region,
      "Secrets Manager uses keys of the secret's region",
    );
  });
}

/**
 * Only through Secrets Manager, and only for these secrets: whatever else the key encrypts stays closed.
 *
 * @param ordinal number of the key among those of the role, from 1; a Sid is unique in its policy.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
export function decryptClientSecrets(
  { kmsKeyArn, secretArns }: ClientSecretKey,
  home: Home,
  ordinal: number,
): PolicyStatement {
  return {
    Sid: `DecryptClientSecrets${ordinal === 1 ? "" : ordinal}`,
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: kmsKeyArn,
    Condition: {
      StringEquals: {
        "kms:ViaService": viaService("secretsmanager", home),
        "kms:EncryptionContext:SecretARN": oneOrMore(secretArns),
      },
    },
  };
}

/** The account is the principal and the role a condition: KMS refuses a principal that does not exist yet. */
export function exporterDecryptsClientSecrets(
  { secretArns }: ClientSecretKey,
  home: Home,
  executionRoleArn: string,
): PolicyStatement {
  return {
    Sid: "ExporterDecryptsClientSecrets",
    Effect: "Allow",
    Principal: { AWS: accountRootArn(home) },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: {
      ArnEquals: { "aws:PrincipalArn": executionRoleArn },
      StringEquals: {
        "kms:ViaService": viaService("secretsmanager", home),
        "kms:EncryptionContext:SecretARN": oneOrMore(secretArns),
      },
    },
  };
}

function oneOrMore(values: readonly [string, ...string[]]): string | readonly string[] {
  return values.length === 1 ? values[0] : values;
}
