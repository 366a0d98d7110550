import * as z from "zod/mini";
import type { EventsApiName } from "../environment.js";
import { documentedEvent } from "./documented-event.js";
import { type ScoringEvent, scoringEvent } from "./schema.js";

/** An event in the form of v3.4, or what is wrong with it. */
type ReadEvent =
  | { readonly success: true; readonly data: ScoringEvent }
  | { readonly success: false; readonly error: z.core.$ZodError };

/** A stretch of time, in whole seconds of UTC: `2026-01-01T00:00:00Z`. */
export interface TimeRange {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

/** Which of the tenant's events are asked for. */
interface WantedEvents {
  readonly includeScoreDecreases: boolean;
  /** @default - of all times */
  readonly range?: TimeRange | undefined;
}

/** A version of the events API. */
export interface EventsApi {
  readonly name: EventsApiName;
  readonly eventsPath: string;
  readonly accountPath: (accountId: number) => string;
  /** Query parameters besides `from` and `limit`. @throws Error where the version knows no time range. */
  readonly query: (wanted: WantedEvents) => Readonly<Record<string, string | boolean>>;
  /** An event in the form of v3.4, from the JSON of this version. */
  readonly readEvent: (json: unknown) => ReadEvent;
  /** What to do when the tenant does not serve this version. */
  readonly whenMissing: string;
}

const v34: EventsApi = {
  name: "v3.4",
  eventsPath: "/api/v3.4/events/entity_scoring",
  accountPath: (accountId) => `/api/v3.4/accounts/${accountId}`,
  query: ({ includeScoreDecreases, range }) => ({
    type: "account",
    include_score_decreases: includeScoreDecreases,
    ...(range === undefined
      ? {}
      : { event_timestamp_gte: range.from, event_timestamp_lte: secondBefore(range.to) }),
  }),
  readEvent: readScoringEvent,
  whenMissing: "it does not serve v3.4 yet: set api to the version that it serves, for example v3.3",
};

/** The API's upper bound is inclusive, and its events have whole seconds. */
function secondBefore(time: string): string {
  return new Date(Date.parse(time) - 1000).toISOString().replace(".000Z", "Z");
}

function readScoringEvent(json: unknown): ReadEvent {
  const data = documentedEvent(json);
  return data === undefined ? z.safeParse(scoringEvent, json) : { success: true, data };
}

/** v3.0 to v3.3 name some fields otherwise; nothing else of them is known, so nothing else is translated. */
const legacyFields = z.looseObject({
  type: z.optional(z.unknown()),
  entity_type: z.optional(z.unknown()),
  entity_importance: z.optional(z.unknown()),
  last_detection_id: z.optional(z.unknown()),
  last_detection_type: z.optional(z.unknown()),
  last_detection_url: z.optional(z.unknown()),
});

function legacy(name: Exclude<EventsApiName, "v3.4">): EventsApi {
  return {
    name,
    eventsPath: `/api/${name}/events/account_scoring`,
    accountPath: (accountId) => `/api/${name}/accounts/${accountId}`,
    query: ({ range }) => {
      if (range !== undefined) {
        throw new Error(
          `${name} of the events API knows no time range, so there is no backfill: it needs v3.4.`,
        );
      }
      return {};
    },
    readEvent: (json) => {
      const fields = z.safeParse(legacyFields, json);
      if (!fields.success) {
        return fields;
      }
      const {
        entity_type,
        entity_importance,
        last_detection_id,
        last_detection_type,
        last_detection_url,
        ...same
      } = fields.data;
      return readScoringEvent({
        ...same,
        type: same.type ?? entity_type,
        importance: entity_importance,
        last_detection: {
          id: last_detection_id ?? null,
          type: last_detection_type ?? null,
          url: last_detection_url ?? null,
        },
      });
    },
    whenMissing: `it no longer serves ${name}: set api to v3.4`,
  };
}

const APIS: readonly EventsApi[] = [v34, legacy("v3.3"), legacy("v3.2"), legacy("v3.1"), legacy("v3.0")];

/** @throws Error for a version that there is not. */
export function eventsApi(name: EventsApiName): EventsApi {
  const api = APIS.find((candidate) => candidate.name === name);
  if (api === undefined) {
    throw new Error(
      `There is no events API ${name}: known are ${APIS.map((known) => known.name).join(", ")}.`,
    );
  }
  return api;
}
