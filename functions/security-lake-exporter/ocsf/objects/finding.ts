import { int32, int64, list, string } from "../../parquet/schema.js";
import type { ScoringEvent } from "../../vectra/schema.js";
import { optional, required } from "../attributes.js";
import { timeOf } from "../event-time.js";
import { messageOf } from "../product-table.js";

/** What `finding` of class 2001 and its successor `finding_info` of class 2004 have in common. */
export const FINDING = [
  optional(int64("created_time"), { from: "`event_timestamp`" }),
  optional(string("src_url"), { from: "`url`" }),
  required(string("title"), { from: "`category`, `name`" }),
  optional(list("types", string("element")), { from: "`active_detection_types`" }),
  required(string("uid"), { from: "first label of the host in `url`, and `id`" }),
] as const;

/**
 * @param tenantId makes the uid unique among tenants that share a source. (The product's table has the account's
 * id there, which repeats.)
 */
export function findingOf(event: ScoringEvent, tenantId: string) {
  const alert = messageOf(event.category);
  return {
    created_time: timeOf(event),
    src_url: event.url,
    title: event.name === null ? alert : `${alert}: ${event.name}`,
    types: event.active_detection_types,
    uid: `${tenantId}/${event.id}`,
  };
}

export const RISK_SCORE = optional(int32("risk_score"), { from: "`urgency_score`, rounded" });

/** The urgency as a whole number, as OCSF requires. */
export function riskScoreOf({ urgency_score }: ScoringEvent): number | null {
  return urgency_score === null ? null : Math.round(urgency_score);
}
