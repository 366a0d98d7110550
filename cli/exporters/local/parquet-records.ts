import { zstdDecompressSync } from "node:zlib";
import { parquetReadObjects } from "hyparquet";

/** A record as JSON, without the attributes that are null. */
export type OcsfJson = Readonly<Record<string, unknown>>;

/** Reads the records of one object of the lake, in their order. */
export async function parquetRecords(body: Uint8Array): Promise<readonly OcsfJson[]> {
  const rows = await parquetReadObjects({
    file: Uint8Array.from(body).buffer,
    compressors: { ZSTD: (page) => zstdDecompressSync(page) },
  });
  return rows.map((row) => withoutNulls(row) as OcsfJson);
}

/** INT64 is read as bigint, which JSON lacks; ours are milliseconds, and fit a number. */
function withoutNulls(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number(value);
  }
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}
