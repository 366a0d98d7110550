import { accessLogsElsewhere } from "./access-logs-elsewhere.js";
import { alarmTopicRegion } from "./alarm-topic-region.js";
import { athenaQueriesHaveTable } from "./athena-queries-have-table.js";
import { backfillLeavesRuns } from "./backfill-leaves-runs.js";
import { boundaryAccount } from "./boundary-account.js";
import type { Check } from "./check.js";
import { cloudTrailJoinHasIdentities } from "./cloudtrail-join-has-identities.js";
import { expiryAfterTransition } from "./expiry-after-transition.js";
import { insightsHaveEvents } from "./insights-have-events.js";
import { keyRegion } from "./key-region.js";
import { lagAboveAccumulation } from "./lag-above-accumulation.js";
import { lakeBucketRegion } from "./lake-bucket-region.js";
import { lockBeforeExpiry } from "./lock-before-expiry.js";
import { logBucketNotWatched } from "./log-bucket-not-watched.js";
import { notificationEntries } from "./notification-entries.js";
import { notificationsListed } from "./notifications-listed.js";
import { objectLockMode } from "./object-lock-mode.js";
import { ownedPolicyStated } from "./owned-policy-stated.js";
import { partitionFeatures } from "./partition-features.js";
import { providerRoleAccount } from "./provider-role-account.js";
import { s3TopicRegion } from "./s3-topic-region.js";
import { scheduleWithinAlarm } from "./schedule-within-alarm.js";
import { secretBesideExporter } from "./secret-beside-exporter.js";
import { tagKeysDiffer } from "./tag-keys-differ.js";
import { tenantsDiffer } from "./tenants-differ.js";
import { tenantsShareClass } from "./tenants-share-class.js";
import { vectraPrincipal } from "./vectra-principal.js";

/** Every check over several values, by the name of its file. A new one is one file and one line here. */
export const CHECKS = {
  "access-logs-elsewhere": accessLogsElsewhere,
  "alarm-topic-region": alarmTopicRegion,
  "athena-queries-have-table": athenaQueriesHaveTable,
  "backfill-leaves-runs": backfillLeavesRuns,
  "boundary-account": boundaryAccount,
  "cloudtrail-join-has-identities": cloudTrailJoinHasIdentities,
  "expiry-after-transition": expiryAfterTransition,
  "insights-have-events": insightsHaveEvents,
  "key-region": keyRegion,
  "lag-above-accumulation": lagAboveAccumulation,
  "lake-bucket-region": lakeBucketRegion,
  "lock-before-expiry": lockBeforeExpiry,
  "log-bucket-not-watched": logBucketNotWatched,
  "notification-entries": notificationEntries,
  "notifications-listed": notificationsListed,
  "object-lock-mode": objectLockMode,
  "owned-policy-stated": ownedPolicyStated,
  "partition-features": partitionFeatures,
  "provider-role-account": providerRoleAccount,
  "s3-topic-region": s3TopicRegion,
  "schedule-within-alarm": scheduleWithinAlarm,
  "secret-beside-exporter": secretBesideExporter,
  "tag-keys-differ": tagKeysDiffer,
  "tenants-differ": tenantsDiffer,
  "tenants-share-class": tenantsShareClass,
  "vectra-principal": vectraPrincipal,
} as const satisfies Readonly<Record<string, Check<never>>>;
