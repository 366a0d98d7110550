import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type ObjectName, parseObjectKey, parseObjectName } from "../../../facts/object-names.js";
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
    throw new Error(`The folder ${folder} does not exist.`);
  }
  const days = Map.groupBy(await lakeFiles(folder, tenant), ({ day }) => day);
  const found: OcsfJson[] = [];
  // Each file holds one day, so older days need not be read once there are enough records.
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

/** @throws Error that names the file where it cannot be read or is not Parquet. */
async function recordsOf(path: string): Promise<readonly OcsfJson[]> {
  const body = await onDisk(path, () => readFile(path));
  try {
    return await parquetRecords(body);
  } catch (error) {
    throw new Error(
      `${path}: is damaged, or is not an object of the lake (${(error as Error).message}). Restore it from a copy, or move it away.`,
      { cause: error },
    );
  }
}

async function lakeFiles(folder: string, tenant: string | undefined): Promise<readonly LakeFile[]> {
  const paths = await onDisk(folder, () => readdir(folder, { recursive: true }));
  return paths.sort().flatMap((path) => {
    const { name, eventDay: day } = parseObjectKey(path) ?? {};
    return name?.endsWith(".parquet") && day !== undefined && isOf(tenant, name)
      ? [{ path: join(folder, path), day }]
      : [];
  });
}

function isOf(tenant: string | undefined, name: string): boolean {
  return tenant === undefined || parseObjectName(name)?.tenant === tenant;
}

/** The names of a folder's objects. */
export async function objectNamesIn(folder: string): Promise<readonly ObjectName[]> {
  return (await lakeFiles(folder, undefined)).flatMap(({ path }) => parseObjectName(basename(path)) ?? []);
}
