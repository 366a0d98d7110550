import { randomUUID } from "node:crypto";

/** Milliseconds that a run may take at most: the CLI's, which nothing else ends. Lambda ends one after 15 minutes. */
export const MAX_RUN_MS = 3_600_000;

/**
 * Milliseconds from now until which a lease can be held: the longest run, and a quarter of an hour for clocks that
 * differ. One that ends later was taken by a clock that was wrong, and is ignored.
 */
export const MAX_LEASE_MS = MAX_RUN_MS + 900_000;

/** Who may change a checkpoint, and until when, in milliseconds since the epoch. */
export interface Lease {
  readonly owner: string;
  readonly until: number;
}

/**
 * A name for one run, unlike that of any other: an asynchronous invocation that is delivered twice has one request id, and
 * a process makes many runs.
 *
 * @param prefix by which people recognize the run, and the CLI a process that has ended.
 */
export function newLeaseOwner(prefix: string): string {
  return `${prefix}/${randomUUID()}`;
}

/** Whether a lease keeps other runs out. `Checkpoint.acquire` asks the same of the stored one. */
export function isHeld({ until }: Lease, now: number): boolean {
  return until >= now && until <= now + MAX_LEASE_MS;
}
