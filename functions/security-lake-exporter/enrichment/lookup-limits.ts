import type { RetryPolicy } from "../vectra/http.js";

/** What the look-ups of accounts that are not required may cost. Times in milliseconds. */
export interface LookupLimits {
  /** Part of the run's remaining time that a window's look-ups may take, 0 to 1. */
  readonly shareOfTime: number;
  /** So many look-ups that fail one after the other end them. */
  readonly failuresInARow: number;
  /** How long an account whose look-up failed is not looked up again. */
  readonly failureRemembered: number;
  /** Accounts that are remembered at most; the one that failed first is forgotten first. */
  readonly accountsRemembered: number;
  /** Less than an event's page gets: an account that hangs must not take the time of all the others. */
  readonly retry: RetryPolicy;
}

export const LOOKUP_LIMITS: LookupLimits = {
  shareOfTime: 0.5,
  failuresInARow: 5,
  failureRemembered: 15 * 60_000,
  accountsRemembered: 10_000,
  retry: {
    retries: 1,
    firstPause: 500,
    longestPause: 1_000,
    longestRetryAfter: 5_000,
    attemptTimeout: 10_000,
  },
};
