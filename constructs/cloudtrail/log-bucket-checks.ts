import type { Construct } from "constructs";
import { expiryAfterTransition } from "../../facts/checks/expiry-after-transition.js";
import { enforceCheck } from "../check.js";
import { enforce, refuse } from "../expectation.js";
import { ACCOUNT_ID, BUCKET_NAME, PARTITION, REGION } from "../expectations.js";
import { enforceKnownStructure } from "../known-structure.js";
import { DAYS, KEY_PREFIX, LOCK_DAYS } from "./expectations.js";
import { enforceKeyRegion } from "./key-region.js";
import type { LogBucketProps } from "./log-bucket-props.js";

/** @throws Error for what S3 would refuse, and for what would lose logs or never let them go. */
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
  enforceKeyRegion(bucket, props, "S3 encrypts with keys of the bucket's own region");
  enforce(bucket, "objectLock.days", props.objectLock?.days, LOCK_DAYS);
  enforce(bucket, "accessLogs.bucketName", props.accessLogs?.bucketName, BUCKET_NAME);
  enforceCheck(bucket, expiryAfterTransition, {
    expireAfterDays: props.expireAfterDays,
    transitionToGlacierAfterDays: props.transitionToGlacierAfterDays,
  });
  checkObjectLock(bucket, props);
  checkAccessLogs(bucket, props);
}

function checkObjectLock(bucket: Construct, { objectLock, retain }: LogBucketProps): void {
  if (objectLock?.mode === "COMPLIANCE" && retain === false) {
    refuse(
      bucket,
      "objectLock.mode",
      '"COMPLIANCE"',
      "and retain is false: a bucket with logs that nobody can delete cannot be destroyed",
      'Leave retain out, or choose "GOVERNANCE".',
    );
  }
}

function checkAccessLogs(bucket: Construct, { accessLogs, bucketName }: LogBucketProps): void {
  if (accessLogs !== undefined && accessLogs.bucketName === bucketName) {
    refuse(
      bucket,
      "accessLogs.bucketName",
      JSON.stringify(bucketName),
      "is the log bucket itself, where each access log would be one more access",
      "Name another bucket of the account.",
    );
  }
}
