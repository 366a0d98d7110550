import { PAGE_EVENTS } from "../vectra/pages.js";
import type { CheckpointState } from "./checkpoint-state.js";
import { LIVE } from "./pieces.js";
import { type ExportState, padded, type StateItem, sortKeyOf } from "./state-table.js";

/** By what an exported event is recognized. */
export interface EventKey {
  /** The event's id, or a digest of the event if it has none. */
  readonly key: string;
  /** Digest of the event's content; empty where an older release did not store it. */
  readonly digest: string;
  /** Digest of what every version of the API says alike: account, time and score. Likewise. */
  readonly identity: string;
}

/** The keys of a window's events. */
export interface WindowKeys {
  readonly sequence: number;
  /** Version of the API whose ids they are. */
  readonly api: string;
  readonly events: readonly EventKey[];
  /** Time of the newest of the events, in milliseconds since the epoch, which may be in the future; 0 where none has one. */
  readonly newestTime: number;
  /** Whether each of the events has a readable time. @default false */
  readonly isTimed?: boolean;
}

/** Beginning of their range keys. */
const RECENT = "recent#";

const DAY = 86_400_000;
/** Days for which keys are kept; those of events from the future that much longer. */
const RETENTION_DAYS = 90;
/** An item has at most 400 KB. */
const EVENTS_PER_ITEM = 4000;

/** From when on keys are still stored, in milliseconds since the epoch. */
export function oldestKeys({ keysSince }: CheckpointState, now: number): number | undefined {
  return keysSince === undefined ? undefined : Math.max(keysSince, now - RETENTION_DAYS * DAY);
}

/** The last events as of a sequence number, which need not be read again. */
interface LastEvents extends Pick<CheckpointState, "api" | "sequence" | "forgetBefore"> {
  readonly seen: ReadonlyMap<string, string>;
}

/** What an exporter remembers of its tenants' last events from run to run, by export. */
export type RememberedEvents = Map<string, LastEvents>;

/**
 * The keys of exported events: an event that the tenant repeats is left out, and where two versions of the API overlap, an event
 * that the other one has given. Each window adds an item; the table deletes them after 90 days.
 */
export class RecentEvents {
  readonly #state: ExportState;
  readonly #remembered: RememberedEvents;
  /** What was asked last. */
  #identities: { readonly asked: string; readonly found: ReadonlySet<string> } | undefined;

  /** @param remembered is changed with each window. */
  constructor(state: ExportState, remembered: RememberedEvents = new Map()) {
    this.#state = state;
    this.#remembered = remembered;
  }

  async store({ sequence, api, events, newestTime, isTimed = false }: WindowKeys): Promise<void> {
    const expiresAt = Math.floor(Math.max(Date.now(), newestTime) / 1000) + RETENTION_DAYS * 86_400;
    for (let start = 0; start < events.length; start += EVENTS_PER_ITEM) {
      const some = events.slice(start, start + EVENTS_PER_ITEM);
      const rows = some.map(({ key, digest, identity }) => [key, digest, identity]);
      await this.#state.table.update(
        { pk: this.#state.pk, sk: `${this.#prefix}${padded(sequence)}#${padded(start)}` },
        {
          set: {
            api,
            events: JSON.stringify(rows),
            expires_at: expiresAt,
            ...(isTimed ? { newest_time: newestTime } : {}),
          },
        },
      );
    }
  }

  /** The last events of the present log, by key: its digest. As many as a page may repeat. */
  async seen(state: CheckpointState): Promise<ReadonlyMap<string, string>> {
    const known = this.#rememberedAs(state) ?? (await this.#read(state));
    this.#remember(state, known);
    return known;
  }

  /** A window has been completed: its events are the last ones now. */
  completed({ events }: WindowKeys, before: CheckpointState, after: CheckpointState): void {
    const known = this.#rememberedAs(before);
    const isNext = before.api === after.api && before.forgetBefore === after.forgetBefore;
    if (known !== undefined && isNext && after.sequence > before.sequence) {
      const all = [...known, ...events.map(({ key, digest }) => [key, digest] as const)];
      this.#remember(after, new Map(all.slice(-PAGE_EVENTS)));
    }
  }

  #rememberedAs({ api, sequence, forgetBefore }: CheckpointState): ReadonlyMap<string, string> | undefined {
    const last = this.#remembered.get(this.#name);
    const isSame = last?.api === api && last?.sequence === sequence && last?.forgetBefore === forgetBefore;
    return isSame ? last?.seen : undefined;
  }

  #remember({ api, sequence, forgetBefore }: CheckpointState, seen: ReadonlyMap<string, string>): void {
    this.#remembered.set(this.#name, { api, sequence, forgetBefore, seen });
  }

  async #read(state: CheckpointState): Promise<ReadonlyMap<string, string>> {
    const { api, forgetBefore } = state;
    const isOfLog = (item: StateItem) => item.attributes["api"] === api && counts(item, state);
    const items = await this.#state.table.latest(
      this.#state.pk,
      this.#prefix,
      (found) =>
        found.some((item) => sequenceOf(item) <= forgetBefore) ||
        found.filter(isOfLog).flatMap(eventsOf).length >= PAGE_EVENTS,
    );
    const events = items.filter(isOfLog).toReversed().flatMap(eventsOf);
    return new Map(events.slice(-PAGE_EVENTS).map(({ key, digest }) => [key, digest]));
  }

  /**
   * The identities of the events of a time that are still known, of whichever export of the tenant. They may be 90 days of
   * events, so a run reads them once, and again only where another export has gone on meanwhile: what this run itself has
   * written is of the present log.
   *
   * @param since windows whose events are all before this time, in milliseconds since the epoch, may be left out.
   */
  async identities(state: KnownSince, since: number): Promise<ReadonlySet<string>> {
    const asked = JSON.stringify([since, state.forgetBefore, await this.#othersProgress()]);
    const found =
      this.#identities?.asked === asked ? this.#identities.found : await this.#readIdentities(state, since);
    this.#identities = { asked, found };
    return found;
  }

  async #readIdentities(state: KnownSince, since: number): Promise<ReadonlySet<string>> {
    const isOwn = ({ sk }: StateItem) => sk.startsWith(this.#prefix);
    const found = new Set<string>();
    await this.#state.table.forEach(this.#state.pk, RECENT, (item) => {
      const isKnown = !isOwn(item) || counts(item, state);
      if (isKnown && !isBefore(since, item)) {
        for (const { identity } of eventsOf(item)) {
          found.add(identity);
        }
      }
    });
    return found;
  }

  /** Sequence numbers of the tenant's other exports. */
  async #othersProgress(): Promise<readonly (readonly unknown[])[]> {
    const checkpoints = await this.#state.table.query(this.#state.pk, "checkpoint");
    return checkpoints
      .filter(({ sk }) => sk !== sortKeyOf("checkpoint", this.#state))
      .map(({ sk, attributes }) => [sk, attributes["sequence"]]);
  }

  get #name(): string {
    return `${this.#state.pk} ${this.#state.job ?? LIVE}`;
  }

  get #prefix(): string {
    return `${RECENT}${this.#state.job ?? LIVE}#`;
  }
}

/** None in an item that an operator with few rights has written there. */
function eventsOf({ attributes: { events } }: StateItem): readonly EventKey[] {
  const rows = JSON.parse(typeof events === "string" ? events : "[]") as readonly (readonly [
    string,
    string,
    string,
  ])[];
  return rows.map(([key, digest, identity]) => ({ key, digest, identity }));
}

/** Which windows' keys count. */
type KnownSince = Pick<CheckpointState, "forgetBefore" | "sequence">;

/** Those of a window that was abandoned, and is read again, do not. */
function counts(item: StateItem, { forgetBefore, sequence }: KnownSince): boolean {
  return sequenceOf(item) > forgetBefore && sequenceOf(item) <= sequence;
}

/** Whether all events of the window are before that time. Not known of one that an earlier release has stored. */
function isBefore(since: number, { attributes: { newest_time: newest } }: StateItem): boolean {
  return typeof newest === "number" && newest < since;
}

function sequenceOf({ sk }: StateItem): number {
  return Number(sk.split("#")[2]);
}
