import { type ExportState, type StateItem, sortKeyOf } from "./state-table.js";

/** A permanent note that an operator has discarded an event in quarantine. */
export interface Discard {
  /** Key of the event. */
  readonly key: string;
  /** Why it was in quarantine. */
  readonly quarantinedFor: string;
  /** When it was quarantined, ISO 8601. */
  readonly quarantinedAt: string;
  /** When it was discarded, ISO 8601. */
  readonly at: string;
  /** The operator. */
  readonly by: string;
  /** Why. */
  readonly reason: string;
}

/** What a note says of an event in quarantine. */
interface GivenUpEvent {
  readonly sortKey: string;
  readonly key: string;
  /** Why it is in quarantine. */
  readonly reason: string;
  readonly quarantinedAt: string;
}

/**
 * Events that were discarded from the quarantine: a note beside each event hides the event from everything that reads the
 * quarantine. The event itself expires.
 *
 * So a principal that may write notes need not be able to delete items, which could be a checkpoint, or to write any attribute of
 * an event, which could be forged then.
 */
export class Discards {
  readonly #state: ExportState;

  constructor(state: ExportState) {
    this.#state = state;
  }

  /** Notes that an event is discarded; an existing note stays. */
  async add(
    { sortKey, key, reason: quarantinedFor, quarantinedAt }: GivenUpEvent,
    { at, by, reason }: Pick<Discard, "at" | "by" | "reason">,
  ): Promise<Discard> {
    const discard = { key, quarantinedFor, quarantinedAt, at, by, reason };
    await this.#state.table.update(
      { pk: this.#state.pk, sk: noteKey(sortKey, quarantinedAt) },
      {
        set: {
          discarded_event: key,
          discarded_fault: quarantinedFor,
          discarded_since: quarantinedAt,
          discarded_at: at,
          discarded_by: by,
          discarded_reason: reason,
        },
        when: [[{ attribute: "discarded_at", absent: true }]],
      },
    );
    return discard;
  }

  /** Every note, in the order in which the events were quarantined. */
  async all(): Promise<readonly Discard[]> {
    return (await this.#items()).map(({ attributes }) => ({
      key: String(attributes["discarded_event"]),
      quarantinedFor: String(attributes["discarded_fault"]),
      quarantinedAt: String(attributes["discarded_since"]),
      at: String(attributes["discarded_at"]),
      by: String(attributes["discarded_by"]),
      reason: String(attributes["discarded_reason"]),
    }));
  }

  /**
   * Returns a function that says whether an item of the quarantine was discarded. An event that is quarantined again,
   * because the cursor was moved back, was not.
   */
  async recognizer(): Promise<(item: StateItem) => boolean> {
    const notes = new Set((await this.#items()).map(({ sk }) => sk));
    return ({ sk, attributes }) => notes.has(noteKey(sk, String(attributes["quarantined_at"])));
  }

  async #items(): Promise<readonly StateItem[]> {
    const { table, pk } = this.#state;
    return await table.query(pk, "discarded#");
  }
}

function noteKey(quarantineSortKey: string, quarantinedAt: string): string {
  return sortKeyOf("discarded", {}, quarantinedAt, quarantineSortKey.replace(/^quarantine#/, ""));
}
