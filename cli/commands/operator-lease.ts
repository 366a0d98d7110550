import type { Checkpoint, CheckpointState } from "../../functions/security-lake-exporter/state/checkpoint.js";
import type { ExporterTarget, TargetTenant } from "../exporters/exporter-target.js";

/** Milliseconds that the lease is held for a manual change; there is no prompt while it is held. */
const LEASE = 60_000;

/**
 * Changes a tenant's state while holding the lease, so that no run is in progress, and releases the lease.
 *
 * @param by the person or identity that makes the change.
 * @throws Error while a run holds the lease.
 */
export async function asOperator<Result>(
  { table, title }: ExporterTarget,
  { name, pk }: TargetTenant,
  by: string,
  change: (checkpoint: Checkpoint, state: CheckpointState) => Promise<Result>,
): Promise<Result> {
  const { Checkpoint } = await import("../../functions/security-lake-exporter/state/checkpoint.js");
  const { newLeaseOwner } = await import("../../functions/security-lake-exporter/state/lease.js");
  const checkpoint = new Checkpoint({ table, pk }, newLeaseOwner(by));
  const now = Date.now();
  const state = await checkpoint.acquire(now, now + LEASE);
  if (state === undefined) {
    throw new Error(
      `A run of ${name} is in progress in ${title}. Try again when it has ended; status shows how long its lease lasts.`,
    );
  }
  try {
    const result = await change(checkpoint, state);
    await checkpoint.release();
    return result;
  } catch (error) {
    // Report the original error; a lease that cannot be released expires.
    await checkpoint.release().catch(() => undefined);
    throw error;
  }
}
