import { LOG_GROUP_NAME, ROLE_NAME, TRAIL_NAME } from "../patterns.js";
import { LOG_RETENTION_DAYS } from "./log-retention.js";
import type { Options } from "./option.js";

/** Options of a trail that is created. */
export const TRAIL_OPTIONS = {
  trailName: { kind: "text", pattern: TRAIL_NAME },
  multiRegion: { kind: "flag", default: true },
} as const satisfies Options;

/**
 * What a trail records.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html
 */
export const EVENT_OPTIONS = {
  managementEvents: { kind: "choice", values: ["all", "write", "read"], default: "all" },
  excludeKmsEvents: { kind: "flag", default: true },
  excludeRdsDataApiEvents: { kind: "flag", default: false },
  s3DataEventAccess: { kind: "choice", values: ["all", "write"], default: "all" },
} as const satisfies Options;

/** Kinds of unusual activity. @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html */
export const INSIGHTS = ["ApiCallRateInsight", "ApiErrorRateInsight"] as const;

/** A trail's log group in CloudWatch Logs. */
export const TRAIL_LOG_GROUP_OPTIONS = {
  logGroupName: { kind: "text", pattern: LOG_GROUP_NAME },
  roleName: { kind: "text", pattern: ROLE_NAME },
  retentionDays: { kind: "choice", values: LOG_RETENTION_DAYS, default: 90 },
} as const satisfies Options;
