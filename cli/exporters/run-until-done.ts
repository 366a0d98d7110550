import type { RunResult } from "../../functions/security-lake-exporter/run/run-result.js";
import { asStep, type Streams } from "../terminal/streams.js";

/**
 * Runs one after the other, until the tenant has no more events, another run is in progress, or a run makes no progress.
 *
 * @param run performs the next run; it receives the number of events read so far.
 * @param report receives the number of events read so far.
 * @param maxEvents stops after this many events. @default - no maximum
 * @param streams after Ctrl-C, the current run finishes and is the last one. @default - no interruption
 */
export async function runUntilDone(
  run: (eventsRead: number) => Promise<RunResult>,
  report: (eventsRead: number) => void,
  maxEvents = Number.POSITIVE_INFINITY,
  streams: Pick<Streams, "interruption"> = {},
): Promise<RunResult> {
  const step = (eventsRead: number) => asStep(streams, () => run(eventsRead));
  let last = await step(0);
  let all = last;
  const isMoreToDo = () =>
    last.outcome === "exported" && !last.caughtUp && last.eventsRead > 0 && all.eventsRead < maxEvents;
  while (isMoreToDo() && streams.interruption?.requested !== true) {
    report(all.eventsRead);
    last = await step(all.eventsRead);
    all = joined(all, last);
  }
  return all;
}

function joined(earlier: RunResult, later: RunResult): RunResult {
  return {
    ...later,
    eventsRead: earlier.eventsRead + later.eventsRead,
    eventsWritten: earlier.eventsWritten + later.eventsWritten,
    objects: [...earlier.objects, ...later.objects],
    eventsFiltered: earlier.eventsFiltered + later.eventsFiltered,
    eventsQuarantined: earlier.eventsQuarantined + later.eventsQuarantined,
    failedLookups: earlier.failedLookups + later.failedLookups,
    skippedLookups: earlier.skippedLookups + later.skippedLookups,
    eventsWithoutSeverity: earlier.eventsWithoutSeverity + later.eventsWithoutSeverity,
    checkpoint: later.checkpoint ?? earlier.checkpoint,
    newestEventTime: later.newestEventTime ?? earlier.newestEventTime,
  };
}
