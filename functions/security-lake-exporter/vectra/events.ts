import type { VectraClient } from "./client.js";
import { VectraRequestError } from "./http.js";
import { type ScoringEvent, type ScoringPage, scoringPage } from "./schema.js";

const PATH = "/api/v3.4/events/entity_scoring";
/** A `from` beyond every event makes the tenant answer with its newest checkpoint. */
const BEYOND_EVERY_EVENT = 999_999_999_999;

/** Version of the events API; part of the checkpoint's key, because cursors of two APIs do not mix. */
export const EVENTS_API = "v3.4";

/** A stretch of the tenant's event log: what comes after cursor `from`, up to cursor `to`. */
export interface EventWindow {
  readonly from: number;
  readonly to: number;
  /** Each event once, in the order of the log. */
  readonly events: readonly ScoringEvent[];
  /** Whether the log had no more events when the window was read. */
  readonly complete: boolean;
}

/** Which events are to be read, and how many. */
export interface WindowRequest {
  /** Cursor of the first event. */
  readonly from: number;
  readonly includeScoreDecreases: boolean;
  /** Events per page. */
  readonly pageSize: number;
  /** The window ends with the page that reaches this number of events. */
  readonly windowEvents: number;
  /** Asked before each further page: whether there is time to take one more. */
  readonly hasTime: () => boolean;
}

/** A window that was read before, as it was fixed then. */
export interface KnownWindow {
  readonly from: number;
  readonly to: number;
  /** Number of different events in it. */
  readonly events: number;
  /** Highest event id in it. */
  readonly lastEventId: number;
  readonly includeScoreDecreases: boolean;
}

/** The tenant's log no longer gives the events that a window held when it was fixed. */
class WindowChangedError extends Error {
  override readonly name = "WindowChangedError";
}

/** Reads new events. An empty window that does not move means: nothing new. */
export async function readWindow(
  client: VectraClient,
  { from, includeScoreDecreases, pageSize, windowEvents, hasTime }: WindowRequest,
  signal: AbortSignal,
): Promise<EventWindow> {
  const events = new Map<number, ScoringEvent>();
  let to = from;
  let complete = false;
  do {
    const page = await readPage(client, { from: to, limit: pageSize, includeScoreDecreases }, signal);
    collect(events, page);
    to = page.next_checkpoint;
    complete = page.remaining_count === 0;
  } while (!complete && events.size < windowEvents && hasTime());
  return { from, to, events: [...events.values()], complete };
}

/**
 * Reads a window again, whatever was added to the log meanwhile and whatever the page size is now.
 *
 * @throws WindowChangedError when the log does not give the same number of events any more.
 */
export async function readWindowAgain(
  client: VectraClient,
  known: KnownWindow,
  pageSize: number,
  signal: AbortSignal,
): Promise<EventWindow> {
  const events = new Map<number, ScoringEvent>();
  let to = known.from;
  while (to < known.to) {
    const missing = Math.max(1, known.events - events.size);
    const page = await readPage(
      client,
      { from: to, limit: Math.min(pageSize, missing), includeScoreDecreases: known.includeScoreDecreases },
      signal,
    );
    collect(events, page);
    if (page.next_checkpoint === to) {
      break;
    }
    to = page.next_checkpoint;
  }
  const inWindow = [...events.values()].filter(({ id }) => id <= known.lastEventId);
  if (inWindow.length !== known.events) {
    throw new WindowChangedError(
      `The window from ${known.from} to ${known.to} held ${known.events} events when it was fixed, and the ` +
        `tenant now gives ${inWindow.length}. Part of it may be in the lake already, so nothing was written: ` +
        "compare the tenant's events with the lake, then remove the attribute intent from the checkpoint item.",
    );
  }
  return { from: known.from, to: known.to, events: inWindow, complete: false };
}

/** The cursor after the newest event. */
export async function newestCheckpoint(client: VectraClient, signal: AbortSignal): Promise<number> {
  const page = await requestPage(
    client,
    { from: BEYOND_EVERY_EVENT, limit: 1, includeScoreDecreases: true },
    signal,
  );
  return page.next_checkpoint;
}

interface PageRequest {
  readonly from: number;
  readonly limit: number;
  readonly includeScoreDecreases: boolean;
}

async function readPage(
  client: VectraClient,
  request: PageRequest,
  signal: AbortSignal,
): Promise<ScoringPage> {
  const page = await requestPage(client, request, signal);
  const { next_checkpoint: next, remaining_count: remaining } = page;
  const stuck = next === request.from && (remaining > 0 || page.events.length > 0);
  if (next < request.from || stuck) {
    throw new VectraRequestError(
      `${PATH} answered from=${request.from} with ${page.events.length} events, next_checkpoint=${next} and ` +
        `remaining_count=${remaining}: the cursor does not advance. Nothing of it was written.`,
      { retryable: false },
    );
  }
  return page;
}

function requestPage(client: VectraClient, request: PageRequest, signal: AbortSignal): Promise<ScoringPage> {
  return client.get(
    PATH,
    {
      type: "account",
      from: request.from,
      limit: request.limit,
      include_score_decreases: request.includeScoreDecreases,
    },
    scoringPage,
    signal,
  );
}

/** A page may repeat events of the one before. */
function collect(events: Map<number, ScoringEvent>, page: ScoringPage): void {
  for (const event of page.events) {
    if (!events.has(event.id)) {
      events.set(event.id, event);
    }
  }
}
