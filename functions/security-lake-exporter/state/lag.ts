import { setTimeout as delay } from "node:timers/promises";
import { type CheckpointState, checkpointStateOf } from "./checkpoint.js";
import { type StateTable, sortKeyOf } from "./state-table.js";

/** What a checkpoint says about how far behind its export may be. */
export type LagBasis = Pick<CheckpointState, "newestEventTime" | "caughtUpAt">;

/** Milliseconds that the clocks of tenant, function and people may differ. */
const CLOCK_DIFFERENCE = 15 * 60_000;

/** Whether a time says how far an export is: one that is still to come would hide for as long that it falls behind. */
export function hasCome(time: number, now: number): boolean {
  return time <= now + CLOCK_DIFFERENCE;
}

/**
 * How far behind the tenant an export may be, in milliseconds: now minus the later of the newest exported event and the
 * end of the last run that left nothing with the tenant. A quiet tenant's lag is the time since its last run; while runs
 * fail, take no window, leave events behind, or do not come, it grows.
 *
 * This is the one definition of lag: the metric `METRICS.lagSeconds`, its alarm and `vectra-cdr status` use it.
 *
 * @param now milliseconds since the epoch.
 * @returns undefined for an export that has neither written an event nor caught up, of which nothing is known.
 */
export function lagOf({ newestEventTime, caughtUpAt }: LagBasis, now: number): number | undefined {
  const known = [newestEventTime, caughtUpAt].filter(
    (time): time is number => time !== undefined && hasCome(time, now),
  );
  return known.length === 0 ? undefined : Math.max(0, now - Math.max(...known));
}

/** Milliseconds that a failed run waits for the checkpoint, so that its error is reported in any case. */
const LONGEST_WAIT = 2_000;

/**
 * The lag of live exports, for reporting after a run, however that ended. Keep the instance across invocations: where the
 * table cannot be read, what it said last is used.
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
   * @param pk hash key of the tenant's items.
   * @returns {@link lagOf} the export as it is stored now; undefined where nothing is known of it.
   */
  async lag(pk: string): Promise<number | undefined> {
    await Promise.race([this.#read(pk), delay(LONGEST_WAIT, undefined, { ref: false })]);
    return lagOf(
      this.#lastKnown.get(pk) ?? { newestEventTime: undefined, caughtUpAt: undefined },
      Date.now(),
    );
  }

  async #read(pk: string): Promise<void> {
    try {
      const [item] = await this.#table.read(pk, [sortKeyOf("checkpoint", {})]);
      this.#lastKnown.set(pk, checkpointStateOf(item?.attributes ?? {}));
    } catch {
      // The run's own error, or its success, is what is to be reported.
    }
  }
}
