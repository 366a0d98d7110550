import type { Construct } from "constructs";
import { accessLogsElsewhere } from "../../facts/checks/access-logs-elsewhere.js";
import { expiryAfterTransition } from "../../facts/checks/expiry-after-transition.js";
import { lockBeforeExpiry } from "../../facts/checks/lock-before-expiry.js";
import { objectLockMode } from "../../facts/checks/object-lock-mode.js";
import { LOG_BUCKET_OPTIONS, OBJECT_LOCK_OPTIONS } from "../../facts/options/log-bucket.js";
import { LOG_BUCKET_SENTENCES, OBJECT_LOCK_SENTENCES } from "../../facts/sentences/cloudtrail.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceOptions } from "../expectation.js";
import { ACCOUNT_ID, BUCKET_NAME, PARTITION, REGION } from "../expectations.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import type { LogBucketProps } from "./log-bucket-props.js";
import { enforceLogKeyRegion } from "./log-key-region.js";

/** @throws PropError for what S3 would refuse, and for what would lose logs or could never be destroyed. */
export function enforceLogBucketProps(bucket: Construct, props: LogBucketProps): void {
  enforceKnownStructure(bucket, props);
  enforceRequired(bucket, props, { region: true, bucketName: true, accountId: true, key: true });
  enforceOptions(bucket, "", props, LOG_BUCKET_OPTIONS, LOG_BUCKET_SENTENCES);
  enforce(bucket, "partition", props.partition, PARTITION);
  enforce(bucket, "accountId", props.accountId, ACCOUNT_ID);
  enforce(bucket, "region", props.region, REGION);
  enforceLogKeyRegion(bucket, props);
  enforceOptions(bucket, "objectLock.", props.objectLock, OBJECT_LOCK_OPTIONS, OBJECT_LOCK_SENTENCES);
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
