import { TIMEOUT } from "../../../facts/options/exporter.js";

/** A run had no time for what it had to do: nothing is lost, and somebody has to give it more. */
export class OutOfTimeError extends Error {
  override readonly name = "OutOfTimeError";
}

/** Milliseconds before the function's time limit at which no more pages are taken. */
export const TIME_MARGIN = 30_000;

/** Milliseconds that Lambda may have spent before the function's own code sees the time that it has left. */
const INVOCATION_OVERHEAD = 2_000;

const REMEDY =
  `Raise timeoutSeconds of the exporter (${TIMEOUT.default} by default, ${TIMEOUT.max} at most). The checkpoint is where ` +
  "the last complete window ended, so nothing is lost.";

/**
 * Refuses an invocation that could hardly take a window.
 *
 * @param remaining milliseconds that the invocation has when it begins.
 * @throws OutOfTimeError that names the time limit.
 */
export function requireTime(remaining: number): void {
  if (remaining < TIMEOUT.min * 1000 - INVOCATION_OVERHEAD) {
    throw new OutOfTimeError(
      `The function's time limit is ${seconds(remaining)} and must be at least ${TIMEOUT.min} s: a run takes no ` +
        `window in its last ${seconds(TIME_MARGIN)}. ${REMEDY}`,
    );
  }
}

/**
 * Why a run took no window, so that nobody knows whether there were events.
 *
 * @param left milliseconds that were left for the first window.
 */
export function noTimeForAWindow(left: number, tenantUrl: string): OutOfTimeError {
  return new OutOfTimeError(
    `No window was taken: the run had ${seconds(left)} left when its first one was due, and none is begun in the last ` +
      `${seconds(TIME_MARGIN)}. The checkpoint table (lease), or ${tenantUrl} (token, newest event), took the time before: ` +
      `check whether they answer slowly. ${REMEDY}`,
  );
}

/** Why a run ended in the middle of a window. */
export function cutOff(tenantUrl: string): OutOfTimeError {
  return new OutOfTimeError(
    "The run's time was over before its window was complete; the next run begins the window again. Check whether " +
      `${tenantUrl} or the lake answers slowly. ${REMEDY}`,
  );
}

function seconds(milliseconds: number): string {
  return `${Math.max(0, Math.round(milliseconds / 1000))} s`;
}
