import { int32, int64, type RecordOf, string, struct } from "../parquet/schema.js";
import { FIXED, optional, required } from "./attributes.js";
import { timeOf } from "./event-time.js";
import {
  MESSAGE,
  messageOf,
  PRODUCT,
  productOf,
  STATUS_DETAIL,
  SUPPORTING_DATA,
  statusDetailOf,
  supportingDataOf,
  tenantIdOf,
} from "./product-table.js";
import type { OcsfProfile } from "./profile.js";
import { SEVERITY, severityOf } from "./severity.js";

/*
 * The default profile: Vectra's own "OCSF Field Mapping Table", row by row, OCSF class 2001 at 1.0.0.
 * Where the table departs from OCSF (docs/ocsf-departures.md) the table wins: it is the contract that
 * Vectra's customers rely on in their queries.
 */

const columns = [
  optional(string("activity"), { from: FIXED }),
  required(int32("activity_id"), {
    from: FIXED,
    ids: { captions: { 1: "Generate" }, captionIn: "activity" },
  }),
  optional(string("category_name"), { from: FIXED }),
  required(int32("category_uid"), {
    from: FIXED,
    ids: { captions: { 2: "Findings" }, captionIn: "category_name" },
  }),
  optional(string("class_name"), { from: FIXED }),
  required(int32("class_uid"), {
    from: FIXED,
    ids: { captions: { 2001: "Security Findings" }, captionIn: "class_name" },
  }),
  required(
    struct("finding", [
      required(string("title"), { from: FIXED }),
      optional(string("src_url"), { from: "`url`" }),
      required(string("uid"), { from: "`entity_id`" }),
      SUPPORTING_DATA,
    ]),
  ),
  MESSAGE,
  required(struct("metadata", [required(string("version"), { from: FIXED }), PRODUCT])),
  ...SEVERITY,
  required(int32("state_id"), { from: FIXED, ids: { captions: { 1: "New" } } }),
  STATUS_DETAIL,
  // Plain milliseconds: a timestamp annotation breaks queries across the lake's sources.
  required(int64("time"), { from: "`event_timestamp`" }),
  optional(string("type_name"), { from: FIXED }),
  required(int32("type_uid"), {
    from: FIXED,
    ids: { captions: { 200101: "Security Finding: Generate" }, captionIn: "type_name" },
  }),
] as const;

export const vectraProfile: OcsfProfile = {
  name: "vectra",
  eventClass: "SECURITY_FINDING",
  classUid: 2001,
  version: "1.0.0",
  columns,
  map: (enriched, { tenantUrl }) => {
    const { event } = enriched;
    const severity = severityOf(enriched);
    return {
      activity: "Generate",
      activity_id: 1,
      category_name: "Findings",
      category_uid: 2,
      class_name: "Security Findings",
      class_uid: 2001,
      finding: {
        title: "Generate",
        src_url: event.url,
        uid: String(event.entity_id),
        supporting_data: supportingDataOf(enriched),
      },
      message: messageOf(event.category),
      metadata: { version: "1.0.0", product: productOf(tenantIdOf(event.url, tenantUrl)) },
      severity: severity.severity,
      severity_id: severity.severity_id,
      state_id: 1,
      status_detail: statusDetailOf(enriched),
      time: timeOf(event),
      type_name: "Security Finding: Generate",
      type_uid: 200101,
    } satisfies RecordOf<typeof columns>;
  },
};
