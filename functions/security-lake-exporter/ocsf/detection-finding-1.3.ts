import { int32, int64, type RecordOf, string, struct } from "../parquet/schema.js";
import { FIXED, optional, required } from "./attributes.js";
import { timeOf } from "./event-time.js";
import { findingClass } from "./finding-class.js";
import { ANALYTIC, analyticOf } from "./objects/analytic.js";
import { CLOUD, cloudOf } from "./objects/cloud.js";
import { EVIDENCES, evidencesOf } from "./objects/evidence.js";
import { FINDING, findingOf, RISK_SCORE, riskScoreOf } from "./objects/finding.js";
import { METADATA, metadataOf } from "./objects/metadata.js";
import { RESOURCES, resourcesOf } from "./objects/resource.js";
import { RAW_DATA, rawDataOf, unmappedColumn, unmappedOf } from "./objects/unmapped.js";
import { MESSAGE, messageOf, STATUS_DETAIL, statusDetailOf, tenantIdOf } from "./product-table.js";
import type { OcsfProfile } from "./profile.js";
import { SEVERITY, severityOf } from "./severity.js";

/*
 * Strict: valid against the official schema of OCSF 1.3.0, class 2004 Detection Finding, which succeeds class 2001,
 * at the newest version that Security Lake accepts. It has no attribute for JSON; `unmapped` holds what has no attribute.
 */

const CLASS = findingClass(2004, "Detection Finding");

const columns = [
  ...CLASS.columns,
  CLOUD,
  EVIDENCES,
  required(struct("finding_info", [ANALYTIC, ...FINDING])),
  MESSAGE,
  METADATA,
  RAW_DATA,
  RESOURCES,
  optional(string("risk_details"), { from: "`urgency_reason`" }),
  RISK_SCORE,
  ...SEVERITY,
  optional(string("status"), { from: FIXED }),
  STATUS_DETAIL,
  optional(int32("status_id"), { from: FIXED, ids: { captions: { 1: "New" }, captionIn: "status" } }),
  required(int64("time"), { from: "`event_timestamp`" }),
  unmappedColumn(
    "the account's `assignment.assigned_to.username`",
    "`last_detection.id`",
    "`last_detection.url`",
  ),
] as const;

export const detectionFinding13: OcsfProfile = {
  name: "detection-finding-1.3",
  eventClass: "DETECTION_FINDING",
  classUid: CLASS.values.class_uid,
  version: "1.3.0",
  columns,
  map: (enriched, context) => {
    const { event, account } = enriched;
    const severity = severityOf(enriched);
    const tenantId = tenantIdOf(event.url, context.tenantUrl);
    return {
      ...CLASS.values,
      cloud: cloudOf(event),
      evidences: evidencesOf(event),
      finding_info: {
        analytic: analyticOf(event),
        ...findingOf(event, tenantId),
      },
      message: messageOf(event.category),
      metadata: metadataOf(event, tenantId, "1.3.0"),
      raw_data: rawDataOf(event, context),
      resources: resourcesOf(event),
      risk_details: event.urgency_reason,
      risk_score: riskScoreOf(event),
      severity: severity.severity,
      severity_id: severity.severity_id,
      status: "New",
      status_detail: statusDetailOf(enriched),
      status_id: 1,
      time: timeOf(event),
      unmapped: unmappedOf(event, {
        "assignment.assigned_to.username": account?.assignment?.assigned_to?.username,
        "last_detection.id": event.last_detection?.id,
        "last_detection.url": event.last_detection?.url,
      }),
    } satisfies RecordOf<typeof columns>;
  },
};
