import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { ACCOUNT, DIRECTION } from "./parquet-window.js";

/** DuckDB on one core. */
export async function openDuckDb(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

/**
 * The default profile in SQL: pages in, a folder with one Parquet file for each UTC day out.
 *
 * @param pages files with one answer each.
 * @param folder made if missing.
 */
export async function pagesToParquet(
  duckDb: DuckDBConnection,
  pages: readonly string[],
  folder: string,
): Promise<void> {
  await duckDb.run(`COPY (
    WITH page AS (
      SELECT unnest(events) AS event FROM read_json([${pages.map(quoted).join(", ")}], format = 'auto', columns = { events: '
        STRUCT(
          id BIGINT, entity_id BIGINT, category VARCHAR, severity VARCHAR, active_detection_types VARCHAR[],
          last_detection STRUCT(id BIGINT, "type" VARCHAR, url VARCHAR), url VARCHAR, event_timestamp TIMESTAMP
        )[]' }))
    SELECT
      'Generate' AS activity, 1::INTEGER AS activity_id,
      'Findings' AS category_name, 2::INTEGER AS category_uid,
      'Security Findings' AS class_name, 2001::INTEGER AS class_uid,
      {
        title: 'Generate', src_url: event.url, uid: event.entity_id::VARCHAR,
        supporting_data: to_json({
          assignment: ${quoted(ACCOUNT.assignment?.assigned_to?.username ?? "")},
          last_detection_href: event.last_detection.url, last_detection_type: event.last_detection.type,
          last_detection_id: event.last_detection.id, active_detection_types: event.active_detection_types
        })::VARCHAR
      } AS finding,
      CASE WHEN coalesce(event.category, 'ACCOUNT SCORING') = 'ACCOUNT SCORING'
        THEN 'Account Host Score Change' ELSE event.category END AS message,
      { version: '1.0.0', product: {
        lang: 'en', name: 'Vectra Detect', uid: regexp_extract(event.url, '^https?://([^./]+)', 1), vendor_name: 'Vectra AI'
      } } AS metadata,
      event.severity AS severity,
      CASE event.severity WHEN 'Low' THEN 2 WHEN 'Medium' THEN 3 WHEN 'High' THEN 4 WHEN 'Critical' THEN 5 ELSE 0
        END::INTEGER AS severity_id,
      1::INTEGER AS state_id, 'Score ${DIRECTION}' AS status_detail, epoch_ms(event.event_timestamp) AS time,
      'Security Finding: Generate' AS type_name, 200101::INTEGER AS type_uid,
      strftime(event.event_timestamp, '%Y%m%d') AS "eventDay"
    FROM page ORDER BY time
  ) TO ${quoted(folder)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY ("eventDay"), OVERWRITE_OR_IGNORE)`);
}

/**
 * Reads two folders of Parquet files.
 *
 * @throws Error unless they hold the same rows.
 */
export async function assertSameRows(duckDb: DuckDBConnection, one: string, other: string): Promise<void> {
  const rows = (folder: string) =>
    `SELECT * FROM read_parquet(${quoted(join(folder, "**/*.parquet"))}, hive_partitioning = false)`;
  const answer = await duckDb.runAndReadAll(`
    SELECT (SELECT count(*) FROM (${rows(one)})), (SELECT count(*) FROM (${rows(one)} EXCEPT ALL ${rows(other)})),
      (SELECT count(*) FROM (${rows(other)} EXCEPT ALL ${rows(one)}))`);
  const [all, missing, added] = (answer.getRows()[0] ?? []).map(Number);
  if (all === 0 || missing !== 0 || added !== 0) {
    throw new Error(
      `${one} holds ${all} rows; ${missing} of them are not in ${other}, which has ${added} others.`,
    );
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
