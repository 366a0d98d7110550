import { parseBackfillName } from "../../../facts/object-names.js";
import {
  type CheckpointState,
  type CursorRange,
  checkpointStateOf,
  storedCheckpoint,
} from "../state/checkpoint-state.js";
import { isHeld } from "../state/lease.js";
import type { TimeRange } from "../vectra/apis.js";
import { countEvents } from "../vectra/events.js";
import type { EventSource } from "../vectra/pages.js";
import { liveRanges, restOf, stretchesBeside } from "./backfill-ranges.js";
import { holdingLease } from "./holding-lease.js";
import { logOf } from "./open-export.js";
import { exportWindows } from "./run.js";
import { deadlineOf, type RunContext } from "./run-context.js";
import { leaseHeld, type RunResult } from "./run-result.js";

/*
 * A backfill exports the events of a slice of time beside the live export: with the same windows, intents and scores, but in
 * a state of its own, so that neither affects the other. It reads only those stretches of the log that the live export neither
 * has written nor will write, which is decided once, before the first window. So an event that arrives late, with a time within
 * the slice, is written by one of the two.
 */

/** The range is not over yet, or holds only events that another export writes: a retry does not help. */
class BackfillRefusedError extends Error {
  override readonly name = "BackfillRefusedError";
}

/** What a backfill works with; its state is named after it. */
export interface BackfillContext extends RunContext {
  readonly source: EventSource & { readonly range: TimeRange };
  /** Whether to export events that the live export, or another backfill, writes too. */
  readonly allowOverlap: boolean;
}

/** The whole log. */
const EVERYTHING: readonly CursorRange[] = [{ from: 0 }];

/**
 * One run of a backfill: continues where the last one stopped.
 *
 * @returns the result of the run; `caughtUp` says that the whole range is exported.
 * @throws BackfillRefusedError where the range is not over yet, or holds only events that another export writes, unless that is allowed.
 */
export async function backfill(context: BackfillContext): Promise<RunResult> {
  const { checkpoint, allowOverlap } = context;
  const begin = async (signal: AbortSignal): Promise<CheckpointState> => {
    const stretches = allowOverlap ? EVERYTHING : await stretchesOf(context, signal);
    return await checkpoint.begin(stretches[0]?.from ?? 0, logOf(context), { ranges: stretches });
  };
  const held = await holdingLease(context, async (state) => {
    const result = await exportWindows(
      context,
      state,
      begin,
      ({ ranges = EVERYTHING, nextFrom = 0, redoTo }) => {
        const [next] = redoTo === undefined ? restOf(ranges, nextFrom) : [{ from: nextFrom, to: redoTo }];
        return next === undefined
          ? undefined
          : { from: next.from, ...(next.to === undefined ? {} : { before: next.to }) };
      },
    );
    await checkpoint.succeed(result.caughtUp);
    return result;
  });
  return held ?? leaseHeld(context.tenant.name);
}

/** What a backfill would have to do. */
export interface BackfillEstimate {
  readonly tenant: string;
  /** Events of the range that this backfill has not exported yet; filters are not applied. */
  readonly events: number;
  /**
   * Why the backfill would refuse to start, or what it would duplicate where an overlap is allowed; null where neither, or
   * it has started.
   */
  readonly overlap: string | null;
  /** Whether it has started, and is not done: its next run has something to do even where no events are left. */
  readonly unfinished?: true;
}

/** Counts the events of a range, without taking the lease or writing anything. */
export async function estimateBackfill(context: BackfillContext): Promise<BackfillEstimate> {
  const { tenant, state, allowOverlap } = context;
  const signal = deadlineOf(context);
  const { nextFrom, ranges = EVERYTHING, caughtUp } = await storedCheckpoint(state);
  if (nextFrom !== undefined) {
    return {
      tenant: tenant.name,
      events: await countIn(restOf(ranges, nextFrom), context, signal),
      overlap: null,
      ...(caughtUp === true ? {} : { unfinished: true }),
    };
  }
  const all = await countIn(EVERYTHING, context, signal);
  try {
    const beside = await countIn(await stretchesOf(context, signal), context, signal);
    return allowOverlap
      ? { tenant: tenant.name, events: all, overlap: overlapOf(tenant.name, all - beside) }
      : { tenant: tenant.name, events: beside, overlap: null };
  } catch (error) {
    if (error instanceof BackfillRefusedError) {
      return { tenant: tenant.name, events: all, overlap: error.message };
    }
    throw error;
  }
}

function overlapOf(tenant: string, events: number): string | null {
  return events === 0
    ? null
    : `The live export of ${tenant} writes ${events} of these events too (creates duplicates).`;
}

/** @throws BackfillRefusedError */
async function stretchesOf(context: BackfillContext, signal: AbortSignal): Promise<readonly CursorRange[]> {
  const { tenant, source, state } = context;
  const { range } = source;
  if (Date.parse(range.to) > Date.now()) {
    throw new BackfillRefusedError(
      `to is ${range.to}, which is not over yet: its events are not complete. Use an earlier time.`,
    );
  }
  const checkpoints = await state.table.query(state.pk, "checkpoint");
  const other = checkpoints
    .filter(({ attributes }) => isBegun(checkpointStateOf(attributes)))
    .map(({ sk }) => parseBackfillName(sk.slice("checkpoint#".length)))
    .find((known) => known !== undefined && intersects(known, range) && !isSame(known, range));
  if (other !== undefined) {
    throw new BackfillRefusedError(
      `The backfill from ${other.from} to ${other.to} exports part of these events already. ` +
        "Use a range that does not overlap it, or allow the overlap (creates duplicates).",
    );
  }
  const live = checkpointStateOf(checkpoints.find(({ sk }) => sk === "checkpoint")?.attributes ?? {});
  if (live.firstFrom === undefined) {
    throw new BackfillRefusedError(
      `The live export of ${tenant.name} has not started, so the events that it will write are not known. ` +
        "Run it once before the backfill.",
    );
  }
  const [earlierApi] = Object.keys(live.cursors).filter((api) => api !== source.api.name);
  if (earlierApi !== undefined) {
    throw new BackfillRefusedError(
      `The live export of ${tenant.name} has used ${earlierApi} of the events API before, and which events of ${source.api.name} it has written ` +
        "then is not known. Use a range before its first event, and allow the overlap: it creates no duplicates then.",
    );
  }
  const stretches = stretchesBeside(liveRanges(live));
  const isAllLive =
    (await countIn(stretches, context, signal)) === 0 && (await countIn(EVERYTHING, context, signal)) > 0;
  if (isAllLive) {
    throw new BackfillRefusedError(
      `The live export of ${tenant.name} writes all events from ${range.from} to ${range.to} itself. ` +
        "Use a range before its first event, or allow the overlap (creates duplicates).",
    );
  }
  return stretches;
}

/** A refused backfill leaves an item too; one that holds its lease may be about to start. */
function isBegun({ nextFrom, lease }: CheckpointState): boolean {
  return nextFrom !== undefined || (lease !== undefined && isHeld(lease, Date.now()));
}

/** Number of the range's events in those stretches of the log. */
async function countIn(
  stretches: readonly CursorRange[],
  { source, tenant: { includeScoreDecreases } }: BackfillContext,
  signal: AbortSignal,
): Promise<number> {
  const countFrom = (from: number) => countEvents(source, { from, includeScoreDecreases }, signal);
  let count = 0;
  for (const { from, to } of stretches) {
    count += (await countFrom(from)) - (to === undefined ? 0 : await countFrom(to));
  }
  return Math.max(0, count);
}

/** ISO 8601 in UTC sorts as text. */
function intersects(one: TimeRange, other: TimeRange): boolean {
  return one.from < other.to && other.from < one.to;
}

function isSame(one: TimeRange, other: TimeRange): boolean {
  return one.from === other.from && one.to === other.to;
}
