import type { WrittenObject } from "../../functions/security-lake-exporter/run/exported-counts.js";
import type { RunResult } from "../../functions/security-lake-exporter/run/run-result.js";

/** Maximum number of objects that are listed. */
const MAX_LISTED_OBJECTS = 10;

/** A run's result for a person: a sentence, then the objects. */
export function runReport(result: RunResult): string {
  const { tenant, eventsRead, eventsWritten, objects, checkpoint } = result;
  if (eventsRead === 0) {
    return `${tenant}: no new events${atCursor(checkpoint)}${asides(result)}\n`;
  }
  return (
    `${tenant}: ${counted(eventsRead, "event")} read, ${inEnglish(eventsWritten)} written into ` +
    `${counted(objects.length, "object")}${asides(result)}${atCursor(checkpoint)}\n${objectLines(objects)}`
  );
}

/** One line for each object, up to a maximum. */
export function objectLines(objects: readonly WrittenObject[]): string {
  const named = objects
    .slice(0, MAX_LISTED_OBJECTS)
    .map(({ key, events }) => `  ${key}  ${counted(events, "event")}\n`);
  const others = objects.length - named.length;
  return `${named.join("")}${others > 0 ? `  and ${counted(others, "more object")}\n` : ""}`;
}

/** `1 event`, `2,000 events`. */
export function counted(count: number, noun: string): string {
  return `${inEnglish(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function inEnglish(count: number): string {
  return count.toLocaleString("en-US");
}

function atCursor(checkpoint: number | null): string {
  return checkpoint === null ? "" : `, cursor ${checkpoint}`;
}

/** Everything unusual about a run. */
function asides(result: RunResult): string {
  const { eventsFiltered, eventsQuarantined, failedLookups, skippedLookups, eventsWithoutSeverity } = result;
  const { eventsWaiting, caughtUp, logIsBehind } = result;
  return [
    ...(eventsFiltered > 0 ? [`${inEnglish(eventsFiltered)} filtered out`] : []),
    ...(eventsQuarantined > 0 ? [`${inEnglish(eventsQuarantined)} in quarantine`] : []),
    ...(failedLookups > 0 ? [`${counted(failedLookups, "failed account look-up")}`] : []),
    ...(skippedLookups > 0 ? [`${counted(skippedLookups, "skipped account look-up")}`] : []),
    ...(eventsWithoutSeverity > 0 ? [`${counted(eventsWithoutSeverity, "event")} without a severity`] : []),
    ...(eventsWaiting > 0 ? [`${inEnglish(eventsWaiting)} waiting to accumulate`] : []),
    ...(logIsBehind ? ["the tenant's log ends before the cursor"] : []),
    ...(caughtUp ? [] : ["more events remain"]),
  ]
    .map((aside) => `, ${aside}`)
    .join("");
}
