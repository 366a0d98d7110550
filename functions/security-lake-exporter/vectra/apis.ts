import { given } from "../../../facts/given.js";
import { type EventsApiName, TENANT_OPTIONS } from "../../../facts/options/exporter-tenant.js";

/** A stretch of time, in whole seconds of UTC: `2026-01-01T00:00:00Z`. */
export interface TimeRange {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

/**
 * Whether something happened at a time of the range.
 *
 * @param time ISO 8601, fractions of a second too.
 * @returns true where the time cannot be read: then nothing says that it is another range's.
 */
export function isWithin({ from, to }: TimeRange, time: unknown): boolean {
  const moment = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(moment) || (moment >= Date.parse(from) && moment < Date.parse(to));
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
  /**
   * Query parameters besides `from` and `limit`. The answer may hold events at the end of the range, which is exclusive.
   *
   * @throws Error where the version knows no time range.
   */
  readonly query: (wanted: WantedEvents) => Readonly<Record<string, string | boolean>>;
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
    // Inclusive at both ends: a second earlier would leave out an event in the last one that has a fraction.
    ...given({ event_timestamp_gte: range?.from, event_timestamp_lte: range?.to }),
  }),
  whenMissing: "it does not serve v3.4 yet: set api to the version that it serves, for example v3.3",
};

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
    whenMissing: `it no longer serves ${name}: set api to v3.4`,
  };
}

const APIS: readonly EventsApi[] = TENANT_OPTIONS.api.values.map((name) =>
  name === "v3.4" ? v34 : legacy(name),
);

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
