import { type CheckpointState, storedCheckpoint } from "../state/checkpoint-state.js";
import { beginsElsewhere } from "../state/home.js";
import { countEvents, newestCheckpoint } from "../vectra/events.js";
import { waitsForMore } from "./accumulation.js";
import { all } from "./all.js";
import { both, type Exported, NOTHING_EXPORTED } from "./exported-counts.js";
import { holdingLease } from "./holding-lease.js";
import { type Prepared, prepared, readNext } from "./next-window.js";
import { logOf, openExport } from "./open-export.js";
import { deadlineOf, type RunContext } from "./run-context.js";
import { leaseHeld, type RunResult, resultOf } from "./run-result.js";
import { cutOff, noTimeForAWindow, TIME_MARGIN } from "./run-time.js";
import { sweepOthers } from "./sweep.js";
import { WindowSize } from "./window-size.js";
import { commit, type Done } from "./write-ahead.js";

/** Where the next window lies, and how it is bounded; undefined where there is none. */
export type NextStretch = (
  state: CheckpointState,
) => { readonly from: number; readonly before?: number } | undefined;

/**
 * One run for one tenant: takes the lease, finishes what an earlier run has prepared, then exports window after
 * window until the tenant has no more events or the time is nearly over.
 *
 * Each window is prepared completely and stored, then it becomes the intent, then it is written, then the cursor moves. After
 * a crash at any point the next run finds either no intent and nothing written, or the intent, and writes the very same
 * bytes again. So each event is in the lake exactly once.
 *
 * @throws the error that stopped the run; the cursor is then at the end of the last complete window.
 */
export async function exportNewEvents(context: RunContext): Promise<RunResult> {
  const { tenant, source, checkpoint, state: place } = context;
  const begin = async (signal: AbortSignal): Promise<CheckpointState> => {
    if (await beginsElsewhere(place.table, tenant, Date.now())) {
      throw new Error(
        `Another run begins the export of ${tenant.name} with another version of the API. The next run continues with what is there then.`,
      );
    }
    if (tenant.start === "beginning") {
      return await checkpoint.begin(0, logOf(context));
    }
    const since = Date.now();
    return await checkpoint.begin(await newestCheckpoint(source, signal), logOf(context), { since });
  };
  const held = await holdingLease(context, async (state) => {
    const result = await exportWindows(context, state, begin, ({ nextFrom = 0, redoTo }) => ({
      from: nextFrom,
      ...(redoTo === undefined ? {} : { before: redoTo }),
    }));
    await checkpoint.succeed(result.caughtUp, result.eventsWaiting === 0 && !result.logIsBehind);
    return result;
  });
  return held ?? leaseHeld(tenant.name);
}

/**
 * Counts the events that no run has exported yet, without taking the lease or writing anything; undefined where the next run
 * begins with another version of the API, which gives some of them again.
 */
export async function countNewEvents(context: RunContext): Promise<number | undefined> {
  const { tenant, source, state } = context;
  const { nextFrom, api } = await storedCheckpoint(state);
  if (nextFrom !== undefined && api !== undefined && api !== source.api.name) {
    return undefined;
  }
  if (nextFrom === undefined && tenant.start === "latest") {
    return 0;
  }
  const { includeScoreDecreases } = tenant;
  return await countEvents(source, { from: nextFrom ?? 0, includeScoreDecreases }, deadlineOf(context));
}

/**
 * Exports window after window, as the holder of the lease.
 *
 * @param begin stores where a new export starts.
 * @throws OutOfTimeError where the time was over before the first window, or in the middle of one.
 */
export async function exportWindows(
  context: RunContext,
  found: CheckpointState,
  begin: (signal: AbortSignal) => Promise<CheckpointState>,
  nextStretch: NextStretch,
): Promise<RunResult> {
  const { tenant, remaining } = context;
  const signal = deadlineOf(context);
  try {
    const opened = await openExport(context, found, signal);
    const state = opened.state.nextFrom === undefined ? await begin(signal) : opened.state;
    const left = remaining();
    if (left <= TIME_MARGIN && opened.exported.counts.eventsRead > 0) {
      return resultOf(tenant, opened.exported, state);
    }
    if (left <= TIME_MARGIN) {
      throw noTimeForAWindow(left, tenant.url);
    }
    // While the first page is on its way.
    const swept = context.pieces.deleteOrphans(context.checkpoint.fence);
    const exported = exportFrom(state, opened.exported, context, nextStretch, swept, signal);
    const [result, others] = await all([exported, swept]);
    await sweepOthers(context, others);
    return result;
  } catch (error) {
    throw error === signal.reason ? cutOff(tenant.url) : error;
  }
}

async function exportFrom(
  begin: CheckpointState,
  finished: Exported,
  context: RunContext,
  nextStretch: NextStretch,
  swept: Promise<unknown>,
  signal: AbortSignal,
): Promise<RunResult> {
  const { tenant, limits, remaining } = context;
  const maxEvents = limits.maxEvents ?? Number.POSITIVE_INFINITY;
  let state = begin;
  let exported = finished;
  const size = new WindowSize(limits.windowEvents);
  const result = () => resultOf(tenant, exported, state);
  while (exported.counts.eventsRead < maxEvents) {
    const stretch = nextStretch(state);
    if (stretch === undefined) {
      return { ...result(), caughtUp: true };
    }
    if (stretch.from !== state.nextFrom) {
      state = await skippedTo(stretch.from, context, state);
    }
    const windowEvents = Math.min(size.events, maxEvents - exported.counts.eventsRead);
    const window = await readNext(context, state, { ...stretch, windowEvents }, signal);
    // What this run stores must not be taken for what others have left.
    await swept;
    if (window.to === state.nextFrom) {
      return { ...result(), caughtUp: true, logIsBehind: window.isBehind ?? false };
    }
    const events = window.events.length + window.rejected.length;
    if (state.redoTo === undefined && waitsForMore(window, tenant.accumulate, Date.now())) {
      return { ...result(), eventsWaiting: events, caughtUp: true };
    }
    const ready = await prepared(window, context, state, signal);
    if (ready.isTooMuch && size.shrink(events, ready.bytes.byteLength)) {
      continue;
    }
    size.taken(events, ready.bytes.byteLength);
    const done = await written(context, ready, state);
    exported = both(exported, done.exported);
    state = done.state;
    if (window.complete || remaining() <= TIME_MARGIN) {
      return { ...result(), caughtUp: window.complete };
    }
  }
  return result();
}

async function skippedTo(
  cursor: number,
  { checkpoint }: RunContext,
  state: CheckpointState,
): Promise<CheckpointState> {
  const { nextFrom = cursor, sequence } = state;
  return await checkpoint.complete({ from: nextFrom, to: cursor, sequence }, state);
}

async function written(
  context: RunContext,
  { work, bytes }: Prepared,
  state: CheckpointState,
): Promise<Done> {
  const { keys, objects, quarantine, scores } = work;
  if (objects.length + quarantine.length + scores.length + keys.events.length > 0) {
    return await commit(context, work, bytes, state);
  }
  // Nothing but the cursor.
  return {
    exported: NOTHING_EXPORTED,
    state: await context.checkpoint.complete({ ...work, sequence: keys.sequence }, state),
  };
}
