import { topicArn } from "../../facts/arn.js";
import { DEPLOYMENT_OPTIONS } from "../../facts/options/deployment.js";
import type { Deployment } from "../schema/deployment.js";
import type { DeploymentInput, Sound } from "../schema/sound.js";
import { accountFor, soundAccountFor } from "./accounts.js";

/** The name of everything that the CloudTrail half creates by name. */
export interface CloudTrailNames {
  readonly trail: string;
  readonly logBucket: string;
  /** Without `alias/`. */
  readonly logKeyAlias: string;
  readonly topic: string;
  readonly vectraRole: string;
  readonly trailLogGroup: string;
  readonly trailLogGroupRole: string;
}

/** The name of everything that the Security Lake half creates by name. */
export interface SecurityLakeNames {
  readonly customSource: string;
  readonly crawlerRole: string;
  /** What the names of the exporter's function, table, roles, schedules and alarms begin with. */
  readonly exporter: string;
}

type CloudTrail = NonNullable<Deployment["cloudTrail"]>;
type SecurityLake = NonNullable<Deployment["securityLake"]>;

/**
 * The names that a deployment sets, and defaults for the others.
 *
 * All of them are ours, never chosen by Terraform or AWS, so every stack can compose the ARNs of what another stack
 * creates.
 */
export function cloudTrailNames(deployment: Deployment, cloudTrail: CloudTrail): CloudTrailNames {
  const { name, region } = deployment;
  const { trail, logBucket, topic, role } = cloudTrail;
  const trailName = trail.create?.name ?? name;
  return {
    trail: trailName,
    logBucket:
      logBucket.existing?.name ??
      logBucket.create?.name ??
      defaultLogBucketName(name, accountFor(deployment, "logArchive").id, region),
    logKeyAlias: `${name}-logs`,
    topic: topic.create?.name ?? defaultTopicName(name),
    vectraRole: role.create?.name ?? `${name}-log-reader`,
    trailLogGroup: trail.create?.cloudWatchLogs?.logGroupName ?? `/aws/cloudtrail/${trailName}`,
    trailLogGroupRole: trail.create?.cloudWatchLogs?.role.name ?? `${name}-cloudwatch-logs`,
  };
}

/** {@link cloudTrailNames} of the Security Lake half. */
export function securityLakeNames({ name }: Deployment, { customSource }: SecurityLake): SecurityLakeNames {
  return {
    customSource: sourceNameIn(customSource.existing?.location) ?? customSource.create?.name ?? name,
    crawlerRole: `${name}-crawler`,
    exporter: exporterName(name),
  };
}

/** `s3://bucket/ext/source/` -> `source`. */
function sourceNameIn(location: string | undefined): string | undefined {
  return location?.split("/")[4];
}

/** What the names of the exporter's resources begin with. */
export function exporterName(name: string): string {
  return `${name}-exporter`;
}

/** The log bucket's name, as far as an unfinished deployment determines it. */
export function logBucketName(deployment: Sound<DeploymentInput>): string | undefined {
  const { name, region, cloudTrail } = deployment;
  const { create, existing } = cloudTrail?.logBucket ?? {};
  const given = existing?.name ?? create?.name;
  const account = soundAccountFor(deployment, "logArchive")?.id;
  const complete =
    create !== undefined && name !== undefined && account !== undefined && region !== undefined;
  return given ?? (complete ? defaultLogBucketName(name, account, region) : undefined);
}

/** The ARN of the topic that announces log files, as far as an unfinished deployment determines it. */
export function logTopicArn(deployment: Sound<DeploymentInput>): string | undefined {
  const { name, region, partition = DEPLOYMENT_OPTIONS.partition.default, cloudTrail } = deployment;
  const account = soundAccountFor(deployment, "logArchive")?.id;
  const { create, existing } = cloudTrail?.topic ?? {};
  if (existing !== undefined) {
    return existing.arn;
  }
  const complete =
    cloudTrail !== undefined && name !== undefined && account !== undefined && region !== undefined;
  return complete
    ? topicArn({ partition, region, accountId: account, topicName: create?.name ?? defaultTopicName(name) })
    : undefined;
}

function defaultTopicName(name: string): string {
  return `${name}-logs`;
}

/** Bucket names are unique in all of AWS, so account and region belong in them. */
function defaultLogBucketName(name: string, account: string, region: string): string {
  return `${name}-logs-${account}-${region}`;
}
