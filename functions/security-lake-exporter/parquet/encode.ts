import { zstdCompressSync } from "node:zlib";
import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { OcsfRecord } from "../ocsf/profile.js";
import type { Column } from "./schema.js";

/** Rows of one row group: far below Security Lake's 256 MB of compressed bytes. */
const ROW_GROUP_ROWS = 100_000;
/** Uncompressed bytes of one data page: Security Lake's limit is 1 MB. */
const PAGE_BYTES = 1_000_000;

/**
 * Encodes records as one Parquet file: the declared schema, ZSTD, data pages of at most 1 MB.
 *
 * @param records sorted as they are to be stored.
 */
export function encodeParquet(records: readonly OcsfRecord[], columns: readonly Column[]): Uint8Array {
  const buffer = parquetWriteBuffer({
    schema: [{ name: "schema", num_children: columns.length }, ...columns.flatMap(schemaElements)],
    columnData: columns.map((column) => ({
      name: column.name,
      data: records.map((record) => stored(record[column.name], column)),
    })),
    codec: "ZSTD",
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
    rowGroupSize: ROW_GROUP_ROWS,
    pageSize: PAGE_BYTES,
    createdBy: "vectra-cdr security-lake-exporter",
  });
  return new Uint8Array(buffer);
}

function schemaElements(column: Column): SchemaElement[] {
  const { name } = column;
  const repetition = { repetition_type: "OPTIONAL" } as const;
  switch (column.type) {
    case "struct":
      return [
        { name, ...repetition, num_children: column.fields.length },
        ...column.fields.flatMap(schemaElements),
      ];
    case "string":
      return [
        { name, ...repetition, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
      ];
    case "list":
      return [
        { name, ...repetition, num_children: 1, converted_type: "LIST", logical_type: { type: "LIST" } },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        ...schemaElements(column.element),
      ];
    case "stringMap":
      return [
        { name, ...repetition, num_children: 1, converted_type: "MAP", logical_type: { type: "MAP" } },
        { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
        ...schemaElements({ name: "key", type: "string" }).map((key) => ({
          ...key,
          repetition_type: "REQUIRED" as const,
        })),
        ...schemaElements({ name: "value", type: "string" }),
      ];
    case "boolean":
      return [{ name, ...repetition, type: "BOOLEAN" }];
    case "int32":
      return [{ name, ...repetition, type: "INT32" }];
    case "int64":
      return [{ name, ...repetition, type: "INT64" }];
  }
}

/** The writer wants 64-bit integers as bigint, inside structs too. */
function stored(value: unknown, column: Column): unknown {
  if (value === null || value === undefined) {
    return null;
  }
  if (column.type === "int64") {
    return BigInt(value as number);
  }
  if (column.type === "list") {
    return (value as readonly unknown[]).map((element) => stored(element, column.element));
  }
  if (column.type === "struct") {
    const record = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(column.fields.map((field) => [field.name, stored(record[field.name], field)]));
  }
  return value;
}
