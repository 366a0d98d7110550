import { expect, it } from "vitest";
import { runUntilDone } from "../../../cli/exporters/run-until-done.js";
import type { RunResult } from "../../../functions/security-lake-exporter/run/run-result.js";

const NOTHING: RunResult = {
  tenant: "acme",
  outcome: "exported",
  eventsRead: 0,
  eventsWritten: 0,
  objects: [],
  eventsFiltered: 0,
  eventsQuarantined: 0,
  failedLookups: 0,
  skippedLookups: 0,
  eventsWithoutSeverity: 0,
  checkpoint: null,
  newestEventTime: null,
  eventsWaiting: 0,
  caughtUp: false,
  logIsBehind: false,
};
const objectOf = (events: number) => ({ key: `object-of-${events}`, events, bytes: events * 10 });
const runOf = (events: number, changes: Partial<RunResult> = {}): RunResult => ({
  ...NOTHING,
  eventsRead: events,
  eventsWritten: events - 3,
  objects: [objectOf(events)],
  eventsFiltered: 2,
  eventsQuarantined: 1,
  failedLookups: 4,
  skippedLookups: 5,
  eventsWithoutSeverity: 6,
  checkpoint: events,
  newestEventTime: events * 1000,
  ...changes,
});

/** Makes those runs one after the other. */
async function making(runs: readonly RunResult[], maxEvents?: number) {
  const left = [...runs];
  const reported: number[] = [];
  const result = await runUntilDone(
    async () => left.shift() ?? NOTHING,
    (eventsRead) => reported.push(eventsRead),
    maxEvents,
  );
  return { result, reported, left: left.length };
}

it("GIVEN runs that do not catch up WHEN they are made THEN their sum is the result, as the last one found it", async () => {
  const { result, reported } = await making([runOf(100), runOf(50), runOf(10, { caughtUp: true })]);

  expect(result).toEqual({
    tenant: "acme",
    outcome: "exported",
    eventsRead: 160,
    eventsWritten: 151,
    objects: [objectOf(100), objectOf(50), objectOf(10)],
    eventsFiltered: 6,
    eventsQuarantined: 3,
    failedLookups: 12,
    skippedLookups: 15,
    eventsWithoutSeverity: 18,
    checkpoint: 10,
    newestEventTime: 10_000,
    eventsWaiting: 0,
    caughtUp: true,
    logIsBehind: false,
  });
  expect(reported).toEqual([100, 150]);
});

it.each([
  ["the tenant has no more", [runOf(5, { caughtUp: true }), runOf(5)], 5, undefined],
  ["a run gets nowhere", [runOf(5), NOTHING, runOf(5)], 5, undefined],
  [
    "another run is at work",
    [runOf(5), { ...NOTHING, outcome: "lease-held" as const }, runOf(5)],
    5,
    undefined,
  ],
  ["there are as many as were wanted", [runOf(5), runOf(5), runOf(5)], 10, 10],
])("GIVEN runs WHEN %s THEN no other run is made", async (_, runs, eventsRead, maxEvents) => {
  const { result, left } = await making(runs, maxEvents);

  expect([result.eventsRead, left]).toEqual([eventsRead, 1]);
});

it("GIVEN runs WHEN the last one found nothing THEN cursor and newest event are those of the one before", async () => {
  const { result } = await making([runOf(5), { ...NOTHING, caughtUp: true }]);

  expect(result).toMatchObject({ checkpoint: 5, newestEventTime: 5000, caughtUp: true });
});
