import type { WrittenObject } from "../../functions/security-lake-exporter/run/export-window.js";
import type { RunResult } from "../../functions/security-lake-exporter/run/run.js";

/** Objects that are named one by one. */
const NAMED_OBJECTS = 10;

/** What a run did, for a person: a sentence, then the objects. */
export function runReport(result: RunResult): string {
  const { tenant, eventsRead, eventsWritten, objects, checkpoint } = result;
  if (eventsRead === 0) {
    return `${tenant}: nothing new${atCursor(checkpoint)}${asides(result)}\n`;
  }
  return (
    `${tenant}: ${counted(eventsRead, "event")} read, ${inEnglish(eventsWritten)} written into ` +
    `${counted(objects.length, "object")}${asides(result)}${atCursor(checkpoint)}\n${objectLines(objects)}`
  );
}

/** A line for each object, as long as there are few. */
export function objectLines(objects: readonly WrittenObject[]): string {
  const named = objects
    .slice(0, NAMED_OBJECTS)
    .map(({ key, events }) => `  ${key}  ${counted(events, "event")}\n`);
  const others = objects.length - named.length;
  return `${named.join("")}${others > 0 ? `  and ${counted(others, "other object")}\n` : ""}`;
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

/** What is not as it mostly is. */
function asides(result: RunResult): string {
  const { eventsFiltered, eventsQuarantined, failedLookups, skippedLookups, eventsWithoutSeverity } = result;
  const { eventsWaiting, caughtUp } = result;
  return [
    ...(eventsFiltered > 0 ? [`${inEnglish(eventsFiltered)} left out by the filters`] : []),
    ...(eventsQuarantined > 0 ? [`${inEnglish(eventsQuarantined)} in quarantine`] : []),
    ...(failedLookups > 0 ? [`${counted(failedLookups, "account")} that could not be looked up`] : []),
    ...(skippedLookups > 0 ? [`${counted(skippedLookups, "account")} not looked up`] : []),
    ...(eventsWithoutSeverity > 0 ? [`${counted(eventsWithoutSeverity, "event")} without a severity`] : []),
    ...(eventsWaiting > 0 ? [`${inEnglish(eventsWaiting)} left to accumulate`] : []),
    ...(caughtUp ? [] : ["there are more"]),
  ]
    .map((aside) => `, ${aside}`)
    .join("");
}
