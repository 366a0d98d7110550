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
  /** Only events of this range: others that the tenant returns are skipped. @default - all events */
  readonly range?: TimeRange | undefined;
  /** Events before this time, in whole seconds of UTC, need not be given. @default - all events */
  readonly since?: string | undefined;
}

export interface PageRequest {
  /** Cursor of the first event. */
  readonly from: number;
  /** Maximum number of events in the page. */
  readonly limit: number;
  readonly includeScoreDecreases: boolean;
}

/** A page of events. */
export interface EventsPage extends ScoringPage {
  /** How it was too long to be read as received: values nested in its events were left out. */
  readonly excess?: string;
}

/** A `from` beyond every event makes the tenant answer with its newest cursor. */
export const BEYOND_EVERY_EVENT = 999_999_999_999;

/** Maximum number of events in a page: a tenant may repeat those of the page before. */
export const PAGE_EVENTS = 1000;

/** Maximum size of a page. 1,000 documented events are 0.6 MB with 22,000 values. */
const PAGE_LIMITS = { bytes: 4_000_000, values: 100_000 } as const satisfies AnswerLimits;

/**
 * A page of events, not yet parsed.
 *
 * @param onSize is called with the size of the response.
 * @throws AnswerTooLongError where a smaller limit may help; VectraRequestError otherwise.
 */
export async function requestPage(
  source: EventSource,
  request: PageRequest,
  signal: AbortSignal,
  onSize?: (size: AnswerSize) => void,
): Promise<EventsPage> {
  const page = await getPage(source, request, signal, onSize);
  // The tenant has nothing after such a cursor: its next events would never be requested.
  if (page.next_checkpoint >= BEYOND_EVERY_EVENT) {
    throw new VectraRequestError(
      `${source.api.eventsPath} answered from=${request.from} with next_checkpoint=${page.next_checkpoint}, ` +
        "which is beyond every event. Nothing was written.",
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
  const { vectra, api, range, since } = source;
  const query = { ...api.query({ includeScoreDecreases, range, since }), from, limit };
  // A page may repeat the events of the one before, and a tenant may ignore the limit.
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

/** A place in the log that cannot be read, and must be skipped to read on. */
export class UnreadableError extends VectraRequestError {}

function unreadable(
  source: EventSource,
  from: number,
  { message, beginning }: AnswerTooLongError,
): UnreadableError {
  const [, id] = /"events"\s*:\s*\[\s*\{[^[{]*?"id"\s*:\s*(\d{1,15})\b/.exec(beginning) ?? [];
  const which = id === undefined ? "the first event" : `event ${id}`;
  return new UnreadableError(
    `${message}, although only one event was requested: ${which} at cursor ${from} cannot be read. ` +
      `Nothing was written. ${wayPast(source, Number(id ?? from) + 1)}`,
    { retryable: false },
  );
}

/** How an operator can skip the place and export the rest of the events. */
export function wayPast({ range }: EventSource, cursor: number): string {
  return range === undefined
    ? `To skip it: vectra-cdr checkpoint set ${cursor} --reason "<why>".`
    : `To skip it, begin behind it: vectra-cdr backfill --from <time after it> --to ${range.to} --allow-overlap. What is in the lake of ` +
        "that range will be there twice.";
}
