/**
 * The names of the lake's objects, written and read back. The exporter writes them; the CLI finds a tenant's records, and
 * how far an export had come, by reading them.
 *
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources-best-practices.html
 */

/** A stretch of time, in whole seconds of UTC, `2026-01-01T00:00:00Z`; `to` is exclusive. */
interface TimeSlice {
  readonly from: string;
  readonly to: string;
}

/** A tenant, and the version of the events API that its events came from. */
interface TenantLog {
  readonly tenant: string;
  readonly api: string;
}

/** A window of the live export, between two cursors. */
interface LiveWindow extends TenantLog {
  readonly kind: "live";
  readonly from: number;
  readonly to: number;
}

/** A window of a backfill. */
interface BackfillWindow extends TenantLog {
  readonly kind: "backfill";
  /** {@link backfillName}. */
  readonly job: string;
  readonly from: number;
  readonly to: number;
}

/** One event that a redrive took out of quarantine. */
interface RedrivenEvent extends TenantLog {
  readonly kind: "redrive";
  /** Digest of the event's key in quarantine: lower-case letters and digits. */
  readonly event: string;
}

/** What the name of an object says: the same content is the same name, so writing it again replaces it. */
export type ObjectName = LiveWindow | BackfillWindow | RedrivenEvent;

/** Where an object is, below the prefix of its custom source: Security Lake's partitions, then the name. */
export interface ObjectPlace {
  readonly region: string;
  /** 12-digit AWS account. */
  readonly accountId: string;
  /** UTC day of the object's records: {@link eventDayOf}. */
  readonly eventDay: string;
  readonly name: string;
}

/** End of every object's name: Parquet, compressed with zstd. */
const EXTENSION = ".zstd.parquet";

/** The first folder of every partition begins so. */
export const REGION_PARTITION = "region=";

const OBJECT_NAME =
  /^vectra-([a-z][a-z0-9-]*)-(v\d+(?:\.\d+)?)-(?:(?:(backfill-\d{8}T\d{6}Z-\d{8}T\d{6}Z)-)?(\d+)-(\d+)|redrive-([0-9a-z]+))\.zstd\.parquet$/;

// A folder on Windows separates with backslashes.
const OBJECT_KEY = /^region=([^/\\]+)[/\\]accountId=(\d{12})[/\\]eventDay=(\d{8})[/\\]([^/\\]+)$/;

/** The name of an object, from what is in it. */
export function objectName(object: ObjectName): string {
  return `${objectNamePrefix(object)}${restOf(object)}${EXTENSION}`;
}

/** How the names of all objects of a tenant begin. */
export function objectNamePrefix({ tenant, api }: TenantLog): string {
  return `vectra-${tenant}-${api}-`;
}

function restOf(object: ObjectName): string {
  switch (object.kind) {
    case "live":
      return `${object.from}-${object.to}`;
    case "backfill":
      return `${object.job}-${object.from}-${object.to}`;
    case "redrive":
      return `redrive-${object.event}`;
  }
}

/** What {@link objectName} was given; undefined for the name of anything else. */
export function parseObjectName(name: string): ObjectName | undefined {
  const [, tenant, api, job, from, to, event] = OBJECT_NAME.exec(name) ?? [];
  if (tenant === undefined || api === undefined) {
    return undefined;
  }
  if (event !== undefined) {
    return { kind: "redrive", tenant, api, event };
  }
  const window = { tenant, api, from: Number(from), to: Number(to) };
  return job === undefined ? { kind: "live", ...window } : { kind: "backfill", job, ...window };
}

/** Key of an object, below the prefix of the custom source. */
export function objectKey({ region, accountId, eventDay, name }: ObjectPlace): string {
  return `${REGION_PARTITION}${region}/accountId=${accountId}/eventDay=${eventDay}/${name}`;
}

/**
 * What {@link objectKey} was given; undefined for the key of anything else.
 *
 * @param key or a path of Windows with the same folders.
 */
export function parseObjectKey(key: string): ObjectPlace | undefined {
  const [, region, accountId, eventDay, name] = OBJECT_KEY.exec(key) ?? [];
  return region === undefined || accountId === undefined || eventDay === undefined || name === undefined
    ? undefined
    : { region, accountId, eventDay, name };
}

/**
 * The UTC day of the `eventDay=` partition, `YYYYMMDD`.
 *
 * @param time milliseconds since the epoch.
 */
export function eventDayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll("-", "");
}

/** The folder of a custom source in the lake's bucket, with a closing slash. */
export function sourcePrefix(sourceName: string): string {
  return `ext/${sourceName}/`;
}

/** Name of a backfill: part of its state's keys and of its objects' names, so the same slice is the same backfill. */
export function backfillName({ from, to }: TimeSlice): string {
  return `backfill-${compact(from)}-${compact(to)}`;
}

/** The slice of a backfill, from its name; undefined for anything else. */
export function parseBackfillName(name: string): TimeSlice | undefined {
  const [, from, to] = /^backfill-(\d{8}T\d{6}Z)-(\d{8}T\d{6}Z)$/.exec(name) ?? [];
  return from === undefined || to === undefined ? undefined : { from: expanded(from), to: expanded(to) };
}

function compact(time: string): string {
  return time.replaceAll(/[-:]/g, "");
}

function expanded(time: string): string {
  return time.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5");
}
