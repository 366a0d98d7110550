import { given } from "../../../facts/given.js";
import type { CheckpointState, CursorMove, CursorRange } from "./checkpoint-state.js";
import type { StateUpdate } from "./state-table.js";

/*
 * What an operator may change in a checkpoint. Each change is noted permanently, with time, person and reason.
 */

/**
 * What a restore adds to the sequence number, more than the number of windows since any backup: what a run remembers of a later
 * state than the restored one is not taken for it.
 */
const RESTORE_STEP = 1_000_000;

/** Who makes a change, and why. */
export type Note = Pick<CursorMove, "at" | "by" | "reason">;

/** A change, and what is noted of it. */
export interface OperatorChange extends Pick<StateUpdate, "set" | "remove"> {
  readonly note: CursorMove;
}

/** What the lake's objects say of an export whose checkpoint is lost, or older than the lake. */
export interface Restoration {
  /** The newest window in the lake: it may be incomplete, so it is written again. */
  readonly from: number;
  readonly to: number;
  /** Cursor of the first window in the lake. */
  readonly firstFrom: number;
  /** Keys of events that a redrive has written: the window leaves them out. */
  readonly redriven: readonly string[];
  /** Where the cursors of other versions of the API had come to. */
  readonly cursors: Readonly<Record<string, number>>;
}

/**
 * Moves the cursor. An unfinished intent is abandoned. Moving back exports events again: their keys and scores are
 * forgotten.
 *
 * @param redoTo end of a window that is to be written again, exactly.
 */
export function moveChange(
  move: Omit<CursorMove, "givenUpTo">,
  before: CheckpointState,
  redoTo?: number,
): OperatorChange {
  const sequence = before.sequence + 1;
  // An abandoned window, too, may have stored keys of events that are exported again.
  const end = Math.max(before.nextFrom ?? 0, before.unfinished?.to ?? 0);
  const isBack = redoTo !== undefined || move.to < end;
  return {
    note: withAbandoned(move, before),
    set: {
      next_from: move.to,
      first_from: before.firstFrom ?? move.to,
      sequence,
      intent: null,
      ...given({ redo_to: redoTo }),
      ...(isBack ? forgetting(sequence, move) : {}),
    },
    remove: [
      // Where a move skips events, the versions of the API still overlap behind them.
      ...(isBack ? ["last_keys", "overlap"] : []),
      ...(redoTo === undefined ? ["redo_to", "leave_out"] : []),
    ],
  };
}

/**
 * Abandons an unfinished intent. The next run reads a window again from the same cursor to the same cursor, so that it replaces
 * what may have been written of it.
 */
export function abandonChange(note: Note, before: CheckpointState): OperatorChange {
  const window = before.unfinished?.kind === "redrive" ? undefined : before.unfinished;
  return {
    note: withAbandoned(inPlace(note, before), before),
    set: { intent: null, ...given({ redo_to: window?.to }) },
  };
}

/** Takes another origin for the one to which the cursors belong. */
export function adoptChange(origin: string, note: Note, before: CheckpointState): OperatorChange {
  return { note: inPlace(note, before), set: { origin } };
}

/** Stores from when on events are written at the next change of the API, in milliseconds since the epoch. */
export function overlapChange(since: number, note: Note, before: CheckpointState): OperatorChange {
  return { note: inPlace(note, before), set: { api_change_since: since } };
}

/**
 * Makes the next run write the newest window of the lake again, and continue behind it. What is between the stored cursor
 * and that window is in the lake.
 *
 * @param ranges of a backfill whose checkpoint is lost.
 */
export function restoreChange(
  { from, to, firstFrom, redriven, cursors }: Restoration,
  note: Note,
  before: CheckpointState,
  ranges?: readonly CursorRange[],
): OperatorChange {
  const { nextFrom } = before;
  const sequence = before.sequence + RESTORE_STEP;
  return {
    note: withAbandoned({ ...note, from: nextFrom ?? null, to: from, restored: true }, before),
    set: {
      next_from: from,
      first_from: before.firstFrom ?? firstFrom,
      sequence,
      intent: null,
      redo_to: to,
      leave_out: JSON.stringify(redriven),
      cursors,
      // The keys of the windows between are lost.
      ...(nextFrom === undefined || from > nextFrom ? { keys_since: Date.parse(note.at) } : {}),
      ...(nextFrom !== undefined && from < nextFrom ? forgetting(sequence, note) : {}),
      ...given({ ranges: ranges === undefined ? undefined : JSON.stringify(ranges) }),
    },
    remove: [],
  };
}

/** Events are exported again: what is known of them counts no longer, also when the API changes. */
function forgetting(sequence: number, { at }: Note) {
  return { forget_before: sequence, keys_since: Date.parse(at) };
}

function inPlace(note: Note, { nextFrom = 0 }: CheckpointState): CursorMove {
  return { ...note, from: nextFrom, to: nextFrom };
}

function withAbandoned(note: CursorMove, { unfinished }: CheckpointState): CursorMove {
  return unfinished === undefined ? note : { ...note, givenUpTo: unfinished.to };
}
