import type { CheckpointState } from "../../functions/security-lake-exporter/state/checkpoint-state.js";
import type { OperatorCheckpoint } from "../../functions/security-lake-exporter/state/operator-checkpoint.js";
import type { ExporterTarget, TargetTenant } from "../exporters/exporter-target.js";
import { exportStateOf } from "./export-state.js";

/** Milliseconds that the lease is held for a manual change; there is no prompt while it is held. */
const LEASE = 60_000;

/**
 * Changes a tenant's state while holding the lease, so that no run is in progress, and releases the lease.
 *
 * @param by the person or identity that makes the change.
 * @param job name of the backfill whose state it is. @default - the live export
 * @throws Error while a run holds the lease.
 */
export async function asOperator<Result>(
  target: ExporterTarget,
  tenant: TargetTenant,
  by: string,
  change: (checkpoint: OperatorCheckpoint, state: CheckpointState) => Promise<Result>,
  job?: string,
): Promise<Result> {
  const { OperatorCheckpoint } = await import(
    "../../functions/security-lake-exporter/state/operator-checkpoint.js"
  );
  const { newLeaseOwner } = await import("../../functions/security-lake-exporter/state/lease.js");
  const state = { ...(await exportStateOf(target, tenant)), job };
  const checkpoint = new OperatorCheckpoint(state, newLeaseOwner(by));
  const now = Date.now();
  const found = await checkpoint.acquire(now, now + LEASE);
  if (found === undefined) {
    throw new Error(
      `A run of ${tenant.name} is in progress in ${target.title}. Try again when it has ended; status shows how long its lease lasts.`,
    );
  }
  try {
    const result = await change(checkpoint, found);
    await checkpoint.release();
    return result;
  } catch (error) {
    // Report the original error; a lease that cannot be released expires.
    await checkpoint.release().catch(() => undefined);
    throw error;
  }
}
