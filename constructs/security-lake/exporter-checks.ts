import type { Construct } from "constructs";
import { alarmTopicRegion } from "../../facts/checks/alarm-topic-region.js";
import { boundaryAccount } from "../../facts/checks/boundary-account.js";
import { scheduleWithinAlarm } from "../../facts/checks/schedule-within-alarm.js";
import { secretBesideExporter } from "../../facts/checks/secret-beside-exporter.js";
import { EXPORTER_OPTIONS } from "../../facts/options/exporter.js";
import { EXPORTER_SENTENCES } from "../../facts/sentences/exporter.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceEach, enforceOptions, enforceSome } from "../expectation.js";
import { ACCOUNT_ID, PARTITION, REGION, SECURITY_GROUP_ID } from "../expectations.js";
import { enforceKeyRegion } from "../key-region.js";
import { checkClientSecretKeys } from "./client-secret-keys.js";
import { SUBNET_ID, TOPIC_ARN } from "./expectations.js";
import { checkAthenaQueries } from "./exporter-athena-queries.js";
import { checkBackfill } from "./exporter-backfill.js";
import type { ExporterVpc } from "./exporter-function-options.js";
import type { ExporterProps } from "./exporter-props.js";
import { checkAccumulation, checkTenants } from "./exporter-tenant.js";

/** @throws PropError for props that AWS or the function would refuse. */
export function checkExporter(construct: Construct, props: ExporterProps): void {
  enforceOptions(construct, "", props, EXPORTER_OPTIONS, EXPORTER_SENTENCES);
  enforce(construct, "accountId", props.accountId, ACCOUNT_ID);
  enforce(construct, "region", props.region, REGION);
  enforce(construct, "partition", props.partition, PARTITION);
  enforceKeyRegion(construct, "kmsKeyArn", props.kmsKeyArn, props.region);
  enforceCheck(construct, boundaryAccount, {
    permissionsBoundary: props.permissionsBoundary,
    accountId: props.accountId,
  });
  checkVpc(construct, props.vpc);
  checkBackfill(construct, props.backfill, props.reservedConcurrentExecutions);
  enforceEach(construct, "alarmActions", props.alarmActions, TOPIC_ARN);
  enforceCheck(
    construct,
    alarmTopicRegion,
    { topicArns: props.alarmActions ?? [], region: props.region },
    { topicArns: (index) => `alarmActions[${index}]` },
  );
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
  enforceSome(
    construct,
    "vpc.subnetIds",
    subnetIds,
    "Add at least one subnet, preferably two in two Availability Zones.",
  );
  enforceEach(construct, "vpc.subnetIds", subnetIds, SUBNET_ID);
  enforceSome(construct, "vpc.securityGroupIds", securityGroupIds, "Add at least one security group.");
  enforceEach(construct, "vpc.securityGroupIds", securityGroupIds, SECURITY_GROUP_ID);
}
