import { given } from "../../../facts/given.js";
import type { AccountLookups } from "../enrichment/account-lookups.js";
import type { LakeStore } from "../lake/lake-store.js";
import type { Tenant } from "../settings.js";
import type { AccountScores } from "../state/account-scores.js";
import type { Checkpoint } from "../state/checkpoint.js";
import type { Pieces } from "../state/pieces.js";
import type { Quarantine } from "../state/quarantine.js";
import type { RecentEvents } from "../state/recent-events.js";
import type { ExportState } from "../state/state-table.js";
import type { EventSource } from "../vectra/pages.js";

/** How much is taken at once. */
export interface BatchLimits {
  /** Events per page that are asked for; the API gives at most 1,000. */
  readonly pageSize: number;
  /** Maximum number of events in a window: it bounds memory, and what is repeated after a crash. */
  readonly windowEvents: number;
  /** The run stops after this many events. @default - when the tenant has no more, or the time is nearly over */
  readonly maxEvents?: number | undefined;
}

const DEFAULT_LIMITS: BatchLimits = { pageSize: 1000, windowEvents: 10_000 };

/** One run, as its caller bounds it. */
export interface RunTerms {
  /** Beginning of the lease owner's name: the request id of an invocation, or host and process. */
  readonly ownerPrefix: string;
  /** Milliseconds that the run may still take. */
  readonly remaining: () => number;
  /** @default - pages of 1,000 events, windows of up to 10,000 */
  readonly limits?: Partial<BatchLimits>;
  /** Whether the run ends after one window. @default false */
  readonly oneWindow?: boolean;
}

/** What a run works with. Every step that it takes outside its own memory is a call of something in here. */
export interface RunContext {
  readonly tenant: Tenant;
  readonly source: EventSource;
  /** Where this export is kept: that of a backfill is named after it. */
  readonly state: ExportState;
  readonly checkpoint: Checkpoint;
  readonly lookups: AccountLookups;
  readonly scores: AccountScores;
  readonly recent: RecentEvents;
  readonly pieces: Pieces;
  readonly quarantine: Quarantine;
  readonly lake: LakeStore;
  readonly limits: BatchLimits;
  /** Milliseconds that this run may still take. */
  readonly remaining: () => number;
}

/**
 * The limits of a run.
 *
 * @param requestsPerMinute maximum rate of requests to the tenant. @default - none
 */
export function limitsOf(
  { remaining, limits, oneWindow = false }: RunTerms,
  requestsPerMinute?: number,
): BatchLimits {
  const { pageSize, windowEvents, maxEvents } = {
    ...DEFAULT_LIMITS,
    ...given({
      windowEvents:
        requestsPerMinute === undefined ? undefined : windowEventsWithin(remaining(), requestsPerMinute),
    }),
    ...limits,
  };
  return {
    pageSize,
    windowEvents,
    maxEvents: oneWindow ? Math.min(maxEvents ?? windowEvents, windowEvents) : maxEvents,
  };
}

/**
 * Maximum number of events in a window whose requests fit into a run: an event costs one look-up at most, and half of the
 * run is enough for them. A larger window would be started again by every run.
 *
 * @param time that the run may take, in milliseconds.
 */
function windowEventsWithin(time: number, requestsPerMinute: number): number {
  const lookups = Math.floor((requestsPerMinute * time) / 60_000 / 2);
  return Math.min(DEFAULT_LIMITS.windowEvents, Math.max(1, lookups));
}

/** Milliseconds before the time limit at which requests are abandoned, so that the error is still reported. */
const REPORTING_MARGIN_MS = 5_000;

/** Aborts shortly before the run's time is over. */
export function deadlineOf({ remaining }: RunContext): AbortSignal {
  return AbortSignal.timeout(Math.max(0, Math.floor(remaining() - REPORTING_MARGIN_MS)));
}
