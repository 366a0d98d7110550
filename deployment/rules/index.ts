import { alarmActionsInLakeRegion } from "./alarm-actions-in-lake-region.js";
import { assumedRolesInTheirAccount } from "./assumed-roles-in-their-account.js";
import { boundaryInLogArchive } from "./boundary-in-log-archive.js";
import { expiryAfterTransition } from "./expiry-after-transition.js";
import { lakeBucketInLakeRegion } from "./lake-bucket-in-lake-region.js";
import { logBucketNotWatched } from "./log-bucket-not-watched.js";
import { namesFit } from "./names-fit.js";
import type { Rule } from "./rule.js";
import { secretsBesideExporter } from "./secrets-beside-exporter.js";
import { tenantsDiffer } from "./tenants-differ.js";

/** Every rule over several fields of a deployment. A new one is one file and one line here. */
export const RULES: readonly Rule[] = [
  assumedRolesInTheirAccount,
  namesFit,
  logBucketNotWatched,
  expiryAfterTransition,
  boundaryInLogArchive,
  lakeBucketInLakeRegion,
  tenantsDiffer,
  secretsBesideExporter,
  alarmActionsInLakeRegion,
];
