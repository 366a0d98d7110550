import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { DUCKDB_MAPPINGS } from "./duckdb-mappings.js";

/** DuckDB on one core. */
export async function openDuckDb(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

/**
 * Runs a profile in SQL: reads pages, and writes a folder with one Parquet file for each UTC day.
 *
 * @param pages files with one response each.
 * @param folder created if missing.
 */
export async function pagesToParquet(
  duckDb: DuckDBConnection,
  profile: keyof typeof DUCKDB_MAPPINGS,
  pages: readonly string[],
  folder: string,
): Promise<void> {
  const { event, columns } = DUCKDB_MAPPINGS[profile];
  await duckDb.run(`COPY (
    WITH page AS (
      SELECT unnest(events) AS event
      FROM read_json([${pages.map(quoted).join(", ")}], format = 'auto', columns = { events: 'STRUCT(${event})[]' })
    )
    SELECT ${columns}, replace(event.event_timestamp[1:10], '-', '') AS "eventDay"
    FROM page ORDER BY time
  ) TO ${quoted(folder)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY ("eventDay"), OVERWRITE_OR_IGNORE)`);
}

/**
 * Compares two folders of Parquet files.
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
      `${one} has ${all} rows; ${missing} of them are not in ${other}, which has ${added} other rows.`,
    );
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
