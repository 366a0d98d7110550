import type { Answer } from "./answer.js";
import { firstFrom } from "./event-log.js";
import { inOlderNames } from "./older-names.js";
import type { Happening } from "./organization.js";
import type { EntityScoringEvent } from "./scoring-event.js";

/** The body of a 200 from `GET /api/v3.4/events/entity_scoring`, or from an older version's `account_scoring`. */
export interface ScoringPage<Event = EntityScoringEvent> {
  events: Event[];
  /** Value of `from` for the next page: the id after the last event of this one. */
  next_checkpoint: number;
  /** Events that match the query after this page. */
  remaining_count: number;
}

/** The API's own maximum. */
const MAX_EVENTS_PER_PAGE = 1000;

/**
 * Answers a v3.4 entity scoring query: `type=account` (required), `from` (inclusive event id), `limit`,
 * `include_score_decreases`, `event_timestamp_gte`, `event_timestamp_lte`.
 *
 * @param happenings everything so far, by ascending event id
 */
export function answerScoringQuery(happenings: readonly Happening[], query: URLSearchParams): Answer {
  const decreases = query.get("include_score_decreases") ?? "true";
  const earliest = moment(query.get("event_timestamp_gte"), Number.NEGATIVE_INFINITY);
  const latest = moment(query.get("event_timestamp_lte"), Number.POSITIVE_INFINITY);
  if (query.get("type") !== "account") {
    return badRequest('type is required: "account".');
  }
  if (decreases !== "true" && decreases !== "false") {
    return badRequest("include_score_decreases must be true or false.");
  }
  if (Number.isNaN(earliest) || Number.isNaN(latest)) {
    return badRequest("event_timestamp_gte and event_timestamp_lte must be ISO 8601.");
  }
  return answerPage(happenings, query, ({ event, scoreDecreased }) => {
    const time = Date.parse(event.event_timestamp);
    // A time that cannot be parsed is not outside the range.
    const isOutside = time < earliest || time > latest;
    return !isOutside && !(decreases === "false" && scoreDecreased);
  });
}

/**
 * Answers an account scoring query of the versions before v3.4: only `from` and `limit`; events have the older names
 * of their fields.
 *
 * @param happenings everything so far, by ascending event id
 * @param idOffset what these versions add to ids and cursors
 */
export function answerOlderQuery(
  happenings: readonly Happening[],
  query: URLSearchParams,
  idOffset = 0,
): Answer {
  const { status, body } = answerPage(happenings, query, () => true, idOffset);
  if (status !== 200) {
    return { status, body };
  }
  const page = body as ScoringPage;
  return {
    status,
    body: {
      ...page,
      events: page.events.map((event) => inOlderNames({ ...event, id: event.id + idOffset })),
      next_checkpoint: page.next_checkpoint + idOffset,
    },
  };
}

function answerPage(
  happenings: readonly Happening[],
  query: URLSearchParams,
  isWanted: (happening: Happening) => boolean,
  idOffset = 0,
): Answer {
  const from = wholeNumber(query.get("from"), 0) - idOffset;
  const limit = wholeNumber(query.get("limit"), MAX_EVENTS_PER_PAGE);
  if (Number.isNaN(from)) {
    return badRequest("from must be a whole number, 0 or more.");
  }
  if (!(limit >= 1 && limit <= MAX_EVENTS_PER_PAGE)) {
    return badRequest(`limit must be a whole number from 1 to ${MAX_EVENTS_PER_PAGE}.`);
  }
  const newestCheckpoint = (happenings.at(-1)?.event.id ?? 0) + 1;
  const matches: EntityScoringEvent[] = [];
  for (let index = firstFrom(happenings, from); index < happenings.length; index += 1) {
    const happening = happenings[index];
    if (happening !== undefined && isWanted(happening)) {
      matches.push(happening.event);
    }
  }
  const events = matches.slice(0, wholeIds(matches, limit));
  const last = events.at(-1);
  const page: ScoringPage = {
    events,
    next_checkpoint: last === undefined ? newestCheckpoint : last.id + 1,
    remaining_count: matches.length - events.length,
  };
  return { status: 200, body: page };
}

/**
 * How many of the first events make a page: at most `limit`, but never a part of those with one id, because no checkpoint
 * leads to the others. Where that leaves nothing, all with the first id.
 */
export function wholeIds(events: readonly { readonly id: number }[], limit: number): number {
  const next = events[limit];
  if (next === undefined) {
    return events.length;
  }
  const before = events.findIndex(({ id }) => id === next.id);
  if (before > 0) {
    return before;
  }
  const after = events.findIndex(({ id }) => id !== next.id);
  return after === -1 ? events.length : after;
}

function wholeNumber(text: string | null, otherwise: number): number {
  if (text === null) {
    return otherwise;
  }
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

function moment(text: string | null, otherwise: number): number {
  return text === null ? otherwise : Date.parse(text);
}

function badRequest(title: string): Answer {
  return { status: 400, body: { errors: [{ title }] } };
}
