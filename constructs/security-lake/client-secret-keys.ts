import type { Construct } from "constructs";
import { enforce } from "../expectation.js";
import { KEY_ARN } from "../expectations.js";
import type { PolicyStatement } from "../iam/policy.js";
import { enforceKeyRegion } from "../key-region.js";
import type { ExporterTenant } from "./exporter-tenant-props.js";

/** A customer key, and the tenants' secrets that it encrypts. */
export interface ClientSecretKey {
  readonly kmsKeyArn: string;
  readonly secretArns: readonly [string, ...string[]];
}

/** The statement that the owner of a key must add to its policy. */
export interface KeyStatementToAdd {
  readonly kmsKeyArn: string;
  readonly statement: PolicyStatement;
}

/**
 * The customer keys of existing secrets, each once.
 *
 * @param exporterKeyArn the exporter's own key, which its role may already use.
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

/** @throws PropError for a value that is not a key ARN, and for a key in another region than its secret. */
export function checkClientSecretKeys(
  construct: Construct,
  tenants: readonly ExporterTenant[],
  region: string,
): void {
  tenants.forEach(({ secret }, index) => {
    const prop = `tenants[${index}].secret.kmsKeyArn`;
    enforce(construct, prop, secret?.kmsKeyArn, KEY_ARN);
    enforceKeyRegion(construct, prop, secret?.kmsKeyArn, region);
  });
}
