import { int32, int64, type RecordOf, string, struct } from "../parquet/schema.js";
import { FIXED, optional, required } from "./attributes.js";
import { timeOf } from "./event-time.js";
import { findingClass } from "./finding-class.js";
import { ANALYTIC, analyticOf } from "./objects/analytic.js";
import { CLOUD, cloudOf } from "./objects/cloud.js";
import { FINDING, findingOf, RISK_SCORE, riskScoreOf } from "./objects/finding.js";
import { METADATA, metadataOf } from "./objects/metadata.js";
import { RESOURCES, resourcesOf } from "./objects/resource.js";
import { RAW_DATA, rawDataOf, unmappedColumn, unmappedOf } from "./objects/unmapped.js";
import {
  MESSAGE,
  messageOf,
  STATUS_DETAIL,
  SUPPORTING_DATA,
  statusDetailOf,
  supportingDataOf,
  tenantIdOf,
} from "./product-table.js";
import type { OcsfProfile } from "./profile.js";
import { SEVERITY, severityOf } from "./severity.js";

/*
 * Strict: valid against the official schema of OCSF 1.1.0, class 2001 Security Finding. The class is deprecated
 * since 1.1.0, but it is the one that the product's own documents register the custom source with.
 */

const CLASS = findingClass(2001, "Security Finding");

const columns = [
  ...CLASS.columns,
  ANALYTIC,
  CLOUD,
  required(struct("finding", [SUPPORTING_DATA, ...FINDING])),
  MESSAGE,
  METADATA,
  RAW_DATA,
  RESOURCES,
  RISK_SCORE,
  ...SEVERITY,
  optional(string("state"), { from: FIXED }),
  required(int32("state_id"), { from: FIXED, ids: { captions: { 1: "New" }, captionIn: "state" } }),
  STATUS_DETAIL,
  required(int64("time"), { from: "`event_timestamp`" }),
  unmappedColumn("`urgency_reason`"),
] as const;

export const securityFinding11: OcsfProfile = {
  name: "security-finding-1.1",
  eventClass: "SECURITY_FINDING",
  classUid: CLASS.values.class_uid,
  version: "1.1.0",
  columns,
  map: (enriched, context) => {
    const { event } = enriched;
    const severity = severityOf(enriched);
    const tenantId = tenantIdOf(event.url, context.tenantUrl);
    return {
      ...CLASS.values,
      analytic: analyticOf(event),
      cloud: cloudOf(event),
      finding: {
        supporting_data: supportingDataOf(enriched),
        ...findingOf(event, tenantId),
      },
      message: messageOf(event.category),
      metadata: metadataOf(event, tenantId, "1.1.0"),
      raw_data: rawDataOf(event, context),
      resources: resourcesOf(event),
      risk_score: riskScoreOf(event),
      severity: severity.severity,
      severity_id: severity.severity_id,
      state: "New",
      state_id: 1,
      status_detail: statusDetailOf(enriched),
      time: timeOf(event),
      unmapped: unmappedOf(event, { urgency_reason: event.urgency_reason }),
    } satisfies RecordOf<typeof columns>;
  },
};
