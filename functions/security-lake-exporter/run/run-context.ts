import type { Checkpoint, CheckpointState } from "../state/checkpoint.js";
import type { ExportServices } from "./export-window.js";

/** How much is taken at once. */
export interface BatchLimits {
  /** Events per page that are asked for; the API gives at most 1,000. */
  readonly pageSize: number;
  /** Most events in a window: it bounds memory, and what is repeated. */
  readonly windowEvents: number;
  /** The run ends with so many events. @default - when the tenant has no more, or the time is nearly over */
  readonly maxEvents?: number | undefined;
}

export const DEFAULT_LIMITS: BatchLimits = { pageSize: 1000, windowEvents: 10_000 };

/** What a run works with. */
export interface RunContext extends ExportServices {
  readonly checkpoint: Checkpoint;
  readonly limits: BatchLimits;
}

/** Milliseconds that a run may take at most: the CLI's, which nothing else ends. Lambda ends one after 15 minutes. */
export const LONGEST_RUN = 3_600_000;

/**
 * Milliseconds from now until which a lease can be held: the longest run, and a quarter of an hour for clocks that
 * differ. One that ends later was taken by a clock that was wrong, and is no lease.
 */
export const LONGEST_LEASE = LONGEST_RUN + 900_000;

/** Who may change a checkpoint, and until when, in milliseconds since the epoch. */
export interface Lease {
  readonly owner: string;
  readonly until: number;
}

/** Whether a lease keeps other runs out. `Checkpoint.acquire` asks the same of the stored one. */
export function isHeld({ until }: Lease, now: number): boolean {
  return until >= now && until <= now + LONGEST_LEASE;
}

/** Milliseconds before the time limit at which requests are given up, so that the error is still reported. */
const LAST_WORDS = 5_000;
/** Milliseconds that a lease outlives the run's own time limit. */
const LEASE_MARGIN = 10_000;

/**
 * Does something as the holder of the lease; undefined while another run holds it. The work gives the lease back
 * itself where it succeeds.
 */
export async function holdingLease<Result>(
  { checkpoint, remaining }: RunContext,
  work: (state: CheckpointState) => Promise<Result>,
): Promise<Result | undefined> {
  const now = Date.now();
  const state = await checkpoint.acquire(now, now + remaining() + LEASE_MARGIN);
  if (state === undefined) {
    return undefined;
  }
  try {
    return await work(state);
  } catch (error) {
    // The error at hand is the one to report; a lease that cannot be given back ends by itself.
    await checkpoint.release().catch(() => undefined);
    throw error;
  }
}

/** Ends shortly before the run's time does. */
export function deadlineOf({ remaining }: RunContext): AbortSignal {
  return AbortSignal.timeout(Math.max(0, Math.floor(remaining() - LAST_WORDS)));
}
