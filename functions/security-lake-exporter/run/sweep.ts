import { Checkpoint } from "../state/checkpoint.js";
import { storedCheckpoint } from "../state/checkpoint-state.js";
import { LIVE, Pieces } from "../state/pieces.js";
import type { RunContext } from "./run-context.js";

/** Milliseconds for which the lease of an abandoned backfill is taken. */
const LEASE_MS = 60_000;

/**
 * Deletes the pieces that crashed runs of backfills have left behind, which hold events, and which nobody may continue. The
 * live export does that for all of a tenant.
 *
 * @param others exports that have pieces.
 */
export async function sweepOthers(
  { state, checkpoint }: RunContext,
  others: ReadonlySet<string>,
): Promise<void> {
  for (const job of state.job === undefined ? others : []) {
    const other = { ...state, job: job === LIVE ? undefined : job };
    if ((await storedCheckpoint(other)).intent !== undefined) {
      continue;
    }
    // Only the holder of a backfill's lease may delete: one that wakes up can then no longer point at its pieces. Under the
    // name of this run: the command line ends the leases of a process that was killed.
    const lease = new Checkpoint(other, checkpoint.owner);
    const now = Date.now();
    const found = await lease.acquire(now, now + LEASE_MS);
    if (found === undefined) {
      continue;
    }
    try {
      if (found.intent === undefined) {
        await new Pieces(other).deleteOrphans(lease.fence);
      }
    } finally {
      await lease.release();
    }
  }
}
