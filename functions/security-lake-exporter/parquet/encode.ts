import type { RowGroup } from "hyparquet";
import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import { writeColumnChunk } from "./column-chunk.js";
import { schemaElements } from "./file-schema.js";
import type { Column } from "./schema.js";
import { type ParquetRecord, shred } from "./shred.js";

/*
 * The file: "PAR1", row groups of column chunks, a footer, "PAR1". Thrift, page headers, footer and run lengths are
 * hyparquet-writer's. Its nested API is not used: shredding records with it, and encoding them value by value,
 * takes several times as long as everything else. The parts that are used are internal to it, hence the exact
 * version in package.json and the test that pins the bytes of a file.
 */

/** Rows of one row group: far below Security Lake's 256 MB of compressed bytes. */
const ROW_GROUP_ROWS = 100_000;
/** "PAR1", little-endian. */
const MAGIC = 0x31524150;

/**
 * Encodes records as one Parquet file: the declared schema, ZSTD, data pages of at most 1 MB.
 *
 * @param records sorted as they are to be stored; attributes that no column declares are left out.
 * @throws TypeError or RangeError naming the column where a value is not what the column declares.
 */
export function encodeParquet(records: readonly ParquetRecord[], columns: readonly Column[]): Uint8Array {
  const file = new ByteWriter();
  file.appendUint32(MAGIC);
  const rowGroups: RowGroup[] = [];
  for (let from = 0; from < records.length; from += ROW_GROUP_ROWS) {
    const rows = records.slice(from, from + ROW_GROUP_ROWS);
    rowGroups.push(
      rowGroup(
        shred(columns, rows).map((leaf) => writeColumnChunk(file, leaf, rows.length)),
        rows.length,
      ),
    );
  }
  writeMetadata(file, {
    version: 2,
    created_by: "vectra-cdr security-lake-exporter",
    schema: schemaElements(columns),
    num_rows: BigInt(records.length),
    row_groups: rowGroups,
    metadata_length: 0, // Known to readers only; not part of the footer itself.
  });
  file.appendUint32(MAGIC);
  return file.getBytes();
}

function rowGroup(columns: RowGroup["columns"], rows: number): RowGroup {
  return {
    columns,
    num_rows: BigInt(rows),
    total_byte_size: sum(columns.map(({ meta_data }) => meta_data?.total_uncompressed_size ?? 0n)),
    total_compressed_size: sum(columns.map(({ meta_data }) => meta_data?.total_compressed_size ?? 0n)),
  };
}

function sum(sizes: readonly bigint[]): bigint {
  return sizes.reduce((total, size) => total + size, 0n);
}
