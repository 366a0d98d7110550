import type { CheckpointState, CursorRange } from "../state/checkpoint-state.js";

/**
 * What the live export has written or will write: from its first cursor on, except what a move of its cursor skipped. A restored
 * checkpoint has skipped nothing: what is between is in the lake.
 */
export function liveRanges({
  firstFrom,
  moves,
}: Pick<CheckpointState, "firstFrom" | "moves">): readonly CursorRange[] {
  if (firstFrom === undefined) {
    return [];
  }
  const ranges: CursorRange[] = [];
  let from = firstFrom;
  for (const move of moves.filter(({ restored }) => restored !== true)) {
    ranges.push({ from, to: move.givenUpTo ?? move.from ?? from });
    from = move.to;
  }
  return [...ranges, { from }];
}

/** The stretches of the log that are in none of the ranges, of which one has no end. */
export function stretchesBeside(ranges: readonly CursorRange[]): readonly CursorRange[] {
  const beside: CursorRange[] = [];
  let end = 0;
  for (const { from, to = Number.POSITIVE_INFINITY } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (from > end) {
      beside.push({ from: end, to: from });
    }
    end = Math.max(end, to);
  }
  return beside;
}

/** The rest of the stretches from a cursor on. */
export function restOf(stretches: readonly CursorRange[], cursor: number): readonly CursorRange[] {
  return stretches
    .filter(({ to }) => to === undefined || to > cursor)
    .map(({ from, to }) => ({ from: Math.max(from, cursor), to }));
}
