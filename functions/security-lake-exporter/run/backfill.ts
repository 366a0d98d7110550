import { parseBackfillName } from "../../../facts/object-names.js";
import { type CheckpointState, checkpointStateOf, storedCheckpoint } from "../state/checkpoint.js";
import { isHeld } from "../state/lease.js";
import type { TimeRange } from "../vectra/apis.js";
import { countEvents, hasEvents } from "../vectra/events.js";
import type { EventSource } from "../vectra/pages.js";
import { holdingLease } from "./holding-lease.js";
import { exportWindows, leaseHeld, type RunResult } from "./run.js";
import { deadlineOf, type RunContext } from "./run-context.js";

/*
 * A backfill exports the events of a slice of time beside the live export: with the same windows, intents and scores, but in
 * a state of its own, so that neither affects the other. That the two never write the same event is checked once, before
 * the first window.
 */

/** The range is not over yet, or holds events that another export writes: a retry does not help. */
class BackfillRefusedError extends Error {
  override readonly name = "BackfillRefusedError";
}

/** What a backfill works with; its state is named after it. */
export interface BackfillContext extends RunContext {
  readonly source: EventSource & { readonly range: TimeRange };
  /** Whether to allow events that the live export, or another backfill, writes too. */
  readonly allowOverlap: boolean;
}

/**
 * One run of a backfill: continues where the last one stopped.
 *
 * @returns the result of the run; `caughtUp` says that the whole range is exported.
 * @throws BackfillRefusedError where the range is not over yet, or holds events that another export writes, unless that is allowed.
 */
export async function backfill(context: BackfillContext): Promise<RunResult> {
  const held = await holdingLease(context, async (state) => {
    const result = await exportWindows(context, state, async (signal) => {
      const overlap = await overlapOf(context, signal);
      if (overlap !== undefined && !context.allowOverlap) {
        throw new BackfillRefusedError(overlap);
      }
      return 0;
    });
    await context.checkpoint.succeed(result.caughtUp);
    return result;
  });
  return held ?? leaseHeld(context.tenant.name);
}

/** What a backfill would have to do. */
export interface BackfillEstimate {
  readonly tenant: string;
  /** Events of the range that this backfill has not exported yet; filters are not applied. */
  readonly events: number;
  /** Why the backfill would refuse to start; null where it would not, or has started. */
  readonly overlap: string | null;
}

/** Counts the events of a range, without taking the lease or writing anything. */
export async function estimateBackfill(context: BackfillContext): Promise<BackfillEstimate> {
  const { tenant, source, state } = context;
  const signal = deadlineOf(context);
  const { nextFrom } = await storedCheckpoint(state);
  const { includeScoreDecreases } = tenant;
  return {
    tenant: tenant.name,
    events: await countEvents(source, { from: nextFrom ?? 0, includeScoreDecreases }, signal),
    overlap: nextFrom === undefined ? ((await overlapOf(context, signal)) ?? null) : null,
  };
}

/** Why the range overlaps another export, or is not over yet; undefined where it may be exported. */
async function overlapOf(
  { tenant, source, state }: BackfillContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { range } = source;
  if (Date.parse(range.to) > Date.now()) {
    return `to is ${range.to}, which is not over yet: its events are not complete. Use an earlier time.`;
  }
  const checkpoints = await state.table.query(state.pk, "checkpoint");
  const other = checkpoints
    .filter(({ attributes }) => isBegun(checkpointStateOf(attributes)))
    .map(({ sk }) => parseBackfillName(sk.slice("checkpoint#".length)))
    .find((known) => known !== undefined && intersects(known, range) && !isSame(known, range));
  if (other !== undefined) {
    return (
      `The backfill from ${other.from} to ${other.to} exports part of these events already. ` +
      "Use a range that does not overlap it, or allow the overlap (creates duplicates)."
    );
  }
  const live = checkpoints.find(({ sk }) => sk === "checkpoint");
  const ranges = live === undefined ? [] : liveRanges(checkpointStateOf(live.attributes));
  if (ranges.length === 0) {
    return (
      `The live export of ${tenant.name} has not started, so the events that it will write are not known. ` +
      "Run it once before the backfill."
    );
  }
  return (await anyHasEvents(source, ranges, tenant.includeScoreDecreases, signal))
    ? `The live export of ${tenant.name} writes events from ${range.from} to ${range.to} itself. ` +
        "Use a range before its first event, or allow the overlap (creates duplicates)."
    : undefined;
}

/** A refused backfill leaves an item too; one that holds its lease may be about to start. */
function isBegun({ nextFrom, lease }: CheckpointState): boolean {
  return nextFrom !== undefined || (lease !== undefined && isHeld(lease, Date.now()));
}

/** A stretch of the log, between two cursors. */
interface CursorRange {
  readonly from: number;
  readonly to: number;
}

/** What the live export has written or will write: from its first cursor on, except what a move of its cursor skipped. */
function liveRanges({ firstFrom, moves }: CheckpointState): readonly CursorRange[] {
  if (firstFrom === undefined) {
    return [];
  }
  const ranges: CursorRange[] = [];
  let from = firstFrom;
  for (const move of moves) {
    ranges.push({ from, to: move.givenUpTo ?? move.from ?? from });
    from = move.to;
  }
  return [...ranges, { from, to: Number.POSITIVE_INFINITY }];
}

async function anyHasEvents(
  source: EventSource,
  ranges: readonly CursorRange[],
  includeScoreDecreases: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  for (const range of ranges) {
    if (await hasEvents(source, { ...range, includeScoreDecreases }, signal)) {
      return true;
    }
  }
  return false;
}

/** ISO 8601 in UTC sorts as text. */
function intersects(one: TimeRange, other: TimeRange): boolean {
  return one.from < other.to && other.from < one.to;
}

function isSame(one: TimeRange, other: TimeRange): boolean {
  return one.from === other.from && one.to === other.to;
}
