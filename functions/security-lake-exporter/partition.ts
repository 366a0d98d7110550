import type { OcsfRecord } from "./ocsf/profile.js";

/** Records that go into one object of the lake: one account, one UTC day. */
export interface Partition {
  /** 12-digit AWS account. */
  readonly accountId: string;
  /** UTC day of the records, `YYYYMMDD`. */
  readonly eventDay: string;
  /** Sorted by time; records of one millisecond keep the order of the tenant's log. */
  readonly records: readonly OcsfRecord[];
}

/**
 * Splits records by the UTC day of their `time`, as Security Lake asks: an object never mixes days or
 * accounts, and its records are sorted by time.
 *
 * @returns partitions in the order of their days.
 */
export function partition(records: readonly OcsfRecord[], accountId: string): readonly Partition[] {
  const byDay = Map.groupBy(
    records.toSorted((a, b) => a.time - b.time),
    ({ time }) => new Date(time).toISOString().slice(0, 10).replaceAll("-", ""),
  );
  return [...byDay].map(([eventDay, sorted]) => ({ accountId, eventDay, records: sorted }));
}
