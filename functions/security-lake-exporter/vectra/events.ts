import { FoundEvents, type KnownEvents, keyOf, type WindowEvents } from "./found-events.js";
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

/** A stretch of the tenant's event log: from cursor `from` up to cursor `to`. */
export interface EventWindow extends WindowEvents {
  readonly from: number;
  readonly to: number;
  /** Whether the log had no more events when the window was read. */
  readonly complete: boolean;
  /** Whether the log ends before the window: its newest events have been removed, or the cursor is not one of this log. @default false */
  readonly isBehind?: boolean;
}

/** Which events are to be read, and how many. */
export interface WindowRequest {
  /** Cursor of the first event. */
  readonly from: number;
  /** The window ends before this cursor. @default - it may reach the end of the log */
  readonly before?: number | undefined;
  readonly includeScoreDecreases: boolean;
  /** Which events are left out, because they have been exported; asked once there are events. @default - none */
  readonly known?: () => Promise<KnownEvents>;
  /** Events per page. */
  readonly pageSize: number;
  /** Maximum number of events in the window. */
  readonly windowEvents: number;
  /** Called before each further page: whether there is time for one more. */
  readonly hasTime: () => boolean;
  /** Whether the window must end exactly at `before`, however much there is: it replaces what has been written of it. @default false */
  readonly whole?: boolean;
}

const nothing = async (): Promise<KnownEvents> => ({ seen: new Map() });

/** Reads new events. An empty window whose cursor does not move means that there are none. */
export async function readWindow(
  source: EventSource,
  request: WindowRequest,
  signal: AbortSignal,
): Promise<EventWindow> {
  const { from, before, includeScoreDecreases, pageSize, windowEvents, hasTime, whole = false } = request;
  const found = new FoundEvents(source, request.known ?? nothing);
  const pages = new PageReader(source, { includeScoreDecreases, pageSize }, signal);
  let to = from;
  let complete = false;
  let wasReached = false;
  let isBehind = false;
  const mayGrow = () => whole || (found.size < windowEvents && !pages.isFull && hasTime());
  try {
    do {
      const most = whole ? pageSize : windowEvents - found.size;
      const page = await pages.next(to, most, async (next) => {
        wasReached = before !== undefined && next.next_checkpoint > before;
        return await found.collect(
          wasReached ? await eventsBefore(source, before ?? 0, next, includeScoreDecreases, signal) : next,
        );
      });
      isBehind = page.next_checkpoint < to;
      to = wasReached ? (before ?? to) : Math.max(to, page.next_checkpoint);
      complete = page.remaining_count === 0 && !wasReached;
    } while (!complete && !wasReached && mayGrow());
  } catch (error) {
    // Events before the unreadable place are exported first; the next window then starts there.
    if (whole || !(error instanceof UnreadableError && found.size > 0)) {
      throw error;
    }
  }
  return { from, to: whole ? (before ?? to) : to, complete, isBehind, ...found.window };
}

/**
 * The page without the events from a cursor on. Which these are, the tenant says: what it gives from that cursor on, asked
 * after the page, so that an event that has arrived in the meantime is on the same side for both.
 */
async function eventsBefore(
  source: EventSource,
  cursor: number,
  page: EventsPage,
  includeScoreDecreases: boolean,
  signal: AbortSignal,
): Promise<EventsPage> {
  if (page.events.length === 0) {
    return page;
  }
  // As many as the page may hold: the first of them may have arrived after the page.
  const limit = Math.min(page.events.length, PAGE_EVENTS);
  const { events } = await requestPage(source, { from: cursor, limit, includeScoreDecreases }, signal);
  const beyond = new Set(events.map(keyOf));
  const end = page.events.findIndex((json) => beyond.has(keyOf(json)));
  return end === -1 ? page : { ...page, events: page.events.slice(0, end) };
}

/** The cursor after the newest event. */
export async function newestCheckpoint(source: EventSource, signal: AbortSignal): Promise<number> {
  const request = { from: BEYOND_EVERY_EVENT, limit: 1, includeScoreDecreases: true };
  const { next_checkpoint } = await requestPage(source, request, signal);
  return next_checkpoint;
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
