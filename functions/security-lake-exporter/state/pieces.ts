import { createHash } from "node:crypto";
import { parseBackfillName } from "../../../facts/object-names.js";
import { piecesKeyOf } from "./home.js";
import { type ExportState, type Fence, MAX_PIECE_BYTES } from "./state-table.js";

/** The bytes of a run's work, and what identifies them. */
export interface StoredBytes {
  /** Key of the run's pieces. */
  readonly run: string;
  readonly pieces: number;
  /** SHA-256 of all bytes, in hexadecimal. */
  readonly digest: string;
}

/** What an intent points at is not there, or is not what was stored. */
class DamagedPiecesError extends Error {
  override readonly name = "DamagedPiecesError";
}

/**
 * The finished work of runs, in pieces that fit into items, until all of it is written. They have no time to live: what
 * an intent points at must outlast any pause. What a crashed run leaves behind is deleted by the next one of the same
 * export, which holds the lease, so that the crashed one can no longer make it an intent.
 *
 * Their hash key is one of its own, because they hold events: nobody but the exporter needs to read them.
 */
export class Pieces {
  readonly #state: ExportState;
  readonly #pk: string;
  #deletion: Promise<void> = Promise.resolve();

  constructor(state: ExportState) {
    this.#state = state;
    this.#pk = piecesKeyOf(state.pk);
  }

  /** @param run a key that no other work has. */
  async store(run: string, bytes: Uint8Array): Promise<StoredBytes> {
    const pieces = Math.ceil(bytes.length / MAX_PIECE_BYTES);
    for (let number = 0; number < pieces; number += 1) {
      const piece = bytes.subarray(number * MAX_PIECE_BYTES, (number + 1) * MAX_PIECE_BYTES);
      await this.#state.table.putBytes({ pk: this.#pk, sk: this.#sortKey(run, number) }, piece);
    }
    return { run, pieces, digest: digestOf(bytes) };
  }

  /** @throws DamagedPiecesError where a piece is missing or has changed. */
  async read({ run, pieces, digest }: StoredBytes): Promise<Uint8Array> {
    const keys = this.#keys(run, pieces);
    const found = await this.#state.table.readBytes(this.#pk, keys);
    const missing = keys.filter((key) => !found.has(key)).length;
    const bytes = Buffer.concat(keys.map((key) => found.get(key) ?? new Uint8Array()));
    if (missing > 0 || digestOf(bytes) !== digest) {
      const problem =
        missing > 0 ? `${missing} of its ${pieces} pieces are missing` : "its pieces have changed";
      throw new DamagedPiecesError(
        `An earlier run of ${this.#state.pk} has prepared work that cannot be completed: ${problem}. Nothing was written, and part ` +
          `of it may be in the lake already. To give it up: vectra-cdr checkpoint abandon --reason "<why>"${rangeOptions(this.#state)}. The next run then reads ` +
          "the same window again, and replaces what is in the lake of it.",
      );
    }
    return bytes;
  }

  /** Deletes pieces of this run, while it continues. What cannot be deleted is left to the next run. */
  deleteMeanwhile({ run, pieces }: StoredBytes): void {
    const keys = this.#keys(run, pieces);
    this.#deletion = this.#deletion
      .then(async () => {
        for (const sk of keys) {
          await this.#state.table.delete({ pk: this.#pk, sk });
        }
      })
      .catch(() => undefined);
  }

  /** Waits until everything is deleted. */
  async deleted(): Promise<void> {
    await this.#deletion;
  }

  /**
   * Deletes what earlier runs of this export have left behind; there is no intent.
   *
   * @param fence holds while the caller has the lease: a run that has slept must not delete what others have stored since.
   * @returns names of other exports of the tenant that have pieces: {@link LIVE}, or a backfill's.
   */
  async deleteOrphans(fence: Fence): Promise<ReadonlySet<string>> {
    const keys = await this.#state.table.keys(this.#pk, "");
    const isOwn = (key: string) => key.startsWith(`${this.#export}#`);
    for (const sk of keys.filter(isOwn)) {
      await this.#state.table.changeWhile(fence, [{ key: { pk: this.#pk, sk }, remove: true }]);
    }
    return new Set(keys.filter((key) => !isOwn(key)).map((key) => key.slice(0, key.indexOf("#"))));
  }

  get #export(): string {
    return this.#state.job ?? LIVE;
  }

  #keys(run: string, pieces: number): readonly string[] {
    return Array.from({ length: pieces }, (_, number) => this.#sortKey(run, number));
  }

  #sortKey(run: string, number: number): string {
    return `${this.#export}#${run}#${String(number).padStart(2, "0")}`;
  }
}

/** Stands for the live export in keys; a backfill's name is longer. */
export const LIVE = "live";

/** The options that name a backfill, after a blank; none for the live export. */
export function rangeOptions({ job }: Pick<ExportState, "job">): string {
  const range = job === undefined ? undefined : parseBackfillName(job);
  return range === undefined ? "" : ` --from ${range.from} --to ${range.to}`;
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
