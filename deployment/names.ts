import type { DeploymentInput, Sound } from "./rules/rule.js";
import type { Deployment } from "./schema.js";

/** The name of everything that a deployment creates by name. */
export interface DeploymentNames {
  readonly trail: string;
  readonly logBucket: string;
  /** Without `alias/`. */
  readonly logKeyAlias: string;
  readonly topic: string;
  readonly vectraRole: string;
  readonly customSource: string;
  readonly crawlerRole: string;
  /** What the names of the exporter's function, table, roles, schedules and alarms begin with. */
  readonly exporter: string;
}

/**
 * The names that a deployment sets, and defaults for the others.
 *
 * All of them are ours, never Terraform's or AWS's choice: that is how every stack can compose the ARNs of
 * what another stack makes.
 */
export function deploymentNames(deployment: Deployment): DeploymentNames {
  const { name, region, accounts, cloudTrail, securityLake } = deployment;
  return {
    trail: cloudTrail.trail.create.name ?? name,
    logBucket: cloudTrail.logBucket.create.name ?? defaultLogBucketName(name, accounts.logArchive.id, region),
    logKeyAlias: `${name}-logs`,
    topic: cloudTrail.topic.create.name ?? `${name}-logs`,
    vectraRole: cloudTrail.role.create.name ?? `${name}-log-reader`,
    customSource: securityLake.customSource.create.name ?? name,
    crawlerRole: `${name}-crawler`,
    exporter: exporterName(name),
  };
}

/** What the names of the exporter's resources begin with. */
export function exporterName(name: string): string {
  return `${name}-exporter`;
}

/** The log bucket's name, as far as an unfinished deployment says it. */
export function logBucketName(deployment: Sound<DeploymentInput>): string | undefined {
  const { name, region, accounts, cloudTrail } = deployment;
  const account = accounts?.logArchive?.id;
  const complete = name !== undefined && account !== undefined && region !== undefined;
  return (
    cloudTrail?.logBucket?.create?.name ??
    (complete ? defaultLogBucketName(name, account, region) : undefined)
  );
}

/** Bucket names are unique in all of AWS, so account and region belong in them. */
function defaultLogBucketName(name: string, account: string, region: string): string {
  return `${name}-logs-${account}-${region}`;
}
