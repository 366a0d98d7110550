import type { ProfileName } from "../facts/profiles.js";
import { ACCOUNT, DIRECTION } from "./parquet-window.js";

/** A profile in SQL. */
interface DuckDbMapping {
  /** The fields of an event that the mapping reads. */
  readonly event: string;
  /** The profile's columns, from `event`. */
  readonly columns: string;
}

const ASSIGNEE = ACCOUNT.assignment?.assigned_to?.username ?? "";
const TENANT = "regexp_extract(event.url, '^https?://([^./]+)', 1)";
const PRODUCT = `{ lang: 'en', name: 'Vectra Detect', uid: ${TENANT}, vendor_name: 'Vectra AI' }`;
const MESSAGE = `CASE WHEN coalesce(event.category, 'ACCOUNT SCORING') = 'ACCOUNT SCORING'
  THEN 'Account Host Score Change' ELSE event.category END`;
const SEVERITY = `event.severity AS severity,
  CASE event.severity WHEN 'Low' THEN 2 WHEN 'Medium' THEN 3 WHEN 'High' THEN 4 WHEN 'Critical' THEN 5 ELSE 0
    END::INTEGER AS severity_id`;
const TIME = "epoch_ms(event.event_timestamp::TIMESTAMP)";

const AWS_ACCOUNT = `CASE WHEN regexp_matches(event.name, '^AWS:\\d{12}(/|$)')
  THEN { type: 'AWS Account', type_id: 10::INTEGER, uid: event.name[5:16] } END`;
const IDENTITY = "'^AWS:\\d{12}/([\\w-]+):(.+)$'";
const UNMAPPED = {
  attack_rating: "event.attack_rating",
  breadth_contrib: "event.breadth_contrib",
  is_prioritized: "event.is_prioritized",
  velocity_contrib: "event.velocity_contrib",
  "assignment.assigned_to.username": `'${ASSIGNEE}'`,
  "last_detection.id": "event.last_detection.id",
  "last_detection.url": "event.last_detection.url",
};

/** The exporter's profiles in SQL, for the simulator's events only, and without any check. */
export const DUCKDB_MAPPINGS = {
  vectra: {
    event: `id BIGINT, entity_id BIGINT, category VARCHAR, severity VARCHAR, active_detection_types VARCHAR[],
      last_detection STRUCT(id BIGINT, "type" VARCHAR, url VARCHAR), url VARCHAR, event_timestamp VARCHAR`,
    columns: `
      'Generate' AS activity, 1::INTEGER AS activity_id,
      'Findings' AS category_name, 2::INTEGER AS category_uid,
      'Security Findings' AS class_name, 2001::INTEGER AS class_uid,
      {
        title: 'Generate', src_url: event.url, uid: event.entity_id::VARCHAR,
        supporting_data: to_json({
          assignment: '${ASSIGNEE}',
          last_detection_href: event.last_detection.url, last_detection_type: nullif(event.last_detection.type, ''),
          last_detection_id: event.last_detection.id, active_detection_types: event.active_detection_types
        })::VARCHAR
      } AS finding,
      ${MESSAGE} AS message,
      { version: '1.0.0', product: ${PRODUCT} } AS metadata,
      ${SEVERITY},
      1::INTEGER AS state_id, 'Score ${DIRECTION}' AS status_detail, ${TIME} AS time,
      'Security Finding: Generate' AS type_name, 200101::INTEGER AS type_uid`,
  },
  "detection-finding-1.3": {
    event: `id BIGINT, entity_id BIGINT, name VARCHAR, "type" VARCHAR, category VARCHAR, severity VARCHAR,
      urgency_score DOUBLE, urgency_reason VARCHAR, is_prioritized BOOLEAN, importance BIGINT, attack_rating BIGINT,
      breadth_contrib BIGINT, velocity_contrib BIGINT, active_detection_types VARCHAR[],
      last_detection STRUCT(id BIGINT, "type" VARCHAR, url VARCHAR), url VARCHAR, event_timestamp VARCHAR`,
    columns: `
      1::INTEGER AS activity_id, 'Create' AS activity_name, 'Findings' AS category_name, 2::INTEGER AS category_uid,
      'Detection Finding' AS class_name, 2004::INTEGER AS class_uid,
      'Detection Finding: Create' AS type_name, 200401::BIGINT AS type_uid,
      CASE WHEN starts_with(event.name, 'AWS:') THEN { account: ${AWS_ACCOUNT}, provider: 'AWS' } END AS cloud,
      CASE WHEN regexp_matches(event.name, ${IDENTITY}) THEN [{ "user": {
        account: ${AWS_ACCOUNT}, name: regexp_extract(event.name, ${IDENTITY}, 2),
        type: regexp_extract(event.name, ${IDENTITY}, 1), type_id: 99::INTEGER
      } }] END AS evidences,
      {
        analytic: CASE WHEN event.last_detection.type != ''
          THEN { name: event.last_detection.type, type: 'Behavioral', type_id: 2::INTEGER } END,
        created_time: ${TIME}, src_url: event.url, title: (${MESSAGE}) || ': ' || event.name,
        types: event.active_detection_types, uid: ${TENANT} || '/' || event.id
      } AS finding_info,
      ${MESSAGE} AS message,
      {
        event_code: event.category, original_time: event.event_timestamp, product: ${PRODUCT},
        profiles: CASE WHEN starts_with(event.name, 'AWS:') THEN ['cloud'] END,
        tenant_uid: ${TENANT}, uid: event.id::VARCHAR, version: '1.3.0'
      } AS metadata,
      NULL::VARCHAR AS raw_data,
      [{
        criticality: event.importance::VARCHAR, name: event.name, type: event.type, uid: event.entity_id::VARCHAR
      }] AS resources,
      event.urgency_reason AS risk_details, round(event.urgency_score)::INTEGER AS risk_score,
      ${SEVERITY},
      'New' AS status, 'Score ${DIRECTION}' AS status_detail, 1::INTEGER AS status_id, ${TIME} AS time,
      map_from_entries(list_filter(
        [${Object.entries(UNMAPPED).map(([key, value]) => `{ key: '${key}', value: ${value}::VARCHAR }`)}],
        lambda entry: entry.value != ''
      )) AS unmapped`,
  },
} as const satisfies Partial<Record<ProfileName, DuckDbMapping>>;
