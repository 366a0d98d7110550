import type { ScoreDirection } from "../enrichment.js";
import { int32, int64, type RecordOf, string, struct } from "../parquet/schema.js";
import type { OcsfProfile } from "./profile.js";
import { severityOf } from "./severity.js";

/*
 * The default profile: Vectra's own "OCSF Field Mapping Table", row by row, OCSF class 2001 at 1.0.0.
 * Where the table departs from OCSF (activity, class_name, finding.title) the table wins: it is the
 * contract that Vectra's customers query by.
 */

const columns = [
  string("activity"),
  int32("activity_id"),
  string("category_name"),
  int32("category_uid"),
  string("class_name"),
  int32("class_uid"),
  struct("finding", [
    string("title"),
    string("src_url"),
    string("uid"),
    // JSON-typed in OCSF, so one string: a struct here makes the whole column unreadable for tables
    // that declare it as a string.
    string("supporting_data"),
  ]),
  string("message"),
  struct("metadata", [
    string("version"),
    struct("product", [string("lang"), string("name"), string("uid"), string("vendor_name")]),
  ]),
  string("severity"),
  int32("severity_id"),
  int32("state_id"),
  string("status_detail"),
  // Plain milliseconds: a timestamp annotation breaks queries across the lake's sources.
  int64("time"),
  string("type_name"),
  int32("type_uid"),
] as const;

const STATUS_DETAIL: Readonly<Record<ScoreDirection, string>> = {
  increase: "Score increase",
  decrease: "Score decrease",
  unchanged: "Score unchanged",
  unknown: "Score direction unknown",
};

export const vectraProfile: OcsfProfile = {
  name: "vectra",
  columns,
  map: (enriched, { tenantUrl }) => {
    const { event, account, direction } = enriched;
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
        supporting_data: JSON.stringify({
          assignment: account?.assignment?.assigned_to?.username ?? null,
          last_detection_href: event.last_detection?.url ?? null,
          last_detection_type: event.last_detection?.type ?? null,
          last_detection_id: event.last_detection?.id ?? null,
          active_detection_types: event.active_detection_types,
        }),
      },
      message: messageOf(event.category),
      metadata: {
        version: "1.0.0",
        product: {
          lang: "en",
          name: "Vectra Detect",
          uid: tenantIdOf(event.url, tenantUrl),
          vendor_name: "Vectra AI",
        },
      },
      ...severityOf(enriched),
      state_id: 1,
      status_detail: STATUS_DETAIL[direction],
      time: Date.parse(event.event_timestamp),
      type_name: "Security Finding: Generate",
      type_uid: 200101,
    } satisfies RecordOf<typeof columns>;
  },
};

/** The table's "type of alert, typically Account Host Score Change"; v3.4 calls that alert ACCOUNT SCORING. */
function messageOf(category: string | null): string {
  return category === null || category === "ACCOUNT SCORING" ? "Account Host Score Change" : category;
}

/**
 * Which Vectra UI the record is about: `123123123123` of `https://123123123123.uw2.portal.vectra.ai`, taken
 * from the UI's own link in the event, or from the tenant's URL where the event has none.
 */
function tenantIdOf(eventUrl: string | null, tenantUrl: string): string {
  const { hostname } = new URL(eventUrl !== null && URL.canParse(eventUrl) ? eventUrl : tenantUrl);
  const isAddress = /^[\d.]+$|:/.test(hostname);
  return isAddress ? hostname : (hostname.split(".")[0] ?? hostname);
}
