import { given } from "../../../facts/given.js";
import { type EventsApiName, TENANT_OPTIONS } from "../../../facts/options/exporter-tenant.js";

/** A stretch of time, in whole seconds of UTC: `2026-01-01T00:00:00Z`. */
export interface TimeRange {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

/**
 * Whether a time is within the range.
 *
 * @param time ISO 8601, with or without fractions of a second.
 * @returns true where the time cannot be read: nothing shows that it belongs to another range.
 */
export function isWithin({ from, to }: TimeRange, time: unknown): boolean {
  const moment = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(moment) || (moment >= Date.parse(from) && moment < Date.parse(to));
}

/** Which of the tenant's events are requested. */
interface WantedEvents {
  readonly includeScoreDecreases: boolean;
  /** @default - all events */
  readonly range?: TimeRange | undefined;
  /** Not those before this time, where the version supports that. @default - all events */
  readonly since?: string | undefined;
}

/** A version of the events API. */
export interface EventsApi {
  readonly name: EventsApiName;
  readonly eventsPath: string;
  readonly accountPath: (accountId: number) => string;
  /**
   * Query parameters besides `from` and `limit`. The response may hold events at the end of the range, which is exclusive.
   *
   * @throws Error where the version does not support a time range.
   */
  readonly query: (wanted: WantedEvents) => Readonly<Record<string, string | boolean>>;
  /** What to do when the tenant does not serve this version. */
  readonly whenMissing: string;
}

const v34: EventsApi = {
  name: "v3.4",
  eventsPath: "/api/v3.4/events/entity_scoring",
  accountPath: (accountId) => `/api/v3.4/accounts/${accountId}`,
  query: ({ includeScoreDecreases, range, since }) => ({
    type: "account",
    include_score_decreases: includeScoreDecreases,
    // Inclusive at both ends: ending a second earlier would miss events with a fraction in the last second.
    ...given({ event_timestamp_gte: range?.from ?? since, event_timestamp_lte: range?.to }),
  }),
  whenMissing: "it does not serve v3.4 yet: set api to the version that it serves, such as v3.3",
};

function legacy(name: Exclude<EventsApiName, "v3.4">): EventsApi {
  return {
    name,
    eventsPath: `/api/${name}/events/account_scoring`,
    accountPath: (accountId) => `/api/${name}/accounts/${accountId}`,
    query: ({ range }) => {
      if (range !== undefined) {
        throw new Error(`A backfill needs v3.4 of the events API: ${name} does not support a time range.`);
      }
      return {};
    },
    whenMissing: `it no longer serves ${name}: set api to v3.4`,
  };
}

const APIS: readonly EventsApi[] = TENANT_OPTIONS.api.values.map((name) =>
  name === "v3.4" ? v34 : legacy(name),
);

/** @throws Error for an unknown version. */
export function eventsApi(name: EventsApiName): EventsApi {
  const api = APIS.find((candidate) => candidate.name === name);
  if (api === undefined) {
    throw new Error(
      `Unknown version of the events API: ${name}. Use one of ${APIS.map((known) => known.name).join(", ")}.`,
    );
  }
  return api;
}
