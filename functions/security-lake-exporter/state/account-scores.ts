import pLimit from "p-limit";
import type { CheckpointState } from "./checkpoint-state.js";
import { type ExportState, type ItemKey, sortKeyOf } from "./state-table.js";

const CONCURRENT_WRITES = 16;

/**
 * The last score of each account, so that the next event can be called an increase or a decrease. It is stored with the
 * sequence number of its window, and only forward: a run that others have overtaken changes nothing.
 */
export class AccountScores {
  readonly #state: ExportState;

  constructor(state: ExportState) {
    this.#state = state;
  }

  /** The scores, 0 to 100, that the accounts had before the next window; none from before the cursor was moved back. */
  async before(
    { sequence, forgetBefore }: Pick<CheckpointState, "sequence" | "forgetBefore">,
    accountIds: ReadonlySet<number>,
  ): Promise<ReadonlyMap<number, number>> {
    const { table, pk } = this.#state;
    const ids = new Map([...accountIds].map((id) => [this.#key(id).sk, id]));
    const scores = new Map<number, number>();
    for (const { sk, attributes } of await table.read(pk, [...ids.keys()])) {
      const id = ids.get(sk);
      const { score, as_of } = attributes;
      const isKnown = Number(as_of) <= sequence && (forgetBefore === 0 || Number(as_of) > forgetBefore);
      if (id !== undefined && isKnown && typeof score === "number") {
        scores.set(id, score);
      }
    }
    return scores;
  }

  /** Stores the scores after the window of that sequence number. */
  async store(sequence: number, scores: readonly (readonly [number, number])[]): Promise<void> {
    const limit = pLimit(CONCURRENT_WRITES);
    const stored = limit.map(scores, ([id, score]) =>
      this.#state.table.update(this.#key(id), {
        set: { score, as_of: sequence },
        when: [
          [
            { attribute: "as_of", absent: true },
            { attribute: "as_of", below: sequence },
          ],
        ],
      }),
    );
    try {
      await stored;
    } catch (error) {
      // Where the table does not answer, the rest would wait as long again.
      limit.clearQueue();
      throw error;
    }
  }

  #key(accountId: number): ItemKey {
    return { pk: this.#state.pk, sk: sortKeyOf("score", this.#state, String(accountId)) };
  }
}
