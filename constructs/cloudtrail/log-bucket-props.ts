import type { ILogKey } from "./log-key-base.js";

export interface LogBucketProps {
  /** Name of the bucket. */
  readonly bucketName: string;
  /** Account that owns the bucket, 12 digits. */
  readonly accountId: string;
  /** Region of the bucket, which is the provider's. */
  readonly region: string;
  /**
   * Prefix of all log keys, without slashes at its ends: `<keyPrefix>/AWSLogs/...`. The trail needs the same.
   *
   * @default - logs begin at `AWSLogs/`
   */
  readonly keyPrefix?: string | undefined;
  /** Key that encrypts what arrives, of the bucket's region. */
  readonly key: ILogKey;
  /**
   * Age at which logs move to S3 Glacier Flexible Retrieval, in days, 1 to 36500. S3 leaves objects under 128 KB where
   * they are.
   *
   * @default 90
   */
  readonly transitionToGlacierAfterDays?: number | undefined;
  /**
   * Age at which logs expire, in days, 2 to 36500.
   *
   * @default 365
   */
  readonly expireAfterDays?: number | undefined;
  /**
   * Days for which an overwritten or deleted log can still be recovered, 1 to 36500.
   *
   * @default 30
   */
  readonly noncurrentExpireAfterDays?: number | undefined;
  /**
   * Keeps every log from being overwritten or deleted for some days, by any principal.
   *
   * @default - no object lock
   */
  readonly objectLock?: ObjectLock | undefined;
  /**
   * Records who reads the bucket, in another one.
   *
   * @default - no access logs
   */
  readonly accessLogs?: AccessLogs | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the bucket; with `false` it also deletes the logs in it.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/** Protection of logs from everybody, for a time. */
export interface ObjectLock {
  /** `GOVERNANCE` can be lifted with a permission of its own, `COMPLIANCE` not at all, not even by AWS. */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** Days for which each log is locked from its arrival, 1 to 36500. */
  readonly days: number;
}

/** Where S3 writes down who used the bucket. */
export interface AccessLogs {
  /** Another bucket in the same account and region, which lets `logging.s3.amazonaws.com` write. */
  readonly bucketName: string;
  /**
   * Beginning of the access logs' keys.
   *
   * @default - none
   */
  readonly prefix?: string | undefined;
}
