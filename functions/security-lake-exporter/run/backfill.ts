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
 * A backfill exports the events of a stretch of time beside the live export: windows, intents and scores as
 * always, but in a state of its own, so that neither knows of the other. That the two never write the same event is
 * decided once, before the first window.
 */

/** The range holds events that are exported otherwise, or is not over yet: trying again changes nothing. */
class BackfillRefusedError extends Error {
  override readonly name = "BackfillRefusedError";
}

/** What a backfill works with; its state is named after it. */
export interface BackfillContext extends RunContext {
  readonly source: EventSource & { readonly range: TimeRange };
  /** Whether events may be written that the live export, or another backfill, writes too. */
  readonly allowOverlap: boolean;
}

/**
 * One run of a backfill: goes on where the last one stopped.
 *
 * @returns the result of the run; `caughtUp` says that the range is exported.
 * @throws BackfillRefusedError where the range is not over yet, or holds events that are exported otherwise, unless that is allowed.
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
  /** Why the backfill would refuse to begin; null where it would not, or has begun. */
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

/** Why the range must not be exported beside what is exported otherwise; undefined where it may. */
async function overlapOf(
  { tenant, source, state }: BackfillContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { range } = source;
  if (Date.parse(range.to) > Date.now()) {
    return `to is ${range.to}, which is not over yet: the events of that time are not all there. Choose an earlier time.`;
  }
  const checkpoints = await state.table.query(state.pk, "checkpoint");
  const other = checkpoints
    .filter(({ attributes }) => isBegun(checkpointStateOf(attributes)))
    .map(({ sk }) => parseBackfillName(sk.slice("checkpoint#".length)))
    .find((known) => known !== undefined && intersects(known, range) && !isSame(known, range));
  if (other !== undefined) {
    return (
      `The backfill from ${other.from} to ${other.to} has part of these events already. ` +
      "Choose a range beside it, or allow the overlap: those events are in the lake twice then."
    );
  }
  const live = checkpoints.find(({ sk }) => sk === "checkpoint");
  const ranges = live === undefined ? [] : liveRanges(checkpointStateOf(live.attributes));
  if (ranges.length === 0) {
    return (
      `The live export of ${tenant.name} has not begun, so which events it will write is not known. ` +
      "Let it run once before the backfill."
    );
  }
  return (await anyHasEvents(source, ranges, tenant.includeScoreDecreases, signal))
    ? `The live export of ${tenant.name} writes events from ${range.from} to ${range.to} itself. ` +
        "Choose a range before its first event, or allow the overlap: those events are in the lake twice then."
    : undefined;
}

/** A backfill that was refused leaves an item too; one that holds its lease may be about to begin. */
function isBegun({ nextFrom, lease }: CheckpointState): boolean {
  return nextFrom !== undefined || (lease !== undefined && isHeld(lease, Date.now()));
}

/** Cursors from and to, of a stretch of the log. */
interface CursorRange {
  readonly from: number;
  readonly to: number;
}

/** What the live export has written or will: from where it began on, but for what a move of its cursor left out. */
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
