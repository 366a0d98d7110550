import { accessLogsElsewhere } from "./access-logs-elsewhere.js";
import { accountsGiven } from "./accounts-given.js";
import { accountsUsed } from "./accounts-used.js";
import { alarmActionsOffTheLogTopic } from "./alarm-actions-off-the-log-topic.js";
import { alarmTopicRegion } from "./alarm-topic-region.js";
import { arnsInPartition } from "./arns-in-partition.js";
import { assumedRolesInTheirAccount } from "./assumed-roles-in-their-account.js";
import { athenaQueriesHaveTable } from "./athena-queries-have-table.js";
import { backfillLeavesRuns } from "./backfill-leaves-runs.js";
import { boundaryAccount } from "./boundary-account.js";
import { boundaryOfMembers } from "./boundary-of-members.js";
import { cloudTrailJoinHasIdentities } from "./cloudtrail-join-has-identities.js";
import type { Constraint } from "./constraint.js";
import { delegatedAdministrator } from "./delegated-administrator.js";
import { existingSourceInLake } from "./existing-source-in-lake.js";
import { existingTrailWritesElsewhere } from "./existing-trail-writes-elsewhere.js";
import { expiryAfterTransition } from "./expiry-after-transition.js";
import { insightsHaveEvents } from "./insights-have-events.js";
import { keyRegion } from "./key-region.js";
import { lagAboveAccumulation } from "./lag-above-accumulation.js";
import { lakeBucketRegion } from "./lake-bucket-region.js";
import { lakeOutsideManagement } from "./lake-outside-management.js";
import { leavingSomething } from "./leaving-something.js";
import { lockBeforeExpiry } from "./lock-before-expiry.js";
import { logAccountsListed } from "./log-accounts-listed.js";
import { logBucketNotWatched } from "./log-bucket-not-watched.js";
import { logBucketRegion } from "./log-bucket-region.js";
import { logKeyGiven } from "./log-key-given.js";
import { logKeyRegion } from "./log-key-region.js";
import { membersDiffer } from "./members-differ.js";
import { namesFit } from "./names-fit.js";
import { noPlaceholdersOfCdktf } from "./no-placeholders-of-cdktf.js";
import { notificationEntries } from "./notification-entries.js";
import { notificationsListed } from "./notifications-listed.js";
import { notificationsUsed } from "./notifications-used.js";
import { objectLockMode } from "./object-lock-mode.js";
import { ownedKeyCanBeChanged } from "./owned-key-can-be-changed.js";
import { ownedPoliciesInReach } from "./owned-policies-in-reach.js";
import { ownedPoliciesStated } from "./owned-policies-stated.js";
import { ownedPrincipalsExist } from "./owned-principals-exist.js";
import { partitionFeatures } from "./partition-features.js";
import { providerRoleAccount } from "./provider-role-account.js";
import { providerVersionInRange } from "./provider-version-in-range.js";
import { regionsInPartition } from "./regions-in-partition.js";
import { roleInLogArchive } from "./role-in-log-archive.js";
import { s3TopicRegion } from "./s3-topic-region.js";
import { secretBesideExporter } from "./secret-beside-exporter.js";
import { singleAccountAlone } from "./single-account-alone.js";
import { somethingToDeploy } from "./something-to-deploy.js";
import { tagKeysDiffer } from "./tag-keys-differ.js";
import { tenantsDiffer } from "./tenants-differ.js";
import { tenantsShareClass } from "./tenants-share-class.js";
import { topicIsFed } from "./topic-is-fed.js";
import { trailScope } from "./trail-scope.js";
import { vectraPrincipal } from "./vectra-principal.js";
import { vectraWithCloudTrail } from "./vectra-with-cloudtrail.js";

/** Every constraint over several fields of a deployment. A new one is one file and one line here. */
export const CONSTRAINTS: readonly Constraint[] = [
  assumedRolesInTheirAccount,
  singleAccountAlone,
  accountsGiven,
  accountsUsed,
  membersDiffer,
  somethingToDeploy,
  noPlaceholdersOfCdktf,
  tagKeysDiffer,
  vectraWithCloudTrail,
  regionsInPartition,
  arnsInPartition,
  partitionFeatures,
  providerVersionInRange,
  namesFit,
  trailScope,
  delegatedAdministrator,
  existingTrailWritesElsewhere,
  logKeyGiven,
  logKeyRegion,
  logBucketRegion,
  insightsHaveEvents,
  logBucketNotWatched,
  expiryAfterTransition,
  objectLockMode,
  lockBeforeExpiry,
  accessLogsElsewhere,
  ownedPoliciesStated,
  ownedPoliciesInReach,
  ownedPrincipalsExist,
  ownedKeyCanBeChanged,
  leavingSomething,
  topicIsFed,
  s3TopicRegion,
  notificationsListed,
  notificationsUsed,
  notificationEntries,
  logAccountsListed,
  boundaryAccount,
  boundaryOfMembers,
  roleInLogArchive,
  vectraPrincipal,
  lakeBucketRegion,
  lakeOutsideManagement,
  keyRegion,
  existingSourceInLake,
  providerRoleAccount,
  tenantsDiffer,
  tenantsShareClass,
  secretBesideExporter,
  alarmTopicRegion,
  alarmActionsOffTheLogTopic,
  lagAboveAccumulation,
  backfillLeavesRuns,
  athenaQueriesHaveTable,
  cloudTrailJoinHasIdentities,
];
