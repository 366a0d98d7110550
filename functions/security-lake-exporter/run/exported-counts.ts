/** What became of events. */
export interface ExportedCounts {
  readonly eventsRead: number;
  /** Events that the filters left out. */
  readonly eventsFiltered: number;
  /** Events that are in quarantine now. */
  readonly eventsQuarantined: number;
  /** Accounts whose look-up failed: their events are exported without assignment. */
  readonly failedLookups: number;
  /** Accounts that were not looked up, for lack of time or because a look-up failed recently: likewise. */
  readonly skippedLookups: number;
  /** Events of unknown severity: they state none, and their account was not looked up. */
  readonly eventsWithoutSeverity: number;
}

/** An object that was written. */
export interface WrittenObject {
  readonly key: string;
  readonly events: number;
  readonly bytes: number;
}

/** Work that is done. */
export interface Exported {
  readonly counts: ExportedCounts;
  readonly objects: readonly WrittenObject[];
  /** Time of the newest event that is not in quarantine, in milliseconds since the epoch. */
  readonly newestEventTime: number | null;
}

export const NOTHING_EXPORTED: Exported = {
  counts: {
    eventsRead: 0,
    eventsFiltered: 0,
    eventsQuarantined: 0,
    failedLookups: 0,
    skippedLookups: 0,
    eventsWithoutSeverity: 0,
  },
  objects: [],
  newestEventTime: null,
};

/** The sum of two. */
export function both(one: Exported, other: Exported): Exported {
  const counts = Object.entries(one.counts).map(([name, count]) => [
    name,
    count + other.counts[name as keyof ExportedCounts],
  ]);
  return {
    counts: Object.fromEntries(counts) as ExportedCounts,
    objects: [...one.objects, ...other.objects],
    newestEventTime: later(one.newestEventTime, other.newestEventTime),
  };
}

/** The later of two times, of which each may be unknown. */
export function later(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
