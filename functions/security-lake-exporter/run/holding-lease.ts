import type { CheckpointState } from "../state/checkpoint-state.js";
import type { RunContext } from "./run-context.js";

/** Milliseconds that a lease outlives the run's own time limit. */
const LEASE_MARGIN_MS = 10_000;

/**
 * Does something as the holder of the lease; returns undefined while another run holds it. The work itself releases the
 * lease when it succeeds.
 */
export async function holdingLease<Result>(
  { checkpoint, pieces, remaining }: RunContext,
  work: (state: CheckpointState) => Promise<Result>,
): Promise<Result | undefined> {
  const now = Date.now();
  const state = await checkpoint.acquire(now, now + remaining() + LEASE_MARGIN_MS);
  if (state === undefined) {
    return undefined;
  }
  try {
    return await work(state);
  } catch (error) {
    // The error at hand is the one to report; a lease that cannot be released expires.
    await checkpoint.release().catch(() => undefined);
    throw error;
  } finally {
    await pieces.deleted();
  }
}
