import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { parquetReadObjects } from "hyparquet";

/** A record of the lake, reduced to what tells one event from another. */
export interface LakeRecord {
  readonly key: string;
  readonly account: string;
  readonly time: number;
  readonly direction: string;
}

/** A record of the lake with every column, as it is read back, and the key of its object. */
export interface LakeRow {
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** The rows of a tenant's objects below a directory. */
export async function lakeRows(directory: string, tenant: string): Promise<LakeRow[]> {
  const paths = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => basename(path).startsWith(`vectra-${tenant}-`))
    .map((path) => join(directory, path));
  const found: LakeRow[] = [];
  for (const path of paths) {
    const bytes = Uint8Array.from(readFileSync(path));
    const inFile = await parquetReadObjects({
      file: bytes.buffer,
      compressors: { ZSTD: (input) => zstdDecompressSync(input) },
    });
    const key = relative(directory, path);
    found.push(...inFile.map((row) => ({ key, row })));
  }
  return found;
}

/** A row as profile `vectra` writes it. */
export function lakeRecord({ key, row }: LakeRow): LakeRecord {
  return {
    key,
    account: (row["finding"] as { uid: string }).uid,
    time: Number(row["time"]),
    direction: String(row["status_detail"]),
  };
}

/** @param scores by account and time. */
export function wrongDirections(
  records: readonly LakeRecord[],
  scores: ReadonlyMap<string, number>,
): string[] {
  const before = new Map<string, number>();
  return records
    .toSorted((one, other) => one.time - other.time)
    .flatMap(({ key, account, time, direction }) => {
      const event = `${account} at ${time}`;
      const score = scores.get(event) ?? 0;
      const [exportOf = "live"] = /backfill-\w+-\w+|redrive-\w+/.exec(basename(key)) ?? [];
      const last = before.get(`${account} in ${exportOf}`);
      before.set(`${account} in ${exportOf}`, score);
      const right = last === undefined ? "direction unknown" : directionOf(score - last);
      return direction === `Score ${right}` ? [] : [`${event}: ${direction} instead of ${right}`];
    });
}

function directionOf(change: number): string {
  if (change === 0) {
    return "unchanged";
  }
  return change > 0 ? "increase" : "decrease";
}
