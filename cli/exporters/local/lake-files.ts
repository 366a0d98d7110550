import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { onDisk } from "./disk-errors.js";
import { type OcsfJson, parquetRecords } from "./parquet-records.js";

/** A file of the lake, and the UTC day of its records, `YYYYMMDD`. */
interface LakeFile {
  readonly path: string;
  readonly day: string;
}

/**
 * The newest records of a folder by `time`, newest first.
 *
 * @param tenant only records of that tenant. @default - of every tenant
 */
export async function lastRecordsIn(
  folder: string,
  tenant: string | undefined,
  count: number,
): Promise<readonly OcsfJson[]> {
  if (!existsSync(folder)) {
    throw new Error(`There is no folder ${folder}.`);
  }
  const days = Map.groupBy(await lakeFiles(folder, tenant), ({ day }) => day);
  const found: OcsfJson[] = [];
  // Files hold one day each, so older days need not be read once there are enough records.
  for (const day of [...days.keys()].sort().reverse()) {
    if (found.length >= count) {
      break;
    }
    const records: OcsfJson[] = [];
    for (const { path } of days.get(day) ?? []) {
      records.push(...(await recordsOf(path)));
    }
    found.push(...records.reverse().toSorted((a, b) => Number(b["time"]) - Number(a["time"])));
  }
  return found.slice(0, count);
}

/** @throws Error that names the file where it cannot be read, or holds something else. */
async function recordsOf(path: string): Promise<readonly OcsfJson[]> {
  const body = await onDisk(path, () => readFile(path));
  try {
    return await parquetRecords(body);
  } catch (error) {
    throw new Error(
      `${path}: is damaged, or is no object of the lake (${(error as Error).message}). Restore it from a copy, or move it away.`,
      { cause: error },
    );
  }
}

/** Paths of the lake's objects, relative to its folder: the partitions, then the name. */
const OBJECT = /^region=[^/\\]+[/\\]accountId=\d{12}[/\\]eventDay=(\d{8})[/\\][^/\\]+\.parquet$/;

async function lakeFiles(folder: string, tenant: string | undefined): Promise<readonly LakeFile[]> {
  const paths = await onDisk(folder, () => readdir(folder, { recursive: true }));
  return paths.sort().flatMap((path) => {
    const [, day] = OBJECT.exec(path) ?? [];
    return day !== undefined && isOf(tenant, basename(path)) ? [{ path: join(folder, path), day }] : [];
  });
}

/** Whether an object is of the tenant, by its name: see `export-window.ts`. After the API comes a cursor or a job. */
function isOf(tenant: string | undefined, name: string): boolean {
  return (
    tenant === undefined ||
    new RegExp(`^vectra-${tenant}-v3(\\.\\d)?-(\\d+-\\d+|redrive-\\w+|backfill-\\w+-\\w+-\\d+-\\d+)\\.`).test(
      name,
    )
  );
}

/** What the name of a lake's object says: see `export-window.ts`. */
export interface LakeObjectName {
  readonly tenant: string;
  readonly api: string;
  /** Cursor behind its window; undefined for an object of a backfill or a redrive. */
  readonly to: number | undefined;
}

/** The names of a folder's objects. */
export async function objectNamesIn(folder: string): Promise<readonly LakeObjectName[]> {
  return (await lakeFiles(folder, undefined)).flatMap(({ path }) => {
    const [, tenant, api, to] =
      /^vectra-([a-z][a-z0-9-]*?)-(v3(?:\.\d)?)-(?:\d+-(\d+)|redrive-\w+|backfill-[\w-]+)\./.exec(
        basename(path),
      ) ?? [];
    return tenant === undefined || api === undefined
      ? []
      : [{ tenant, api, to: to === undefined ? undefined : Number(to) }];
  });
}
