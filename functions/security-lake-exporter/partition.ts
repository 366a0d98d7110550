import type { OcsfRecord } from "./ocsf/profile.js";

/** Milliseconds of a UTC day. */
const DAY = 86_400_000;

/** Records that go into one object of the lake: one account, one UTC day. */
export interface Partition {
  /** 12-digit AWS account. */
  readonly accountId: string;
  /** UTC day of the records, `YYYYMMDD`. */
  readonly eventDay: string;
  /** Sorted by time; records of one millisecond keep the order of the tenant's log. */
  readonly records: readonly OcsfRecord[];
}

/** A record, and the AWS account in whose partition it belongs. */
export interface PlacedRecord {
  readonly record: OcsfRecord;
  readonly accountId: string;
}

/**
 * Splits records by account and by the UTC day of their `time`, as Security Lake asks: an object never mixes
 * days or accounts, and its records are sorted by time.
 *
 * @returns partitions in the order of their first records.
 */
export function partition(records: readonly PlacedRecord[]): readonly Partition[] {
  const groups = Map.groupBy(
    records.toSorted((a, b) => a.record.time - b.record.time),
    ({ record, accountId }) => `${accountId}/${Math.floor(record.time / DAY)}`,
  );
  return [...groups].map(([group, placed]) => ({
    accountId: group.slice(0, 12),
    eventDay: eventDayOf(Number(group.slice(13)) * DAY),
    records: placed.map(({ record }) => record),
  }));
}

function eventDayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll("-", "");
}
