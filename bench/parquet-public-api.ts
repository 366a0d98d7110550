import { zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { type PlacedRecord, partition } from "../functions/security-lake-exporter/lake/partition.js";
import type { OcsfRecord } from "../functions/security-lake-exporter/ocsf/profile.js";
import { profileNamed } from "../functions/security-lake-exporter/ocsf/profiles.js";
import { schemaElements } from "../functions/security-lake-exporter/parquet/file-schema.js";
import type { Column } from "../functions/security-lake-exporter/parquet/schema.js";
import type { ScoringEvent } from "../functions/security-lake-exporter/vectra/schema.js";
import { PORTAL_URL } from "./pages.js";
import { ACCOUNT, DIRECTION, LAKE_ACCOUNT_ID, stopwatch, type WindowToParquet } from "./parquet-window.js";

/**
 * The same files, written through hyparquet-writer's public API: JSON, our mapping, partitions,
 * nested values. Without validation and conformance gate, like DuckDB.
 */
export const windowToParquetByPublicApi: WindowToParquet = (texts, profile, steps) => {
  const lap = stopwatch(steps);
  const { map, columns } = profileNamed(profile);
  const records: PlacedRecord[] = [];
  for (const text of texts) {
    const page = JSON.parse(text) as { events: ScoringEvent[] };
    lap("parse");
    for (const event of page.events) {
      // The tenant sends an absent type as an empty string.
      if (event.last_detection?.type === "") {
        event.last_detection.type = null;
      }
      const record = map({ event, account: ACCOUNT, direction: DIRECTION }, { tenantUrl: PORTAL_URL });
      records.push({ record, accountId: LAKE_ACCOUNT_ID });
    }
    lap("map");
  }
  const parts = partition(records);
  lap("partition");
  const objects = parts.map((part) => encode(part.records, columns));
  lap("encode");
  return objects;
};

function encode(records: readonly OcsfRecord[], columns: readonly Column[]): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      schema: schemaElements(columns),
      columnData: columns.map((column) => ({
        name: column.name,
        data: records.map((record) => withBigInts(record[column.name], column)),
      })),
      codec: "ZSTD",
      compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
      pageSize: 1_000_000,
    }),
  );
}

/** The API takes 64-bit integers as bigint; the profiles have them at the top level and in structs there. */
function withBigInts(value: unknown, column: Column): unknown {
  if (column.type === "int64") {
    return BigInt(value as number);
  }
  if (column.type === "struct") {
    const struct = value as Record<string, unknown> | null;
    for (const { name, type } of column.fields) {
      if (type === "int64" && struct !== null) {
        struct[name] = BigInt(struct[name] as number);
      }
    }
  }
  return value;
}
