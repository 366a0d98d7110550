import { setTimeout as delay } from "node:timers/promises";
import { type CheckpointState, storedCheckpoint } from "./checkpoint-state.js";
import { homeOf, type TenantApi } from "./home.js";
import type { StateTable } from "./state-table.js";

/** The part of a checkpoint from which lag is computed. */
export type LagBasis = Pick<CheckpointState, "newestEventTime" | "caughtUpAt">;

/** Milliseconds by which the clocks of tenant, function and operators may differ. */
const CLOCK_DIFFERENCE = 15 * 60_000;

/** Whether a time counts for lag: one in the future would hide for as long that the export falls behind. */
export function hasCome(time: number, now: number): boolean {
  return time <= now + CLOCK_DIFFERENCE;
}

/**
 * How far behind the tenant an export may be, in milliseconds: now minus the later of the newest exported event and the
 * end of the last run that left no events with the tenant. A quiet tenant's lag is the time since its last run; it grows
 * while runs fail, start no window, leave events, or do not happen.
 *
 * This is the one definition of lag: the metric `METRICS.lagSeconds`, its alarm and `vectra-cdr status` use it.
 *
 * @param now milliseconds since the epoch.
 * @returns undefined for an export that has neither written an event nor caught up.
 */
export function lagOf({ newestEventTime, caughtUpAt }: LagBasis, now: number): number | undefined {
  const known = [newestEventTime, caughtUpAt].filter(
    (time): time is number => time !== undefined && hasCome(time, now),
  );
  return known.length === 0 ? undefined : Math.max(0, now - Math.max(...known));
}

/** Milliseconds that a failed run waits for the checkpoint, so that its error is always reported. */
const MAX_WAIT_MS = 2_000;

/**
 * The lag of live exports, to be reported after each run, failed or not. Keep the instance across invocations: where the
 * table cannot be read, the last known state is used.
 */
export class LagReader {
  readonly #table: StateTable;
  readonly #lastKnown = new Map<string, LagBasis>();

  constructor(table: StateTable) {
    this.#table = table;
  }

  /**
   * Never throws.
   *
   * @returns {@link lagOf} the export as stored now; undefined where nothing is known of it.
   */
  async lag(tenant: TenantApi): Promise<number | undefined> {
    await Promise.race([this.#read(tenant), delay(MAX_WAIT_MS, undefined, { ref: false })]);
    return lagOf(
      this.#lastKnown.get(tenant.name) ?? { newestEventTime: undefined, caughtUpAt: undefined },
      Date.now(),
    );
  }

  async #read(tenant: TenantApi): Promise<void> {
    try {
      const { pk, state } = await homeOf(this.#table, tenant);
      this.#lastKnown.set(tenant.name, state ?? (await storedCheckpoint({ table: this.#table, pk })));
    } catch {
      // What matters is the run's own error, or its success.
    }
  }
}
