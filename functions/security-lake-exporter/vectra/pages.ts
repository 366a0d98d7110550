import * as z from "zod/mini";
import type { AnswerLimits, AnswerSize } from "./answer.js";
import type { EventsApi, TimeRange } from "./apis.js";
import type { VectraSession } from "./client.js";
import { AnswerTooLongError, VectraRequestError } from "./http.js";
import { type ScoringPage, scoringPage } from "./schema.js";

/** A tenant, and the version of its events API. */
export interface EventSource {
  readonly vectra: VectraSession;
  readonly api: EventsApi;
  /** Only events of this time: others that the tenant gives are passed over. @default - of all times */
  readonly range?: TimeRange | undefined;
}

export interface PageRequest {
  /** Cursor of the first event. */
  readonly from: number;
  /** Events in the page at most. */
  readonly limit: number;
  readonly includeScoreDecreases: boolean;
}

/** A page of events. */
export interface EventsPage extends ScoringPage {
  /** In what it was too long to be read as it came: what is nested in its events was left out. */
  readonly excess?: string;
}

/** A `from` beyond every event makes the tenant answer with its newest checkpoint. */
export const BEYOND_EVERY_EVENT = 999_999_999_999;

/** As many events as a page can have: a tenant may repeat those of the page before. */
export const PAGE_EVENTS = 1000;

/** How long a page may be. 1,000 documented events are 0.6 MB with 22,000 values. */
const PAGE_LIMITS = { bytes: 4_000_000, values: 100_000 } as const satisfies AnswerLimits;

/**
 * A page of events, not yet looked into.
 *
 * @param onSize is told how long the answer was.
 * @throws AnswerTooLongError where fewer events may be asked for; VectraRequestError otherwise.
 */
export async function requestPage(
  source: EventSource,
  request: PageRequest,
  signal: AbortSignal,
  onSize?: (size: AnswerSize) => void,
): Promise<EventsPage> {
  const page = await getPage(source, request, signal, onSize);
  // Behind such a cursor the tenant has nothing: its next events would never be asked for.
  if (page.next_checkpoint >= BEYOND_EVERY_EVENT) {
    throw new VectraRequestError(
      `${source.api.eventsPath} answered from=${request.from} with next_checkpoint=${page.next_checkpoint}, ` +
        "which is beyond every event. Nothing of it was written.",
      { retryable: false },
    );
  }
  return page;
}

async function getPage(
  source: EventSource,
  { from, limit, includeScoreDecreases }: PageRequest,
  signal: AbortSignal,
  onSize?: (size: AnswerSize) => void,
): Promise<EventsPage> {
  const { vectra, api, range } = source;
  const query = { ...api.query({ includeScoreDecreases, range }), from, limit };
  // A page may repeat the events of the one before. A tenant that takes no notice of the limit is taken as it is.
  const limits = { ...PAGE_LIMITS, elements: limit === 1 ? PAGE_EVENTS : 2 * limit };
  try {
    return await vectra.get(api.eventsPath, query, scoringPage, signal, {
      limits,
      onSize,
      abridge: limit === 1,
    });
  } catch (error) {
    if (error instanceof AnswerTooLongError && limit === 1) {
      return abridgedPage(error) ?? (await Promise.reject(unreadable(source, from, error)));
    }
    if (error instanceof VectraRequestError && error.status === 404) {
      throw new VectraRequestError(`${error.message} - ${api.whenMissing}`, {
        status: 404,
        retryable: false,
      });
    }
    throw error;
  }
}

/** The page of an event that has too many values to be parsed. */
function abridgedPage({ abridged, excess }: AnswerTooLongError): EventsPage | undefined {
  if (abridged === undefined) {
    return undefined;
  }
  try {
    const parsed = z.safeParse(scoringPage, JSON.parse(abridged));
    return parsed.success ? { ...parsed.data, excess } : undefined;
  } catch {
    return undefined;
  }
}

/** A place in the log behind which nobody can read, unless it is left out. */
export class UnreadableError extends VectraRequestError {}

function unreadable(
  source: EventSource,
  from: number,
  { message, beginning }: AnswerTooLongError,
): UnreadableError {
  const [, id] = /"events"\s*:\s*\[\s*\{[^[{]*?"id"\s*:\s*(\d{1,15})\b/.exec(beginning) ?? [];
  const which = id === undefined ? "the first event" : `event ${id}`;
  return new UnreadableError(
    `${message}, although one event was asked for: ${which} at cursor ${from} cannot be read. ` +
      `Nothing of it was written. ${wayPast(source, Number(id ?? from) + 1)}`,
    { retryable: false },
  );
}

/** What somebody can do who wants the rest of the events. */
export function wayPast({ range }: EventSource, cursor: number): string {
  return range === undefined
    ? `To leave it out: vectra-cdr checkpoint set ${cursor} --reason "<why>".`
    : "To leave it out, choose ranges of time before and after it.";
}
