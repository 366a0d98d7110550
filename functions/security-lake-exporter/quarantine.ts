import pLimit from "p-limit";
import { type ExportState, type StateItem, sortKeyOf } from "./state-table.js";
import type { RejectedEvent } from "./vectra/events.js";

/** An event in quarantine. */
export interface QuarantinedEvent extends RejectedEvent {
  /** Sort key of its item. */
  readonly sortKey: string;
  /** When it came there, ISO 8601. */
  readonly quarantinedAt: string;
}

/** Days after which a quarantined event is deleted (by the table's time to live). */
const RETENTION_DAYS = 90;
const CONCURRENT_WRITES = 16;
/** An item has at most 400 KB; a longer event cannot be put through again, its beginning tells which it was. */
const MAX_EVENT_LENGTH = 300_000;
/** Cursors are padded, so that the order of the keys is the order of the log. */
const CURSOR_DIGITS = 16;

/**
 * Events that cannot be exported, kept beside the checkpoint until somebody has looked: the lake takes
 * only what its source declares, and one bad event must not hold up the rest.
 */
export class Quarantine {
  readonly #state: ExportState;

  constructor(state: ExportState) {
    this.#state = state;
  }

  /**
   * Makes the quarantine hold exactly these events of the window that begins at cursor `from`. Another
   * version of the function may have rejected others when it wrote the window before it crashed.
   *
   * @param repeated whether the window may have been written before.
   */
  async hold(from: number, rejected: readonly RejectedEvent[], repeated: boolean): Promise<void> {
    const limit = pLimit(CONCURRENT_WRITES);
    if (repeated) {
      const held = new Set(rejected.map(({ key }) => this.#sortKey(from, key)));
      const inWindow = await this.#state.table.query(this.#state.pk, this.#sortKey(from, ""));
      const stale = inWindow.filter(({ sk }) => !held.has(sk));
      await limit.map(stale, ({ sk }) => this.release(sk));
    }
    await limit.map(rejected, (event) => this.#holdOne(from, event));
  }

  /** Every event in quarantine, the oldest first, those of backfills after the others. */
  async all(): Promise<readonly QuarantinedEvent[]> {
    const items = await this.#state.table.query(this.#state.pk, "quarantine#");
    return items.map(quarantinedEvent);
  }

  /** Lets an event go. */
  async release(sortKey: string): Promise<void> {
    await this.#state.table.delete({ pk: this.#state.pk, sk: sortKey });
  }

  async #holdOne(from: number, { key, json, reason }: RejectedEvent): Promise<void> {
    const text = JSON.stringify(json);
    const now = new Date();
    await this.#state.table.update(
      { pk: this.#state.pk, sk: this.#sortKey(from, key) },
      {
        set: {
          event_key: key,
          event: text.slice(0, MAX_EVENT_LENGTH),
          truncated: text.length > MAX_EVENT_LENGTH,
          reason,
          quarantined_at: now.toISOString(),
          expires_at: Math.floor(now.getTime() / 1000) + RETENTION_DAYS * 86_400,
        },
      },
    );
  }

  #sortKey(from: number, key: string): string {
    return sortKeyOf("quarantine", this.#state, String(from).padStart(CURSOR_DIGITS, "0"), key);
  }
}

/** An item of the quarantine, read. */
export function quarantinedEvent({ sk, attributes }: StateItem): QuarantinedEvent {
  const { event, truncated, event_key, reason, quarantined_at } = attributes;
  const text = typeof event === "string" ? event : "null";
  return {
    sortKey: sk,
    key: String(event_key),
    json: truncated === true ? text : JSON.parse(text),
    reason: String(reason),
    quarantinedAt: String(quarantined_at),
  };
}
