import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { TimeRange } from "../../../../functions/security-lake-exporter/vectra/apis.js";
import type { EntityScoringEvent } from "../../../../simulator/scoring-event.js";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";

const HALF_AN_HOUR = 1_800_000;

describe.each([
  ["whole seconds", false],
  ["fractions of a second", true],
])("backfills that touch, of events with %s", (_, fractions) => {
  let exporter: ExporterUnderTest;
  let stories = 0;
  let history: TimeRange;
  /** The events of the history, 24 of them. */
  let events: readonly EntityScoringEvent[];

  beforeAll(async () => {
    exporter = await startExporter({ accounts: 3, eventsPerTick: 4, fractions });
  });
  beforeEach(async () => {
    stories += 1;
    history = await exporter.restart(`seam-${stories}`, HALF_AN_HOUR);
    events = exporter.tenant.events().slice(-24);
  });
  afterEach(() => {
    vi.useRealTimers();
    exporter.onCall(() => "pass");
    exporter.untamper();
  });
  afterAll(() => exporter.close());

  /** The second of an event, and those around it. */
  const second = (event: EntityScoringEvent | undefined, later = 0) => {
    const time = Math.floor(Date.parse(event?.event_timestamp ?? "") / 1000) + later;
    return new Date(time * 1000).toISOString().replace(".000Z", "Z");
  };
  const estimated = async (range: TimeRange) => (await exporter.estimate(range)).events;
  const countBefore = (end: string) =>
    events.filter(({ event_timestamp }) => Date.parse(event_timestamp) < Date.parse(end)).length;

  it.each([0, 1])("lose and double nothing %i s after the second of an event", async (later) => {
    const seam = second(events[11], later);
    const [early, late] = [
      { from: history.from, to: seam },
      { from: seam, to: history.to },
    ];
    // 11 events are certainly before, 12 certainly after.
    expect(countBefore(seam)).toBeGreaterThanOrEqual(11);

    expect(await estimated(early)).toBe(countBefore(seam));
    expect(await estimated(late)).toBe(24 - countBefore(seam));
    expect(await exporter.backfill(early)).toMatchObject({
      eventsRead: countBefore(seam),
      eventsWritten: countBefore(seam),
      caughtUp: true,
    });
    expect(await exporter.backfill(late)).toMatchObject({
      eventsRead: 24 - countBefore(seam),
      eventsWritten: 24 - countBefore(seam),
      caughtUp: true,
    });

    expect(await exporter.accounting()).toEqual({
      events: 24,
      written: 24,
      quarantined: 0,
      differences: [],
      wrongDirections: [],
    });
  });

  it("have an event at the seam that cannot be exported in one quarantine", async () => {
    const seam = second(events[11]);
    exporter.tamper(events[11]?.id ?? 0, { event_timestamp: seam, entity_id: "eight" });

    await exporter.backfill({ from: history.from, to: seam });
    expect(await exporter.quarantine().all()).toEqual([]);
    await exporter.backfill({ from: seam, to: history.to });

    expect((await exporter.quarantine().all()).map(({ key }) => key)).toEqual([String(events[11]?.id)]);
  });

  it("are repeated after a crash with the events that they had, in other pages", async () => {
    // GIVEN events in the middle of the log that are at the end of the range, which the tenant gives too
    const seam = second(events[11], 1);
    const atEnd = [events[2], events[5], events[6]];
    for (const event of atEnd) {
      exporter.tamper(event?.id ?? 0, { event_timestamp: seam });
    }
    const early = { from: history.from, to: seam };
    const expected = events.filter(
      (event) => !atEnd.includes(event) && Date.parse(event.event_timestamp) < Date.parse(seam),
    );
    let puts = 0;
    exporter.onCall((operation) => {
      puts += operation === "PutObject" ? 1 : 0;
      return puts > 1 ? { status: 400, code: "SimulatedCrash" } : "pass";
    });
    const limits = { pageSize: 3, windowEvents: 5 };
    await expect(exporter.backfill(early, { limits })).rejects.toThrow();
    exporter.onCall(() => "pass");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });

    // WHEN it continues with other limits
    const result = await exporter.backfill(early, { limits: { pageSize: 2, windowEvents: 1000 } });

    // THEN each event of the range is in the lake once, and none of the others
    expect(result.caughtUp).toBe(true);
    const written = (await exporter.records()).map(({ account, time }) => `${account} at ${time}`);
    expect(written.toSorted()).toEqual(
      expected
        .map(({ entity_id, event_timestamp }) => `${entity_id} at ${Date.parse(event_timestamp)}`)
        .toSorted(),
    );
  });

  it("may touch the live export too: its event at the end is no overlap", async () => {
    exporter.tenant.advance(300_000);
    const live = exporter.tenant.events().slice(-4);
    for (const event of live.slice(0, 2)) {
      exporter.tamper(event.id, { event_timestamp: history.to });
    }

    expect(await exporter.backfill(history)).toMatchObject({ eventsWritten: 24, caughtUp: true });
    expect(await exporter.run()).toMatchObject({ eventsWritten: 4 });
  });

  it("leave out an event of the live export that has a time in the range", async () => {
    exporter.tenant.advance(300_000);
    const live = exporter.tenant.events().slice(-4);
    exporter.tamper(live[0]?.id ?? 0, { event_timestamp: history.to });
    exporter.tamper(live[1]?.id ?? 0, { event_timestamp: second(events[11]) });

    expect(await exporter.backfill(history)).toMatchObject({ eventsRead: 24, eventsWritten: 24 });
    expect(await exporter.run()).toMatchObject({ eventsWritten: 4 });
    expect(await exporter.records()).toHaveLength(28);
  });
});
