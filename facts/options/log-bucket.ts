import { BUCKET_NAME, KEY_PREFIX } from "../patterns.js";
import type { Options } from "./option.js";

/** S3 stores, moves and locks objects for at most 100 years. */
const MAX_DAYS = 36_500;

/** Options of a log bucket that is created. */
export const LOG_BUCKET_OPTIONS = {
  bucketName: { kind: "text", pattern: BUCKET_NAME },
  keyPrefix: { kind: "text", pattern: KEY_PREFIX },
  /** To S3 Glacier Flexible Retrieval. */
  transitionToGlacierAfterDays: { kind: "number", unit: "days", min: 1, max: MAX_DAYS, default: 90 },
  /** S3 deletes objects on a later day than it moves them. */
  expireAfterDays: { kind: "number", unit: "days", min: 2, max: MAX_DAYS, default: 365 },
  /** Of replaced and deleted versions. */
  noncurrentExpireAfterDays: { kind: "number", unit: "days", min: 1, max: MAX_DAYS, default: 30 },
} as const satisfies Options;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
export const OBJECT_LOCK_OPTIONS = {
  mode: { kind: "choice", values: ["GOVERNANCE", "COMPLIANCE"], required: true },
  days: { kind: "number", unit: "days", min: 1, max: MAX_DAYS, required: true },
} as const satisfies Options;
