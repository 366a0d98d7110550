import { list, string, struct } from "../../parquet/schema.js";
import type { ScoringEvent } from "../../vectra/schema.js";
import { FIXED, optional, required } from "../attributes.js";
import { isAws } from "../aws-identity.js";
import { PRODUCT, productOf } from "../product-table.js";

/*
 * No logged_time or processed_time: a window that is written again must become the same objects.
 */
export const METADATA = required(
  struct("metadata", [
    optional(string("event_code"), { from: "`category`" }),
    optional(string("original_time"), { from: "`event_timestamp`" }),
    PRODUCT,
    optional(list("profiles", string("element")), { from: "`name`: whether it begins with `AWS:`" }),
    optional(string("tenant_uid"), { from: "first label of the host in `url`" }),
    optional(string("uid"), { from: "`id`" }),
    required(string("version"), { from: FIXED }),
  ]),
);

export function metadataOf(event: ScoringEvent, tenantId: string, version: string) {
  return {
    event_code: event.category,
    original_time: event.event_timestamp,
    product: productOf(tenantId),
    profiles: isAws(event.name) ? ["cloud"] : null,
    tenant_uid: tenantId,
    uid: String(event.id),
    version,
  };
}
