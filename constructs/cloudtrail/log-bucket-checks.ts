import type { Construct } from "constructs";
import { accessLogsElsewhere } from "../../facts/checks/access-logs-elsewhere.js";
import { expiryAfterTransition } from "../../facts/checks/expiry-after-transition.js";
import { lockBeforeExpiry } from "../../facts/checks/lock-before-expiry.js";
import { objectLockMode } from "../../facts/checks/object-lock-mode.js";
import { enforceCheck } from "../check.js";
import { enforce } from "../expectation.js";
import { ACCOUNT_ID, BUCKET_NAME, PARTITION, REGION } from "../expectations.js";
import { enforceKnownStructure } from "../known-structure.js";
import { DAYS, KEY_PREFIX, LOCK_DAYS } from "./expectations.js";
import type { LogBucketProps } from "./log-bucket-props.js";
import { enforceLogKeyRegion } from "./log-key-region.js";

/** @throws PropError for what S3 would refuse, and for what would lose logs or could never be destroyed. */
export function enforceLogBucketProps(bucket: Construct, props: LogBucketProps): void {
  enforceKnownStructure(bucket, props);
  enforce(bucket, "bucketName", props.bucketName, BUCKET_NAME);
  enforce(bucket, "keyPrefix", props.keyPrefix, KEY_PREFIX);
  enforce(bucket, "transitionToGlacierAfterDays", props.transitionToGlacierAfterDays, DAYS);
  enforce(bucket, "expireAfterDays", props.expireAfterDays, DAYS);
  enforce(bucket, "noncurrentExpireAfterDays", props.noncurrentExpireAfterDays, DAYS);
  enforce(bucket, "partition", props.partition, PARTITION);
  enforce(bucket, "accountId", props.accountId, ACCOUNT_ID);
  enforce(bucket, "region", props.region, REGION);
  enforceLogKeyRegion(bucket, props);
  enforce(bucket, "objectLock.days", props.objectLock?.days, LOCK_DAYS);
  enforce(bucket, "accessLogs.bucketName", props.accessLogs?.bucketName, BUCKET_NAME);
  enforceCheck(bucket, expiryAfterTransition, {
    expireAfterDays: props.expireAfterDays,
    transitionToGlacierAfterDays: props.transitionToGlacierAfterDays,
  });
  enforceCheck(
    bucket,
    objectLockMode,
    { mode: props.objectLock?.mode, retain: props.retain },
    { mode: "objectLock.mode" },
  );
  enforceCheck(
    bucket,
    lockBeforeExpiry,
    { lockDays: props.objectLock?.days, expireAfterDays: props.expireAfterDays },
    { lockDays: "objectLock.days" },
  );
  enforceCheck(
    bucket,
    accessLogsElsewhere,
    { accessLogsBucketName: props.accessLogs?.bucketName, logBucketName: props.bucketName },
    { accessLogsBucketName: "accessLogs.bucketName", logBucketName: "bucketName" },
  );
}
