import type { RunResult } from "../functions/security-lake-exporter/run.js";

/**
 * One run after the other, until the tenant has no more events, another run is at work, or a run gets nowhere.
 *
 * @param run makes the next run, knowing how many events those before it have read.
 * @param report is told how many events have been read so far.
 * @param maxEvents ends with so many events. @default - none
 */
export async function runUntilDone(
  run: (eventsRead: number) => Promise<RunResult>,
  report: (eventsRead: number) => void,
  maxEvents = Number.POSITIVE_INFINITY,
): Promise<RunResult> {
  let last = await run(0);
  let all = last;
  while (last.outcome === "exported" && !last.caughtUp && last.eventsRead > 0 && all.eventsRead < maxEvents) {
    report(all.eventsRead);
    last = await run(all.eventsRead);
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
