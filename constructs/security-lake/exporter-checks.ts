import type { Construct } from "constructs";
import { alarmTopicRegion } from "../../facts/checks/alarm-topic-region.js";
import { boundaryAccount } from "../../facts/checks/boundary-account.js";
import { scheduleWithinAlarm } from "../../facts/checks/schedule-within-alarm.js";
import { secretBesideExporter } from "../../facts/checks/secret-beside-exporter.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceEach, enforceSome } from "../expectation.js";
import { ACCOUNT_ID, KEY_ARN, LOG_RETENTION, PARTITION, REGION, SECURITY_GROUP_ID } from "../expectations.js";
import { POLICY_ARN, ROLE_PATH } from "../iam/expectations.js";
import { enforceKeyRegion } from "../key-region.js";
import { checkClientSecretKeys } from "./client-secret-keys.js";
import {
  ARCHITECTURE,
  EXPORTER_NAME,
  LAG_THRESHOLD,
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

/** @throws PropError for what AWS or the function would refuse. */
export function checkExporter(construct: Construct, props: ExporterProps): void {
  enforce(construct, "name", props.name, EXPORTER_NAME);
  enforce(construct, "accountId", props.accountId, ACCOUNT_ID);
  enforce(construct, "region", props.region, REGION);
  enforce(construct, "partition", props.partition, PARTITION);
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
  enforceKeyRegion(construct, "kmsKeyArn", props.kmsKeyArn, props.region);
  enforceCheck(construct, boundaryAccount, {
    permissionsBoundary: props.permissionsBoundary,
    accountId: props.accountId,
  });
  checkVpc(construct, props.vpc);
  checkBackfill(construct, props.backfill, props.reservedConcurrentExecutions);
  enforce(construct, "logRetentionDays", props.logRetentionDays, LOG_RETENTION);
  enforce(construct, "lagThresholdSeconds", props.lagThresholdSeconds, LAG_THRESHOLD);
  enforceEach(construct, "alarmActions", props.alarmActions, TOPIC_ARN);
  enforceCheck(
    construct,
    alarmTopicRegion,
    { topicArns: props.alarmActions ?? [], region: props.region },
    { topicArns: (index) => `alarmActions[${index}]` },
  );
  enforce(construct, "schedule", props.schedule, SCHEDULE_EXPRESSION);
  enforceCheck(construct, scheduleWithinAlarm, { schedule: props.schedule });
  checkTenants(construct, props.tenants, props.customSource.eventClass);
  enforceCheck(
    construct,
    secretBesideExporter,
    {
      secretArns: props.tenants.map(({ secret }) => secret?.existingArn),
      accountId: props.accountId,
      region: props.region,
    },
    { secretArns: (index) => `tenants[${index}].secret.existingArn` },
  );
  checkClientSecretKeys(construct, props.tenants, props.region);
  checkAthenaQueries(construct, props.athenaQueries, props.customSource.table, props.tenants);
  checkAccumulation(construct, props.tenants, props.lagThresholdSeconds);
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
