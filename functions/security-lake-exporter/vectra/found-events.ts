import { hash } from "node:crypto";
import { jsonText } from "../state/json-text.js";
import type { EventKey } from "../state/recent-events.js";
import { problemsOf } from "../validation.js";
import { isWithin, type TimeRange } from "./apis.js";
import type { EventSource, EventsPage } from "./pages.js";
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

/** Events that have been exported. */
export interface KnownEvents {
  /** Digests of the contents of the events before the window, by key; "" is unknown. */
  readonly seen: ReadonlyMap<string, string>;
  /** Where another version of the API gave events. */
  readonly overlap?: {
    /** It gave all events before this time, in milliseconds since the epoch. */
    readonly since: number;
    /** {@link EventKey.identity} of those that it gave. */
    readonly identities: ReadonlySet<string>;
  };
}

/** What is in a window. */
export interface WindowEvents {
  /** Each event once, in the order of the log. */
  readonly events: readonly ScoringEvent[];
  /** Events that do not have the documented shape, or the id of another one. */
  readonly rejected: readonly RejectedEvent[];
  /** Keys of all of them. */
  readonly keys: readonly EventKey[];
  /** Time of the newest one, in milliseconds since the epoch, which may be in the future; 0 where none has one. */
  readonly newestTime: number;
  /** Whether each of them has a readable time. */
  readonly isTimed: boolean;
}

type FoundEvent = Pick<EventKey, "digest" | "identity"> &
  ({ readonly event: ScoringEvent } | { readonly rejected: RejectedEvent });

/** The events of a window, as its pages arrive. */
export class FoundEvents {
  readonly #source: EventSource;
  readonly #known: () => Promise<KnownEvents>;
  /** By key, in the order of the log. */
  readonly #found = new Map<string, FoundEvent>();
  #newestTime = 0;
  #isTimed = true;
  /** Events that have the id of another one. */
  #further = 0;

  /** @param known is asked once there are events. */
  constructor(source: EventSource, known: () => Promise<KnownEvents>) {
    this.#source = source;
    this.#known = known;
  }

  get size(): number {
    return this.#found.size;
  }

  /** Number of different ids, where one that an event lacks counts too. */
  get ids(): number {
    return this.#found.size - this.#further;
  }

  get window(): WindowEvents {
    const all = [...this.#found.values()];
    return {
      events: all.flatMap((entry) => ("event" in entry ? [entry.event] : [])),
      rejected: all.flatMap((entry) => ("rejected" in entry ? [entry.rejected] : [])),
      keys: [...this.#found].map(([key, { digest, identity }]) => ({ key, digest, identity })),
      newestTime: this.#newestTime,
      isTimed: this.#isTimed,
    };
  }

  /**
   * Takes the events of a page, which may repeat events of its own or of the page before, and hold events that belong to
   * another range, or were given by another version of the API.
   *
   * @returns the number of events that have not been seen before.
   */
  async collect(page: EventsPage): Promise<number> {
    if (page.events.length === 0) {
      return 0;
    }
    const { seen, overlap } = await this.#known();
    let unseen = 0;
    for (const json of page.events) {
      const identity = identityOf(json);
      const time = timeOf(json);
      const isOthers = overlap !== undefined && (time < overlap.since || overlap.identities.has(identity));
      if (isOthers || !isInRange(json, this.#source.range)) {
        unseen += 1;
        continue;
      }
      unseen += this.#take(json, page, identity, seen) ? 1 : 0;
      this.#isTimed &&= !Number.isNaN(time);
      this.#newestTime = Number.isNaN(time) ? this.#newestTime : Math.max(this.#newestTime, time);
    }
    return unseen;
  }

  /** @returns false for an event that is known. */
  #take(json: unknown, page: EventsPage, identity: string, seen: ReadonlyMap<string, string>): boolean {
    const digest = digestOf(json);
    const key = keyOf(json);
    const other = this.#found.get(key)?.digest ?? seen.get(key);
    if (other === undefined) {
      this.#found.set(key, { digest, identity, ...readOrReject(json, key, page) });
      return true;
    }
    // The second of two different events with one id has a key of its own.
    const ownKey = `${key}-${digest}`;
    if (other === "" || other === digest || this.#found.has(ownKey) || seen.has(ownKey)) {
      return false;
    }
    const reason = `event.id: is ${key}, which another event had before, with other content`;
    this.#further += 1;
    this.#found.set(ownKey, { digest, identity, rejected: { key: ownKey, json, reason } });
    return true;
  }
}

/** The key of an event: its id, or a digest of an event that has none. */
export function keyOf(json: unknown): string {
  const id = idOf(json);
  return id === undefined ? digestOf(json, 32) : String(id);
}

/** The id of an event, if it has one. */
export function idOf(json: unknown): number | undefined {
  const { id } = fieldsOf(json);
  return Number.isSafeInteger(id) ? Number(id) : undefined;
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

/** An event that cannot be exported still has a time, and is in the quarantine of one range only. */
function isInRange(json: unknown, range: TimeRange | undefined): boolean {
  return range === undefined || isWithin(range, fieldsOf(json)["event_timestamp"]);
}

/** Milliseconds since the epoch; NaN where the event has no readable time, which is before no other. */
function timeOf(json: unknown): number {
  const { event_timestamp: time } = fieldsOf(json);
  return typeof time === "string" ? Date.parse(time) : Number.NaN;
}

/** What every version of the API says alike. */
function identityOf(json: unknown): string {
  const { entity_id, event_timestamp, urgency_score } = fieldsOf(json);
  return digestOf([entity_id, timeOf(json) || event_timestamp, urgency_score]);
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
}

/** @param length hexadecimal digits. */
function digestOf(json: unknown, length = 16): string {
  return hash("sha256", jsonText(json)).slice(0, length);
}
