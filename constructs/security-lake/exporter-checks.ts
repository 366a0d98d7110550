import type { Construct } from "constructs";
import { enforce, enforceEach, enforceRegion, enforceSome, refuse } from "../expectation.js";
import { ACCOUNT_ID, KEY_ARN, LOG_RETENTION, PARTITION, REGION, SECURITY_GROUP_ID } from "../expectations.js";
import { EXTERNAL_ID, POLICY_ARN, ROLE_ARN, ROLE_PATH } from "../iam/expectations.js";
import { checkClientSecretKeys } from "./client-secret-keys.js";
import {
  ARCHITECTURE,
  EXPORTER_NAME,
  LAG_THRESHOLD,
  LAKE_LOCATION,
  LOG_LEVEL,
  MEMORY_SIZE,
  RESERVED_CONCURRENCY,
  SCHEDULE_EXPRESSION,
  SUBNET_ID,
  TIMEOUT_SECONDS,
  TOPIC_ARN,
} from "./expectations.js";
import { checkAthenaQueries } from "./exporter-athena-queries.js";
import { checkBackfill } from "./exporter-backfill.js";
import type { ExporterVpc } from "./exporter-function-options.js";
import type { ExporterProps } from "./exporter-props.js";
import { checkAccumulation, checkTenants } from "./exporter-tenant.js";

/** Half an hour: as long as a run may be missing before an alarm says so. */
export const DEFAULT_LAG_THRESHOLD_SECONDS = 1800;

/** Longest rate, in minutes, at which the alarm on 30 minutes without success still sees two runs. */
const LONGEST_RATE_MINUTES = 15;

/** @throws PropError for what AWS or the function would refuse. */
export function checkExporter(construct: Construct, props: ExporterProps): void {
  enforce(construct, "name", props.name, EXPORTER_NAME);
  enforce(construct, "accountId", props.accountId, ACCOUNT_ID);
  enforce(construct, "region", props.region, REGION);
  enforce(construct, "partition", props.partition, PARTITION);
  enforce(construct, "lake.location", props.lake.location, LAKE_LOCATION);
  enforce(construct, "lake.region", props.lake.region, REGION);
  enforce(construct, "lake.roleArn", props.lake.roleArn, ROLE_ARN);
  enforce(construct, "lake.externalId", props.lake.externalId, EXTERNAL_ID);
  enforce(construct, "memorySize", props.memorySize, MEMORY_SIZE);
  enforce(construct, "timeoutSeconds", props.timeoutSeconds, TIMEOUT_SECONDS);
  enforce(construct, "architecture", props.architecture, ARCHITECTURE);
  enforce(construct, "logLevel", props.logLevel, LOG_LEVEL);
  enforce(
    construct,
    "reservedConcurrentExecutions",
    props.reservedConcurrentExecutions,
    RESERVED_CONCURRENCY,
  );
  enforce(construct, "rolePath", props.rolePath, ROLE_PATH);
  enforce(construct, "permissionsBoundary", props.permissionsBoundary, POLICY_ARN);
  enforce(construct, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
  enforceRegion(
    construct,
    "kmsKeyArn",
    props.kmsKeyArn,
    props.region,
    "the exporter's table, secrets, queue and logs are there",
  );
  checkVpc(construct, props.vpc);
  checkBackfill(construct, props.backfill, props.reservedConcurrentExecutions);
  enforce(construct, "logRetentionDays", props.logRetentionDays, LOG_RETENTION);
  enforce(construct, "lagThresholdSeconds", props.lagThresholdSeconds, LAG_THRESHOLD);
  enforceEach(construct, "alarmActions", props.alarmActions, TOPIC_ARN);
  checkSchedule(construct, props.schedule);
  checkTenants(construct, props.tenants, props.lake.eventClass);
  checkClientSecretKeys(construct, props.tenants, props.region);
  checkAthenaQueries(construct, props.athenaQueries, props.lake.table, props.tenants);
  checkAccumulation(construct, props.tenants, props.lagThresholdSeconds ?? DEFAULT_LAG_THRESHOLD_SECONDS);
}

function checkVpc(construct: Construct, vpc: ExporterVpc | undefined): void {
  if (vpc === undefined) {
    return;
  }
  const { subnetIds, securityGroupIds } = vpc;
  enforceSome(construct, "vpc.subnetIds", subnetIds, "Name at least one subnet, better two in two zones.");
  enforceEach(construct, "vpc.subnetIds", subnetIds, SUBNET_ID);
  enforceSome(construct, "vpc.securityGroupIds", securityGroupIds, "Name at least one security group.");
  enforceEach(construct, "vpc.securityGroupIds", securityGroupIds, SECURITY_GROUP_ID);
}

function checkSchedule(construct: Construct, schedule: string | undefined): void {
  enforce(construct, "schedule", schedule, SCHEDULE_EXPRESSION);
  const rate = /^rate\((\d+) (minute|hour|day)/.exec(schedule ?? "");
  if (rate !== null && (rate[2] !== "minute" || Number(rate[1]) > LONGEST_RATE_MINUTES)) {
    refuse(
      construct,
      "schedule",
      JSON.stringify(schedule),
      `must be at most ${LONGEST_RATE_MINUTES} minutes apart, because an alarm expects a successful run in every 30`,
      "Choose a shorter rate.",
    );
  }
}
