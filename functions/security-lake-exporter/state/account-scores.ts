import pLimit from "p-limit";
import {
  type Attributes,
  type ExportState,
  type ItemKey,
  type StateValue,
  sortKeyOf,
} from "./state-table.js";

const CONCURRENT_WRITES = 16;

/**
 * The last score of each account, so that the next event can be called an increase or a decrease.
 *
 * Each item keeps two generations, the score as of one cursor and the one before it. A window that is
 * repeated after a crash thus finds the score from before the window, although the crashed run may have
 * stored the score from after it.
 */
export class AccountScores {
  readonly #state: ExportState;

  constructor(state: ExportState) {
    this.#state = state;
  }

  /** The scores, 0 to 100, that the accounts had before the window that begins at cursor `from`. */
  async before(from: number, accountIds: ReadonlySet<number>): Promise<ReadonlyMap<number, number>> {
    const { table, pk } = this.#state;
    const ids = new Map([...accountIds].map((id) => [this.#key(id).sk, id]));
    const scores = new Map<number, number>();
    for (const { sk, attributes } of await table.read(pk, [...ids.keys()])) {
      const id = ids.get(sk);
      const score = scoreBefore(from, attributes);
      if (id !== undefined && score !== undefined) {
        scores.set(id, score);
      }
    }
    return scores;
  }

  /** Stores the scores as of cursor `to`. A run that others have overtaken changes nothing. */
  async store(to: number, scores: ReadonlyMap<number, number>): Promise<void> {
    const limit = pLimit(CONCURRENT_WRITES);
    await limit.map([...scores], ([id, score]) =>
      this.#state.table.update(this.#key(id), {
        set: { score, as_of: to },
        copy: { previous_score: "score", previous_as_of: "as_of" },
        when: [
          [
            { attribute: "as_of", absent: true },
            { attribute: "as_of", below: to },
          ],
        ],
      }),
    );
  }

  #key(accountId: number): ItemKey {
    return { pk: this.#state.pk, sk: sortKeyOf("score", this.#state, String(accountId)) };
  }
}

/** The newer generation that is not from after the cursor; none where the cursor was moved back before both. */
function scoreBefore(from: number, attributes: Attributes): number | undefined {
  const { as_of, score, previous_as_of, previous_score } = attributes;
  if (isUpTo(from, as_of)) {
    return typeof score === "number" ? score : undefined;
  }
  return isUpTo(from, previous_as_of) && typeof previous_score === "number" ? previous_score : undefined;
}

function isUpTo(from: number, asOf: StateValue | undefined): boolean {
  return typeof asOf === "number" && asOf <= from;
}
