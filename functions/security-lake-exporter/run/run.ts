import type { Tenant } from "../settings.js";
import {
  type Checkpoint,
  type CheckpointState,
  type Intent,
  storedCheckpoint,
  windowSettingsOf,
} from "../state/checkpoint.js";
import {
  countEvents,
  type EventWindow,
  lastEventIdOf,
  newestCheckpoint,
  readWindow,
  readWindowAgain,
} from "../vectra/events.js";
import { waitsForMore } from "./accumulation.js";
import { type ExportedWindow, exportWindow, type WrittenObject } from "./export-window.js";
import { holdingLease } from "./holding-lease.js";
import { deadlineOf, type RunContext } from "./run-context.js";
import { cutOff, noTimeForAWindow, TIME_MARGIN } from "./run-time.js";

/** What a run did. */
export interface RunResult {
  readonly tenant: string;
  /** `lease-held`: another run holds the lease, and this one did nothing. */
  readonly outcome: "exported" | "lease-held";
  readonly eventsRead: number;
  readonly eventsWritten: number;
  readonly objects: readonly WrittenObject[];
  /** Events that the filters left out. */
  readonly eventsFiltered: number;
  /** Events that are in quarantine now. */
  readonly eventsQuarantined: number;
  /** Accounts whose look-up failed: their events are exported without assignment. */
  readonly failedLookups: number;
  /** Accounts that were not looked up, for lack of time or because a look-up failed recently: likewise. */
  readonly skippedLookups: number;
  /** Events of unknown severity: they state none, and their account was not looked up. */
  readonly eventsWithoutSeverity: number;
  /** Cursor of the next window. */
  readonly checkpoint: number | null;
  /** Time of the newest exported event, in milliseconds since the epoch; null where there was none. */
  readonly newestEventTime: number | null;
  /** Events that are left with the tenant until there are more of them or the oldest is old enough. */
  readonly eventsWaiting: number;
  /** Whether the tenant had no more events when the run ended. */
  readonly caughtUp: boolean;
}

/**
 * One run for one tenant: takes the lease, completes an unfinished window of an earlier run, then exports window after
 * window until the tenant has no more events or the time is nearly over.
 *
 * For each window: the intent is fixed, then the objects are written, then the cursor moves. After a
 * crash at any point the next run finds either no intent and nothing written, or the intent, and writes
 * the very same objects again. So each event is in the lake exactly once.
 *
 * @throws the error that stopped the run; the cursor is then at the end of the last complete window.
 */
export async function exportNewEvents(context: RunContext): Promise<RunResult> {
  const { tenant, source, checkpoint } = context;
  const firstCursor = (signal: AbortSignal) =>
    tenant.start === "latest" ? newestCheckpoint(source, signal) : Promise.resolve(0);
  const held = await holdingLease(context, async (state) => {
    const result = await exportWindows(context, state, firstCursor);
    await checkpoint.succeed(result.caughtUp, result.eventsWaiting);
    return result;
  });
  return held ?? leaseHeld(tenant.name);
}

/** Counts the events that no run has exported yet, without taking the lease or writing anything. */
export async function countNewEvents(context: RunContext): Promise<number> {
  const { tenant, source, state } = context;
  const { nextFrom } = await storedCheckpoint(state);
  if (nextFrom === undefined && tenant.start === "latest") {
    return 0;
  }
  const { includeScoreDecreases } = tenant;
  return await countEvents(source, { from: nextFrom ?? 0, includeScoreDecreases }, deadlineOf(context));
}

/** The result of a run that found the lease held by another run. */
export function leaseHeld(tenant: string): RunResult {
  return { ...nothingDone(tenant), outcome: "lease-held" };
}

/**
 * Exports window after window, as the holder of the lease.
 *
 * @param firstCursor where a new export starts.
 * @throws OutOfTimeError where the time was over before the first window, or in the middle of one.
 */
export async function exportWindows(
  context: RunContext,
  state: CheckpointState,
  firstCursor: (signal: AbortSignal) => Promise<number>,
): Promise<RunResult> {
  const { tenant, remaining } = context;
  const signal = deadlineOf(context);
  try {
    const from = state.nextFrom ?? (await beginAt(context.checkpoint, await firstCursor(signal)));
    const left = remaining();
    if (left <= TIME_MARGIN) {
      throw noTimeForAWindow(left, tenant.url);
    }
    return await exportFrom(from, context, state, signal);
  } catch (error) {
    throw error === signal.reason ? cutOff(tenant.url) : error;
  }
}

async function exportFrom(
  begin: number,
  context: RunContext,
  state: CheckpointState,
  signal: AbortSignal,
): Promise<RunResult> {
  const { tenant, source, checkpoint, limits, remaining } = context;
  const hasTime = () => remaining() > TIME_MARGIN;
  const maxEvents = limits.maxEvents ?? Number.POSITIVE_INFINITY;

  let from = begin;
  let pending = state.intent;
  let seen = state.lastKeys;
  let newest = state.newestEventTime;
  let result: RunResult = { ...nothingDone(tenant.name), checkpoint: from };
  do {
    const windowEvents = Math.min(limits.windowEvents, maxEvents - result.eventsRead);
    const window =
      pending === undefined
        ? await readWindow(source, { from, seen, ...tenant, ...limits, windowEvents, hasTime }, signal)
        : await readWindowAgain(source, { ...pending, ...pending.settings, ...limits, seen }, signal);
    if (window.to === from) {
      return { ...result, caughtUp: true };
    }
    if (pending === undefined && waitsForMore(window, tenant.accumulate, Date.now())) {
      return { ...result, eventsWaiting: window.events.length + window.rejected.length, caughtUp: true };
    }
    const intent = pending ?? intentFor(window, tenant);
    await checkpoint.fix(intent);
    const exported = await exportWindow(window, intent, pending !== undefined, context, signal);
    newest = later(newest, exported.newestEventTime);
    await checkpoint.complete(intent, window.lastKeys, newest);
    result = extended(result, window, exported);
    from = intent.to;
    seen = window.lastKeys;
    pending = undefined;
  } while (!result.caughtUp && result.eventsRead < maxEvents && hasTime());
  return result;
}

async function beginAt(checkpoint: Checkpoint, cursor: number): Promise<number> {
  await checkpoint.begin(cursor);
  return cursor;
}

function intentFor(window: EventWindow, tenant: Tenant): Intent {
  return {
    from: window.from,
    to: window.to,
    events: window.events.length + window.rejected.length,
    lastEventId: lastEventIdOf(window),
    settings: windowSettingsOf(tenant),
  };
}

function nothingDone(tenant: string): RunResult {
  return {
    tenant,
    outcome: "exported",
    eventsRead: 0,
    eventsWritten: 0,
    objects: [],
    eventsFiltered: 0,
    eventsQuarantined: 0,
    failedLookups: 0,
    skippedLookups: 0,
    eventsWithoutSeverity: 0,
    checkpoint: null,
    newestEventTime: null,
    eventsWaiting: 0,
    caughtUp: false,
  };
}

/** The result with one more window in it; only counts are kept of the window's events. */
function extended(result: RunResult, window: EventWindow, exported: ExportedWindow): RunResult {
  return {
    ...result,
    eventsRead: result.eventsRead + window.events.length + window.rejected.length,
    eventsWritten: result.eventsWritten + exported.objects.reduce((sum, { events }) => sum + events, 0),
    objects: [...result.objects, ...exported.objects],
    eventsFiltered: result.eventsFiltered + exported.filtered,
    eventsQuarantined: result.eventsQuarantined + exported.quarantined,
    failedLookups: result.failedLookups + exported.failedLookups,
    skippedLookups: result.skippedLookups + exported.skippedLookups,
    eventsWithoutSeverity: result.eventsWithoutSeverity + exported.eventsWithoutSeverity,
    checkpoint: window.to,
    newestEventTime: later(result.newestEventTime ?? undefined, exported.newestEventTime) ?? null,
    caughtUp: window.complete,
  };
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
