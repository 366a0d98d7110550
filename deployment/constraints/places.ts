import type { AccountPart } from "../plan/accounts.js";
import { logBucketName } from "../plan/names.js";
import type { DeploymentInput, Sound } from "../schema/sound.js";
import { at, derived, firstSet, type Place } from "./from-check.js";

/** Region of the lake: its own, or the deployment's. */
export function lakeRegion(deployment: Sound<DeploymentInput>): Place<string> {
  return firstSet(at(deployment, "securityLake", "region"), at(deployment, "region"));
}

/** Region of the log bucket: an existing one's own, or the deployment's. */
export function logBucketRegion(deployment: Sound<DeploymentInput>): Place<string> {
  return firstSet(at(deployment, "cloudTrail", "logBucket", "existing", "region"), at(deployment, "region"));
}

/** The account that has a part in the deployment: its own, or the single one. */
export function accountOf(deployment: Sound<DeploymentInput>, part: AccountPart): Place<string> {
  return firstSet(at(deployment, "accounts", part, "id"), at(deployment, "accounts", "single", "id"));
}

/** Name of the log bucket, given or composed. */
export function nameOfLogBucket(deployment: Sound<DeploymentInput>): Place<string> {
  return derived(logBucketName(deployment), "cloudTrail", "logBucket");
}

/** A place for each tenant of the exporter. */
export function tenantsOf<T>(
  { securityLake }: Sound<DeploymentInput>,
  placeOf: (index: number) => Place<T>,
): Place<T>[] {
  return [...(securityLake?.exporter?.tenants ?? []).keys()].map(placeOf);
}
