import {
  EXPORTER_NAME,
  GLUE_NAME,
  KEY_ARN,
  POLICY_ARN,
  ROLE_PATH,
  SCHEDULE_EXPRESSION,
  WORKGROUP_NAME,
} from "../patterns.js";
import { LOG_RETENTION_DAYS } from "./log-retention.js";
import type { Options } from "./option.js";

/**
 * Time limit of the function. A run starts no window in its last 30 seconds, and needs time before them for the lease, a
 * token and a page; Lambda allows no more than the maximum.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const TIMEOUT = {
  kind: "number",
  unit: "seconds",
  min: 60,
  max: 900,
  default: 240,
} as const;

/**
 * Seconds that the alarm on lag leaves between the longest wait of events and its threshold: two ticks of the schedule,
 * the second for a run that failed.
 */
export const LAG_MARGIN_SECONDS = 600;

/** Options of the exporter that are one value each. */
export const EXPORTER_OPTIONS = {
  name: { kind: "text", pattern: EXPORTER_NAME, required: true },
  schedule: { kind: "text", pattern: SCHEDULE_EXPRESSION, default: "rate(5 minutes)" },
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  memorySize: { kind: "number", unit: "megabytes", min: 128, max: 10_240, default: 512 },
  timeoutSeconds: TIMEOUT,
  architecture: { kind: "choice", values: ["arm64", "x86_64"], default: "arm64" },
  logLevel: { kind: "choice", values: ["DEBUG", "INFO", "WARN", "ERROR"], default: "INFO" },
  logRetentionDays: { kind: "choice", values: LOG_RETENTION_DAYS, default: 90 },
  /** Zero would stop the function. An account keeps 100 unreserved. */
  reservedConcurrentExecutions: { kind: "number", unit: "runs at once", min: 1, max: 1000 },
  rolePath: { kind: "text", pattern: ROLE_PATH },
  permissionsBoundary: { kind: "text", pattern: POLICY_ARN },
  tracing: { kind: "flag", default: false },
  kmsKeyArn: { kind: "text", pattern: KEY_ARN },
  /** By default half an hour: as long as a run may be missing before an alarm reports it. */
  lagThresholdSeconds: { kind: "number", unit: "seconds", min: 60, max: 604_800, default: 1800 },
  dashboard: { kind: "flag", default: false },
  savedQueries: { kind: "flag", default: false },
  deletionProtection: { kind: "flag", default: false },
} as const satisfies Options;

/** Saved queries for Athena. */
export const ATHENA_OPTIONS = {
  workgroup: { kind: "text", pattern: WORKGROUP_NAME, default: "primary" },
  cloudTrailTable: { kind: "text", pattern: GLUE_NAME },
} as const satisfies Options;

/** Backfills through Step Functions. Every window at once asks the tenant's API at its own rate. */
export const BACKFILL_OPTIONS = {
  maxConcurrency: { kind: "number", unit: "slices at once", min: 1, max: 100, default: 4 },
} as const satisfies Options;
