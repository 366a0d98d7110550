import type { EnrichedEvent, ScoreDirection } from "../enrichment/enrichment.js";
import { string, struct } from "../parquet/schema.js";
import { FIXED, optional, required } from "./attributes.js";
import { rememberLast } from "./remember-last.js";

/*
 * Rows of Vectra's "OCSF Field Mapping Table" that every profile uses unchanged.
 */

const STATUS_DETAILS: Readonly<Record<ScoreDirection, string>> = {
  increase: "Score increase",
  decrease: "Score decrease",
  unchanged: "Score unchanged",
  unknown: "Score direction unknown",
};
export const STATUS_DETAIL = optional(string("status_detail"), {
  from: "`urgency_score` against that of the account's event before",
});
export const statusDetailOf = ({ direction }: EnrichedEvent) => STATUS_DETAILS[direction];

export const MESSAGE = optional(string("message"), { from: "`category`" });

/** The table's "type of alert, typically Account Host Score Change"; v3.4 calls that alert ACCOUNT SCORING. */
export function messageOf(category: string | null): string {
  return category === null || category === "ACCOUNT SCORING" ? "Account Host Score Change" : category;
}

export const PRODUCT = required(
  struct("product", [
    optional(string("lang"), { from: FIXED }),
    optional(string("name"), { from: FIXED }),
    optional(string("uid"), { from: "first label of the host in `url`" }),
    required(string("vendor_name"), { from: FIXED }),
  ]),
  { atLeastOne: ["name", "uid"] },
);

/** @param tenantId see {@link tenantIdOf}. */
export const productOf = rememberLast((tenantId: string) =>
  Object.freeze({ lang: "en", name: "Vectra Detect", uid: tenantId, vendor_name: "Vectra AI" }),
);

/**
 * Which Vectra UI the record is about: `123123123123` of `https://123123123123.uw2.portal.vectra.ai`, taken
 * from the UI's own link in the event, or from the tenant's URL where the event has none.
 */
export function tenantIdOf(eventUrl: string | null, tenantUrl: string): string {
  return (eventUrl === null ? undefined : linkedTenant(originOf(eventUrl))) ?? configuredTenant(tenantUrl);
}

/** The part before the path: the same for all links of a tenant, and so parsed once. */
function originOf(url: string): string {
  const path = url.indexOf("/", "https://".length);
  return path === -1 ? url : url.slice(0, path);
}

const linkedTenant = rememberLast((origin: string) => {
  const host = /^https?:\/\/([a-z0-9.-]+)(?=[/:?#]|$)/i.exec(origin)?.[1];
  return host === undefined ? undefined : firstLabelOf(host);
});
const configuredTenant = rememberLast((tenantUrl: string) => firstLabelOf(new URL(tenantUrl).hostname));

function firstLabelOf(host: string): string {
  const isAddress = /^[\d.]+$|:/.test(host);
  return isAddress ? host : (host.split(".")[0] ?? host);
}

/** JSON-typed in OCSF, so one string: a struct makes the whole column unreadable for tables that declare a string. */
export const SUPPORTING_DATA = optional(string("supporting_data"), {
  from: "JSON of the account's assignee, `last_detection` and `active_detection_types`",
  json: true,
});

export function supportingDataOf({ event, account }: EnrichedEvent): string {
  return JSON.stringify({
    assignment: account?.assignment?.assigned_to?.username ?? null,
    last_detection_href: event.last_detection?.url ?? null,
    last_detection_type: event.last_detection?.type ?? null,
    last_detection_id: event.last_detection?.id ?? null,
    active_detection_types: event.active_detection_types,
  });
}
