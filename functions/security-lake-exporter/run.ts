import { type Checkpoint, type CheckpointState, type Intent, windowSettingsOf } from "./checkpoint.js";
import {
  type ExportedWindow,
  type ExportServices,
  exportWindow,
  type WrittenObject,
} from "./export-window.js";
import { type RedriveResult, redrive } from "./redrive.js";
import type { Tenant } from "./settings.js";
import {
  type EventWindow,
  lastEventIdOf,
  newestCheckpoint,
  readWindow,
  readWindowAgain,
} from "./vectra/events.js";

/** How much is taken at once. */
export interface BatchLimits {
  /** Events per page that are asked for; the API gives at most 1,000. */
  readonly pageSize: number;
  /** A window ends with the page that reaches this many events: it bounds memory, and what is repeated. */
  readonly windowEvents: number;
}

export const DEFAULT_LIMITS: BatchLimits = { pageSize: 1000, windowEvents: 10_000 };

/** What a run works with. */
export interface RunContext extends ExportServices {
  readonly checkpoint: Checkpoint;
  readonly limits: BatchLimits;
  /** Milliseconds that this run may still take. */
  readonly remaining: () => number;
}

/** What a run did. */
export interface RunResult {
  readonly tenant: string;
  /** `lease-held`: another run is at work, and this one did nothing. */
  readonly outcome: "exported" | "lease-held";
  readonly eventsRead: number;
  readonly eventsWritten: number;
  readonly objects: readonly WrittenObject[];
  /** Events that the filters left out. */
  readonly eventsFiltered: number;
  /** Events that are in quarantine now. */
  readonly eventsQuarantined: number;
  readonly failedLookups: number;
  /** Cursor of the next window. */
  readonly checkpoint: number | null;
  /** Time of the newest exported event, in milliseconds since the epoch; null where there was none. */
  readonly newestEventTime: number | null;
  /** Whether the tenant had no more events when the run ended. */
  readonly caughtUp: boolean;
}

/** Milliseconds before the function's time limit at which no more pages are taken. */
const TIME_MARGIN = 30_000;
/** Milliseconds before the time limit at which requests are given up, so that the error is still reported. */
const LAST_WORDS = 5_000;
/** Milliseconds that a lease outlives the run's own time limit. */
const LEASE_MARGIN = 10_000;

/**
 * One run for one tenant: takes the lease, finishes what an earlier run began, then exports window after
 * window until the tenant has no more events or the time is nearly over.
 *
 * For each window: the intent is fixed, then the objects are written, then the checkpoint moves. After a
 * crash at any point the next run finds either no intent and nothing written, or the intent, and writes
 * the very same objects again. So each event is in the lake exactly once.
 *
 * @throws whatever stopped the run; the checkpoint then is where the last complete window ended.
 */
export async function exportNewEvents(context: RunContext): Promise<RunResult> {
  const held = await holdingLease(context, (state) => exportWindows(context, state));
  return held ?? { ...nothingDone(context.tenant.name), outcome: "lease-held" };
}

/**
 * Puts the tenant's quarantine through again.
 *
 * @throws Error while a run holds the lease.
 */
export async function redriveQuarantine(context: RunContext): Promise<RedriveResult> {
  const settings = windowSettingsOf(context.tenant);
  const held = await holdingLease(context, () => redrive(context, settings, deadlineOf(context)));
  if (held === undefined) {
    throw new Error(`A run holds the lease of ${context.tenant.name}: try again in a few minutes.`);
  }
  return held;
}

/** Does something as the holder of the tenant's lease; undefined while another run holds it. */
async function holdingLease<Result>(
  { checkpoint, remaining }: RunContext,
  work: (state: CheckpointState) => Promise<Result>,
): Promise<Result | undefined> {
  const now = Date.now();
  const state = await checkpoint.acquire(now, now + remaining() + LEASE_MARGIN);
  if (state === undefined) {
    return undefined;
  }
  try {
    const result = await work(state);
    await checkpoint.succeed();
    return result;
  } catch (error) {
    // The error at hand is the one to report; a lease that cannot be given back ends by itself.
    await checkpoint.release().catch(() => undefined);
    throw error;
  }
}

function deadlineOf({ remaining }: RunContext): AbortSignal {
  return AbortSignal.timeout(Math.max(0, Math.floor(remaining() - LAST_WORDS)));
}

async function exportWindows(context: RunContext, state: CheckpointState): Promise<RunResult> {
  const { tenant, source, checkpoint, limits, remaining } = context;
  const signal = deadlineOf(context);
  const hasTime = () => remaining() > TIME_MARGIN;

  let from = state.nextFrom ?? (await firstCursor(context, signal));
  let pending = state.intent;
  let seen = state.lastKeys;
  let result: RunResult = { ...nothingDone(tenant.name), checkpoint: from };
  while (!result.caughtUp && hasTime()) {
    const window =
      pending === undefined
        ? await readWindow(source, { from, seen, ...tenant, ...limits, hasTime }, signal)
        : await readWindowAgain(source, { ...pending, ...pending.settings, ...limits, seen }, signal);
    if (window.to === from) {
      return { ...result, caughtUp: true };
    }
    const intent = pending ?? intentFor(window, tenant);
    await checkpoint.fix(intent);
    const exported = await exportWindow(window, intent, pending !== undefined, context, signal);
    await checkpoint.complete(intent, window.lastKeys);
    result = extended(result, window, exported);
    from = intent.to;
    seen = window.lastKeys;
    pending = undefined;
  }
  return result;
}

async function firstCursor({ tenant, source, checkpoint }: RunContext, signal: AbortSignal): Promise<number> {
  const from = tenant.start === "latest" ? await newestCheckpoint(source, signal) : 0;
  await checkpoint.begin(from);
  return from;
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
    checkpoint: null,
    newestEventTime: null,
    caughtUp: false,
  };
}

/** The result with one more window in it; of the window's events only numbers are kept. */
function extended(result: RunResult, window: EventWindow, exported: ExportedWindow): RunResult {
  const newest = window.events.reduce(
    (time, event) => Math.max(time, Date.parse(event.event_timestamp)),
    result.newestEventTime ?? Number.NEGATIVE_INFINITY,
  );
  return {
    ...result,
    eventsRead: result.eventsRead + window.events.length + window.rejected.length,
    eventsWritten: result.eventsWritten + exported.objects.reduce((sum, { events }) => sum + events, 0),
    objects: [...result.objects, ...exported.objects],
    eventsFiltered: result.eventsFiltered + exported.filtered,
    eventsQuarantined: result.eventsQuarantined + exported.quarantined,
    failedLookups: result.failedLookups + exported.failedLookups,
    checkpoint: window.to,
    newestEventTime: Number.isFinite(newest) ? newest : null,
    caughtUp: window.complete,
  };
}
