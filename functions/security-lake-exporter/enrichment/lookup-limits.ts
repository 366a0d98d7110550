import type { RetryPolicy } from "../vectra/http.js";

/** Limits of optional account look-ups. Times in milliseconds. */
export interface LookupLimits {
  /** Share of the run's remaining time that a window's look-ups may take, 0 to 1. */
  readonly shareOfTime: number;
  /** Number of consecutive failures that ends the look-ups. */
  readonly failuresInARow: number;
  /** How long an account is not looked up again after a failure. */
  readonly failureRemembered: number;
  /** Maximum number of remembered accounts; the one that failed first is forgotten first. */
  readonly accountsRemembered: number;
  /** Less than for a page of events: an account that hangs must not take the time of all the others. */
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
