import { TIMEOUT } from "../../../facts/options/exporter.js";

/** A run did not have enough time: nothing is lost, but an operator must raise its time limit. */
export class OutOfTimeError extends Error {
  override readonly name = "OutOfTimeError";
}

/** Milliseconds before the function's time limit from which on no page is requested. */
export const TIME_MARGIN = 30_000;

/** Milliseconds that Lambda may have spent before the function's own code reads its remaining time. */
const INVOCATION_OVERHEAD = 2_000;

const REMEDY =
  `Raise timeoutSeconds of the exporter (default ${TIMEOUT.default}, maximum ${TIMEOUT.max}). Nothing is lost: the cursor ` +
  "is at the end of the last complete window.";

/**
 * Refuses an invocation that is too short for a window.
 *
 * @param remaining milliseconds that the invocation has when it begins.
 * @throws OutOfTimeError that names the time limit.
 */
export function requireTime(remaining: number): void {
  if (remaining < TIMEOUT.min * 1000 - INVOCATION_OVERHEAD) {
    throw new OutOfTimeError(
      `The function's time limit is ${seconds(remaining)} and must be at least ${TIMEOUT.min} s: a run starts no ` +
        `window in its last ${seconds(TIME_MARGIN)}. ${REMEDY}`,
    );
  }
}

/**
 * Why a run started no window, so that it is unknown whether there were events.
 *
 * @param left milliseconds that were left for the first window.
 */
export function noTimeForAWindow(left: number, tenantUrl: string): OutOfTimeError {
  return new OutOfTimeError(
    `No window was started: ${seconds(left)} of the run's time were left for the first one, and none is started in the last ` +
      `${seconds(TIME_MARGIN)}. Check whether the checkpoint table (lease) or ${tenantUrl} (token, newest event) answers ` +
      `slowly. ${REMEDY}`,
  );
}

/** Why a run ended in the middle of a window. */
export function cutOff(tenantUrl: string): OutOfTimeError {
  return new OutOfTimeError(
    "The run ran out of time before its window was complete; the next run starts the window again. Check whether " +
      `${tenantUrl} or the lake answers slowly. ${REMEDY}`,
  );
}

function seconds(milliseconds: number): string {
  return `${Math.max(0, Math.round(milliseconds / 1000))} s`;
}
