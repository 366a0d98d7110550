import { eventDayOf } from "../../../facts/object-names.js";
import type { OcsfRecord } from "../ocsf/profile.js";

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
 * Splits records by account and by the UTC day of their `time`, as Security Lake requires: an object never mixes
 * days or accounts, and its records are sorted by time.
 *
 * @returns partitions in the order of their first records.
 */
export function partition(records: readonly PlacedRecord[]): readonly Partition[] {
  const sorted = records.toSorted((a, b) => a.record.time - b.record.time);
  const partitions = new Map<string, { accountId: string; day: number; records: OcsfRecord[] }>();
  let last: { accountId: string; day: number; records: OcsfRecord[] } | undefined;
  for (const { record, accountId } of sorted) {
    const day = Math.floor(record.time / DAY);
    // Adjacent records nearly always share one.
    if (last?.accountId !== accountId || last.day !== day) {
      const key = `${accountId}/${day}`;
      last = partitions.get(key) ?? { accountId, day, records: [] };
      partitions.set(key, last);
    }
    last.records.push(record);
  }
  return [...partitions.values()].map(({ accountId, day, records }) => ({
    accountId,
    eventDay: eventDayOf(day * DAY),
    records,
  }));
}
