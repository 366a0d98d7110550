import type { AccountScores } from "./account-scores.js";
import type { Checkpoint, CheckpointState, Intent } from "./checkpoint.js";
import type { TenantSettings } from "./environment.js";
import { type ExportedWindow, exportWindow, type WrittenObject } from "./export-window.js";
import type { Lake } from "./lake.js";
import { DEFAULT_PROFILE } from "./ocsf/profiles.js";
import type { VectraClient } from "./vectra/client.js";
import { type EventWindow, newestCheckpoint, readWindow, readWindowAgain } from "./vectra/events.js";

/** How much is taken at once. */
export interface BatchLimits {
  /** Events per page that are asked for; the API gives at most 1,000. */
  readonly pageSize: number;
  /** A window ends with the page that reaches this many events: it bounds memory, and what is repeated. */
  readonly windowEvents: number;
}

export const DEFAULT_LIMITS: BatchLimits = { pageSize: 1000, windowEvents: 10_000 };

/** What a run works with. */
export interface RunContext {
  readonly tenant: TenantSettings;
  readonly vectra: VectraClient;
  readonly checkpoint: Checkpoint;
  readonly scores: AccountScores;
  readonly lake: Lake;
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
export async function run(context: RunContext): Promise<RunResult> {
  const { tenant, checkpoint, remaining } = context;
  const now = Date.now();
  const state = await checkpoint.acquire(now, now + remaining() + LEASE_MARGIN);
  if (state === undefined) {
    return { ...nothingDone(tenant.name), outcome: "lease-held" };
  }
  try {
    const result = await exportWindows(context, state);
    await checkpoint.succeed();
    return result;
  } catch (error) {
    // The error at hand is the one to report; a lease that cannot be given back ends by itself.
    await checkpoint.release().catch(() => undefined);
    throw error;
  }
}

async function exportWindows(context: RunContext, state: CheckpointState): Promise<RunResult> {
  const { tenant, vectra, checkpoint, limits, remaining } = context;
  const signal = AbortSignal.timeout(Math.max(0, Math.floor(remaining() - LAST_WORDS)));
  const hasTime = () => remaining() > TIME_MARGIN;

  let from = state.nextFrom ?? (await firstCursor(context, signal));
  let pending = state.intent;
  let result: RunResult = { ...nothingDone(tenant.name), checkpoint: from };
  while (!result.caughtUp && hasTime()) {
    const window =
      pending === undefined
        ? await readWindow(vectra, { from, ...tenant, ...limits, hasTime }, signal)
        : await readWindowAgain(vectra, pending, limits.pageSize, signal);
    if (window.to === from) {
      return { ...result, caughtUp: true };
    }
    const intent = pending ?? intentFor(window, tenant);
    await checkpoint.fix(intent);
    const exported = await exportWindow(window, intent, tenant, context, signal);
    await checkpoint.complete(intent);
    result = extended(result, window, exported);
    from = intent.to;
    pending = undefined;
  }
  return result;
}

async function firstCursor({ tenant, vectra, checkpoint }: RunContext, signal: AbortSignal): Promise<number> {
  const from = tenant.start === "latest" ? await newestCheckpoint(vectra, signal) : 0;
  await checkpoint.begin(from);
  return from;
}

function intentFor({ from, to, events }: EventWindow, tenant: TenantSettings): Intent {
  return {
    from,
    to,
    events: events.length,
    lastEventId: events.reduce((highest, { id }) => Math.max(highest, id), 0),
    includeScoreDecreases: tenant.includeScoreDecreases,
    profile: DEFAULT_PROFILE,
    partitionAccountId: tenant.partitionAccountId,
  };
}

function nothingDone(tenant: string): RunResult {
  return {
    tenant,
    outcome: "exported",
    eventsRead: 0,
    eventsWritten: 0,
    objects: [],
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
    eventsRead: result.eventsRead + window.events.length,
    eventsWritten: result.eventsWritten + exported.objects.reduce((sum, { events }) => sum + events, 0),
    objects: [...result.objects, ...exported.objects],
    failedLookups: result.failedLookups + exported.failedLookups,
    checkpoint: window.to,
    newestEventTime: Number.isFinite(newest) ? newest : null,
    caughtUp: window.complete,
  };
}
