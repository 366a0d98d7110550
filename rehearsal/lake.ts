import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { parquetReadObjects } from "hyparquet";

/** A record of the lake, as read from the Parquet. */
export interface LakeRecord {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly finding: {
    /** Entity id of the account, as a string. */
    readonly uid: string;
    /** A single column of JSON text. */
    readonly supporting_data: string;
  };
  readonly status_detail: string;
  readonly [attribute: string]: unknown;
}

/** An object of the lake. */
export interface LakeObject {
  readonly key: string;
  readonly bytes: number;
  readonly records: readonly LakeRecord[];
}

/** Reads back every object below a directory, in ascending order of keys. */
export async function readLake(directory: string): Promise<LakeObject[]> {
  const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return await Promise.all(
    paths.map(async (path) => {
      const bytes = readFileSync(path);
      return {
        key: path.slice(directory.length + 1).replaceAll(sep, "/"),
        bytes: bytes.byteLength,
        records: await readParquet(bytes),
      };
    }),
  );
}

async function readParquet(bytes: Buffer): Promise<LakeRecord[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file, compressors: { ZSTD: (page) => zstdDecompressSync(page) } });
  return rows.map((row) => withNumbers(row) as LakeRecord);
}

/** INT64 is read as bigint; all of ours are milliseconds and small ids, which fit in a number. */
function withNumbers(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number(value);
  }
  if (Array.isArray(value)) {
    return value.map(withNumbers);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withNumbers(member)]));
}
