import { Checkpoint } from "./checkpoint.js";
import type { CheckpointState, CursorMove, CursorRange } from "./checkpoint-state.js";
import {
  abandonChange,
  adoptChange,
  moveChange,
  type Note,
  type OperatorChange,
  overlapChange,
  type Restoration,
  restoreChange,
} from "./operator-changes.js";

/** A checkpoint whose lease an operator's command holds: what only operators may change, and the function never does. */
export class OperatorCheckpoint extends Checkpoint {
  /** {@link moveChange} */
  async move(
    move: Omit<CursorMove, "givenUpTo">,
    before: CheckpointState,
    redoTo?: number,
  ): Promise<CheckpointState> {
    return await this.#change(moveChange(move, before, redoTo), before);
  }

  /** {@link abandonChange} */
  async abandon(note: Note, before: CheckpointState): Promise<CheckpointState> {
    return await this.#change(abandonChange(note, before), before);
  }

  /** {@link adoptChange} */
  async adopt(origin: string, note: Note, before: CheckpointState): Promise<CheckpointState> {
    return await this.#change(adoptChange(origin, note, before), before);
  }

  /** {@link overlapChange} */
  async chooseOverlap(since: number, note: Note, before: CheckpointState): Promise<CheckpointState> {
    return await this.#change(overlapChange(since, note, before), before);
  }

  /** {@link restoreChange} */
  async restore(
    restoration: Restoration,
    note: Note,
    before: CheckpointState,
    ranges?: readonly CursorRange[],
  ): Promise<CheckpointState> {
    return await this.#change(restoreChange(restoration, note, before, ranges), before);
  }

  /** A change by an operator is recorded permanently. */
  async #change({ note, set, remove }: OperatorChange, { moves }: CheckpointState): Promise<CheckpointState> {
    return await this.update({
      set: { ...set, moves: JSON.stringify([...moves, note]) },
      remove: remove ?? [],
    });
  }
}
