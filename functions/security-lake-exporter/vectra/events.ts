import { createHash } from "node:crypto";
import { jsonText } from "../state/json-text.js";
import { problemsOf } from "../validation.js";
import { isWithin, type TimeRange } from "./apis.js";
import { PageReader } from "./page-reader.js";
import {
  BEYOND_EVERY_EVENT,
  type EventSource,
  type EventsPage,
  PAGE_EVENTS,
  type PageRequest,
  requestPage,
  UnreadableError,
} from "./pages.js";
import { readEvent } from "./read-event.js";
import type { ScoringEvent } from "./schema.js";

/** An event that cannot be exported. */
export interface RejectedEvent {
  /** Unique key: the event's id, or a digest of the event if it has none. */
  readonly key: string;
  /** The event as received. */
  readonly json: unknown;
  /** What is wrong with it, field by field, without values. */
  readonly reason: string;
}

/** A stretch of the tenant's event log: from cursor `from` up to cursor `to`. */
export interface EventWindow {
  readonly from: number;
  readonly to: number;
  /** Each event once, in the order of the log. */
  readonly events: readonly ScoringEvent[];
  /** Events that do not have the documented shape. */
  readonly rejected: readonly RejectedEvent[];
  /** Keys of its last events, rejected ones included: the next window's `seen`. */
  readonly lastKeys: readonly string[];
  /** Whether the log had no more events when the window was read. */
  readonly complete: boolean;
}

/** Page size when only searching for events: a few of them may be at the end of the range. */
const EVENTS_LOOKED_THROUGH = 100;

/** Which events are to be read, and how many. */
export interface WindowRequest {
  /** Cursor of the first event. */
  readonly from: number;
  readonly includeScoreDecreases: boolean;
  /** Remembered keys of the events before the window: an event that is repeated is skipped. */
  readonly seen: readonly string[];
  /** Events per page. */
  readonly pageSize: number;
  /** Maximum number of events in the window. */
  readonly windowEvents: number;
  /** Called before each further page: whether there is time for one more. */
  readonly hasTime: () => boolean;
}

/** A window that was read before, as it was fixed then. */
export interface KnownWindow {
  readonly from: number;
  readonly to: number;
  /** Number of distinct events in it, rejected ones included. */
  readonly events: number;
  /** Highest event id in it. */
  readonly lastEventId: number;
}

/** The tenant's log no longer returns the events that a window held when it was fixed. */
class WindowChangedError extends Error {
  override readonly name = "WindowChangedError";
}

/** Reads new events. An empty window whose cursor does not move means that there are none. */
export async function readWindow(
  source: EventSource,
  { from, includeScoreDecreases, seen, pageSize, windowEvents, hasTime }: WindowRequest,
  signal: AbortSignal,
): Promise<EventWindow> {
  const found: FoundEvents = new Map();
  const before = new Set(seen);
  const pages = new PageReader(source, { includeScoreDecreases, pageSize }, signal);
  let to = from;
  let complete = false;
  try {
    do {
      const page = await pages.next(to, windowEvents - found.size, (next) =>
        collect(found, before, next, source.range),
      );
      to = page.next_checkpoint;
      complete = page.remaining_count === 0;
    } while (!complete && found.size < windowEvents && !pages.isFull && hasTime());
  } catch (error) {
    // Events before the unreadable place are exported first; the next window then starts there.
    if (!(error instanceof UnreadableError && found.size > 0)) {
      throw error;
    }
  }
  return { from, to, complete, lastKeys: lastKeysOf(found, seen), ...sorted(found) };
}

/**
 * Reads a window again, regardless of what has been added to the log since and of the current page size.
 *
 * @throws WindowChangedError when the log no longer returns the same number of events.
 */
export async function readWindowAgain(
  source: EventSource,
  known: KnownWindow & Pick<WindowRequest, "includeScoreDecreases" | "seen" | "pageSize">,
  signal: AbortSignal,
): Promise<EventWindow> {
  const { includeScoreDecreases, seen, pageSize } = known;
  const found: FoundEvents = new Map();
  const before = new Set(seen);
  const pages = new PageReader(source, { includeScoreDecreases, pageSize }, signal);
  let from = known.from;
  let hasMore = true;
  // Once all are found, any further event is from beyond the window.
  while (hasMore && found.size < known.events) {
    const missing = known.events - found.size;
    const page = await pages.next(from, missing, (next) => collect(found, before, next, source.range));
    const foundMore = known.events - found.size < missing;
    // A tenant may have returned the window's last events after the cursor that came with them.
    hasMore = page.next_checkpoint > from && (page.next_checkpoint < known.to || foundMore);
    from = page.next_checkpoint;
  }
  for (const [key, { id }] of found) {
    if (id > known.lastEventId) {
      found.delete(key);
    }
  }
  if (found.size !== known.events) {
    throw new WindowChangedError(
      `The window from ${known.from} to ${known.to} held ${known.events} events when it was fixed, and the ` +
        `tenant now returns ${found.size}. Part of it may be in the lake already, so nothing was written. ` +
        `Compare the tenant's events with the lake. ${waysOutOf(known, source.range)}`,
    );
  }
  const lastKeys = lastKeysOf(found, seen);
  return { from: known.from, to: known.to, complete: false, lastKeys, ...sorted(found) };
}

/** What an operator can do about a window that can neither be completed nor written anew without duplicates. */
function waysOutOf({ from, to }: KnownWindow, range: TimeRange | undefined): string {
  return range === undefined
    ? `To skip the window: vectra-cdr checkpoint set ${to} --reason "<why>". To export it again, with duplicates of what is ` +
        `in the lake: vectra-cdr checkpoint set ${from} --reason "<why>".`
    : "To export the rest of the range, start another backfill that begins after this window.";
}

/** The cursor after the newest event. */
export async function newestCheckpoint(source: EventSource, signal: AbortSignal): Promise<number> {
  const request = { from: BEYOND_EVERY_EVENT, limit: 1, includeScoreDecreases: true };
  const { next_checkpoint } = await requestPage(source, request, signal);
  return next_checkpoint;
}

/** The highest event id of a window; events without an id do not count. */
export function lastEventIdOf({ events, rejected }: EventWindow): number {
  const ids = [...events.map(({ id }) => id), ...rejected.map(({ json }) => idOf(json) ?? 0)];
  return ids.reduce((highest, id) => Math.max(highest, id), 0);
}

/** Whether the log has events of the source from cursor `from` up to, but excluding, cursor `to`. */
export async function hasEvents(
  source: EventSource,
  { from, to, includeScoreDecreases }: { from: number; to: number; includeScoreDecreases: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  // Only the cursor after an event shows whether the event is before `to`.
  const pageSize = Number.isFinite(to) ? 1 : EVENTS_LOOKED_THROUGH;
  const pages = new PageReader(source, { includeScoreDecreases, pageSize }, signal);
  for (let cursor = from; cursor < to; ) {
    const page = await pages.next(cursor, pageSize, ({ events }) => events.length);
    if (page.next_checkpoint > to) {
      return false;
    }
    if (page.events.some((json) => isInRange(json, source.range))) {
      return true;
    }
    if (page.remaining_count === 0) {
      return false;
    }
    cursor = page.next_checkpoint;
  }
  return false;
}

/** Number of events that the source has from cursor `from` on. */
export async function countEvents(
  source: EventSource,
  request: Pick<PageRequest, "from" | "includeScoreDecreases">,
  signal: AbortSignal,
): Promise<number> {
  const count = async (counted: EventSource) => {
    const { events, remaining_count } = await requestPage(counted, { ...request, limit: 1 }, signal);
    return events.length + remaining_count;
  };
  const { range } = source;
  const all = await count(source);
  // The API also counts events at the end of the range, which belong to another range.
  const atEnd = range === undefined ? 0 : await count({ ...source, range: { from: range.to, to: range.to } });
  return Math.max(0, all - atEnd);
}

/** By key, in the order of the log: the event, or why it could not be read. */
type FoundEvents = Map<
  string,
  { readonly id: number } & ({ readonly event: ScoringEvent } | { readonly rejected: RejectedEvent })
>;

/**
 * A page may repeat events of its own or of the page before, and hold events that belong to another range.
 *
 * @returns the number of events that have not been seen before.
 */
function collect(
  found: FoundEvents,
  before: ReadonlySet<string>,
  page: EventsPage,
  range: TimeRange | undefined,
): number {
  let unseen = 0;
  for (const json of page.events) {
    if (!isInRange(json, range)) {
      unseen += 1;
      continue;
    }
    const id = idOf(json);
    const key = id === undefined ? digestOf(json) : String(id);
    if (found.has(key) || before.has(key)) {
      continue;
    }
    unseen += 1;
    // An event without an id never counts as one from beyond the window.
    found.set(key, { id: id ?? 0, ...readOrReject(json, key, page) });
  }
  return unseen;
}

function readOrReject(
  json: unknown,
  key: string,
  { excess }: EventsPage,
): { readonly event: ScoringEvent } | { readonly rejected: RejectedEvent } {
  if (excess !== undefined) {
    const reason = `event: has ${excess}, too many to be read; nested values were left out`;
    return { rejected: { key, json, reason } };
  }
  const parsed = readEvent(json);
  return parsed.success
    ? { event: parsed.data }
    : { rejected: { key, json, reason: problemsOf("event", parsed.error) } };
}

function lastKeysOf(found: FoundEvents, seen: readonly string[]): readonly string[] {
  return [...seen, ...found.keys()].slice(-PAGE_EVENTS);
}

function sorted(found: FoundEvents): Pick<EventWindow, "events" | "rejected"> {
  const all = [...found.values()];
  return {
    events: all.flatMap((entry) => ("event" in entry ? [entry.event] : [])),
    rejected: all.flatMap((entry) => ("rejected" in entry ? [entry.rejected] : [])),
  };
}

/** An event that cannot be exported still has a time, and is in the quarantine of one range only. */
function isInRange(json: unknown, range: TimeRange | undefined): boolean {
  const hasTime = typeof json === "object" && json !== null && "event_timestamp" in json;
  return range === undefined || isWithin(range, hasTime ? json.event_timestamp : undefined);
}

function idOf(json: unknown): number | undefined {
  const id = typeof json === "object" && json !== null && "id" in json ? json.id : undefined;
  return Number.isSafeInteger(id) ? (id as number) : undefined;
}

function digestOf(json: unknown): string {
  return createHash("sha256").update(jsonText(json)).digest("hex").slice(0, 32);
}
