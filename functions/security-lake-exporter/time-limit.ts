import { callsUnderWay } from "./aws-requests.js";
import { OutOfTimeError } from "./run/run-time.js";

/**
 * Milliseconds before the function's time limit at which a run is abandoned. They follow the run's own deadline, at which
 * it gives its lease back, and are enough to read the lag, for 2 s at most, and to report.
 */
const ABANDONING_MARGIN_MS = 4_000;

/**
 * Waits for a run, but not until Lambda ends the process without a word. What was abandoned may continue in a later
 * invocation, like any run that slept: it cannot move the cursor after another run has taken its lease. Nothing may be
 * reported for it then, so this waits for the run alone.
 *
 * @param remaining milliseconds that the invocation may still take.
 * @throws OutOfTimeError that names the calls for which the run waits.
 */
export async function withinTimeLimit<Result>(run: Promise<Result>, remaining: number): Promise<Result> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => limit.reject(abandoned(callsUnderWay())),
    Math.max(0, remaining - ABANDONING_MARGIN_MS),
  );
  try {
    return await Promise.race([run, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function abandoned(calls: readonly string[]): OutOfTimeError {
  const waiting =
    calls.length === 0 ? "It waited for no call to AWS." : `It waited for: ${calls.join("; ")}.`;
  return new OutOfTimeError(
    `The run was abandoned ${ABANDONING_MARGIN_MS / 1000} s before the function's time limit. ${waiting} Nothing is ` +
      "lost: the next run continues after the last complete window.",
  );
}
