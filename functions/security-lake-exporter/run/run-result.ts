import type { Tenant } from "../settings.js";
import type { CheckpointState } from "../state/checkpoint-state.js";
import {
  type Exported,
  type ExportedCounts,
  NOTHING_EXPORTED,
  type WrittenObject,
} from "./exported-counts.js";

/** What a run did. */
export interface RunResult extends ExportedCounts {
  readonly tenant: string;
  /** `lease-held`: another run holds the lease, and this one did nothing. */
  readonly outcome: "exported" | "lease-held";
  readonly eventsWritten: number;
  readonly objects: readonly WrittenObject[];
  /** Cursor of the next window. */
  readonly checkpoint: number | null;
  /** Time of the newest exported event, in milliseconds since the epoch; null where there was none. */
  readonly newestEventTime: number | null;
  /** Events that are left with the tenant until there are more of them or the oldest is old enough. */
  readonly eventsWaiting: number;
  /** Whether the tenant had no more events when the run ended. */
  readonly caughtUp: boolean;
  /** Whether the tenant's log ends before the cursor; the lag then grows until it has new events. */
  readonly logIsBehind: boolean;
}

/** The result of a run that found the lease held by another run. */
export function leaseHeld(tenant: string): RunResult {
  return { ...resultOf({ name: tenant }, NOTHING_EXPORTED, undefined), outcome: "lease-held" };
}

/** The result of a run so far. */
export function resultOf(
  { name }: Pick<Tenant, "name">,
  { counts, objects, newestEventTime }: Exported,
  state: CheckpointState | undefined,
): RunResult {
  return {
    tenant: name,
    outcome: "exported",
    ...counts,
    eventsWritten: objects.reduce((sum, { events }) => sum + events, 0),
    objects,
    checkpoint: state?.nextFrom ?? null,
    newestEventTime,
    eventsWaiting: 0,
    caughtUp: false,
    logIsBehind: false,
  };
}
