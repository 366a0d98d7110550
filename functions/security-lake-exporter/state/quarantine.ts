import pLimit from "p-limit";
import type { RejectedEvent } from "../vectra/events.js";
import { checkpointStateOf } from "./checkpoint.js";
import { Discards } from "./discards.js";
import { jsonText } from "./json-text.js";
import { type ExportState, type StateItem, sortKeyOf } from "./state-table.js";

/** An event in quarantine. */
export interface QuarantinedEvent extends RejectedEvent {
  /** Sort key of its item. */
  readonly sortKey: string;
  /** When it was quarantined, ISO 8601. */
  readonly quarantinedAt: string;
  /** Whether its window is unfinished: it will be written again, with the event if that can be exported then. */
  readonly inUnfinishedWindow: boolean;
}

/** Days after which a quarantined event is deleted (by the table's time to live). */
const RETENTION_DAYS = 90;
const CONCURRENT_WRITES = 16;
/** An item has at most 400 KB. A longer event cannot be redriven; its beginning identifies it. */
const MAX_EVENT_BYTES = 300_000;
/** Cursors are padded, so that the order of the keys is the order of the log. */
const CURSOR_DIGITS = 16;

/**
 * Events that cannot be exported, kept beside the checkpoint until an operator has looked at them: the lake takes
 * only what its source declares, and one bad event must not block the rest.
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

  /** Every event in quarantine that has not been discarded, the oldest first, those of backfills last. */
  async all(): Promise<readonly QuarantinedEvent[]> {
    const { table, pk } = this.#state;
    const isDiscarded = await new Discards(this.#state).recognizer();
    const items = (await table.query(pk, "quarantine#")).filter((item) => !isDiscarded(item));
    // In this order: a window that has been completed since is never written again.
    const unfinished = (await table.query(pk, "checkpoint")).flatMap(unfinishedWindow);
    return items.map((item) => ({
      ...quarantinedEvent(item),
      inUnfinishedWindow: unfinished.some((window) => item.sk.startsWith(window)),
    }));
  }

  /** Removes an event. */
  async release(sortKey: string): Promise<void> {
    await this.#state.table.delete({ pk: this.#state.pk, sk: sortKey });
  }

  async #holdOne(from: number, { key, json, reason }: RejectedEvent): Promise<void> {
    const text = Buffer.from(jsonText(json));
    const now = new Date();
    await this.#state.table.update(
      { pk: this.#state.pk, sk: this.#sortKey(from, key) },
      {
        set: {
          event_key: key,
          event: text.toString("utf8", 0, MAX_EVENT_BYTES),
          truncated: text.length > MAX_EVENT_BYTES,
          reason,
          quarantined_at: now.toISOString(),
          expires_at: Math.floor(now.getTime() / 1000) + RETENTION_DAYS * 86_400,
        },
      },
    );
  }

  #sortKey(from: number, key: string): string {
    return quarantineKey(this.#state, from, key);
  }
}

function quarantineKey(state: Pick<ExportState, "job">, from: number, key: string): string {
  return sortKeyOf("quarantine", state, String(from).padStart(CURSOR_DIGITS, "0"), key);
}

/** Prefix of the keys of an export's unfinished window; none where it has no unfinished window. */
function unfinishedWindow({ sk, attributes }: StateItem): string[] {
  const { intent } = checkpointStateOf(attributes);
  const [, job] = sk.split("#");
  return intent === undefined ? [] : [quarantineKey({ job }, intent.from, "")];
}

function quarantinedEvent({ sk, attributes }: StateItem): Omit<QuarantinedEvent, "inUnfinishedWindow"> {
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
