import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { backfillName } from "../../../../facts/object-names.js";
import type { TimeRange } from "../../../../functions/security-lake-exporter/vectra/apis.js";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";
import { INTENT } from "../state/checkpoints.js";

const HALF_AN_HOUR = 1_800_000;

describe("a backfill", () => {
  let exporter: ExporterUnderTest;
  let stories = 0;
  /** Half an hour with 12 events, before the live export begins. */
  let history: TimeRange;

  beforeAll(async () => {
    exporter = await startExporter({ accounts: 3, eventsPerTick: 2 });
  });
  beforeEach(async () => {
    stories += 1;
    history = await exporter.restart(`story-${stories}`, HALF_AN_HOUR);
  });
  afterEach(() => {
    vi.useRealTimers();
    exporter.onCall(() => "pass");
    exporter.tenant.faults.clear();
  });
  afterAll(() => exporter.close());

  const estimate = (range: TimeRange) => exporter.estimate(range);
  /** A time in the history, so many minutes after its beginning. */
  const minute = (minutes: number) =>
    new Date(Date.parse(history.from) + minutes * 60_000).toISOString().replace(".000Z", "Z");

  it("exports a range into objects of its own, while the live export continues", async () => {
    exporter.tenant.advance(300_000);
    const [result, live] = await Promise.all([exporter.backfill(history), exporter.run()]);

    expect(result).toMatchObject({ outcome: "exported", eventsWritten: 12, caughtUp: true });
    expect(live).toMatchObject({ eventsWritten: 2, caughtUp: true });
    const job = backfillName(history);
    for (const { key } of result.objects) {
      expect(key).toMatch(new RegExp(`/vectra-story-${stories}-v3\\.4-${job}-0-\\d+\\.zstd\\.parquet$`));
    }
    expect(await exporter.differences()).toEqual([]);
  });

  it("keeps checkpoint and scores under keys of its own", async () => {
    await exporter.backfill(history);

    const job = backfillName(history);
    const keys = (await exporter.aws.items())
      .filter(({ pk }) => pk === `story-${stories}#v3.4`)
      .map(({ sk }) => String(sk).replace(/\d+$/, "<id>"));
    expect(new Set(keys)).toEqual(
      new Set([
        "checkpoint",
        `checkpoint#${job}`,
        `recent#${job}#0000000000000001#<id>`,
        `score#${job}#<id>`,
      ]),
    );
  });

  it("ends with as many events as it may have, and the next run continues after them", async () => {
    const limits = { pageSize: 5, windowEvents: 4, maxEvents: 7 };

    const first = await exporter.backfill(history, { limits });
    expect(first).toMatchObject({ eventsRead: 7, caughtUp: false });
    expect(await estimate(history)).toEqual({
      tenant: `story-${stories}`,
      events: 5,
      overlap: null,
      unfinished: true,
    });
    const second = await exporter.backfill(history, { limits });

    expect(second).toMatchObject({ eventsRead: 5, caughtUp: true });
    expect(await exporter.backfill(history, { limits })).toMatchObject({ eventsRead: 0, caughtUp: true });
    expect(await exporter.differences()).toEqual([]);
  });

  it("continues with other limits after a crash", async () => {
    let puts = 0;
    exporter.onCall((operation) => {
      puts += operation === "PutObject" ? 1 : 0;
      return puts > 2 ? { status: 400, code: "SimulatedCrash" } : "pass";
    });
    await expect(exporter.backfill(history, { limits: { pageSize: 1, windowEvents: 3 } })).rejects.toThrow();
    exporter.onCall(() => "pass");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });

    expect(await exporter.backfill(history)).toMatchObject({ caughtUp: true });
    expect(await exporter.differences()).toEqual([]);
  });

  it("does nothing while another run of it holds the lease", async () => {
    const results = await Promise.all([1, 2, 3].map(() => exporter.backfill(history)));

    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual([
      "exported",
      "lease-held",
      "lease-held",
    ]);
    expect(await exporter.differences()).toEqual([]);
  });

  it("takes the events of its range and no others", async () => {
    const [first, last] = [minute(10), minute(20)];
    const inRange = exporter.tenant
      .events()
      .filter(({ event_timestamp }) => event_timestamp >= first && event_timestamp < last);

    const result = await exporter.backfill({ from: first, to: last });

    expect(inRange.length).toBeGreaterThan(0);
    expect(result).toMatchObject({ eventsWritten: inRange.length, caughtUp: true });
  });

  describe("is estimated", () => {
    it("without taking the lease or leaving anything behind", async () => {
      const before = await exporter.aws.items();

      expect(await estimate(history)).toEqual({ tenant: `story-${stories}`, events: 12, overlap: null });

      expect(await exporter.aws.items()).toEqual(before);
    });

    it("without what the live export writes", async () => {
      exporter.tenant.advance(300_000);
      const range = { from: history.from, to: minute(35) };

      expect(await estimate(range)).toEqual({ tenant: `story-${stories}`, events: 12, overlap: null });
    });

    it("with what it would duplicate, where that is allowed", async () => {
      exporter.tenant.advance(300_000);
      const range = { from: history.from, to: minute(35) };

      expect(await exporter.container().estimate(range, { allowOverlap: true })).toEqual({
        tenant: `story-${stories}`,
        events: 14,
        overlap: `The live export of story-${stories} writes 2 of these events too (creates duplicates).`,
      });
      expect(await exporter.container().estimate(history, { allowOverlap: true })).toEqual({
        tenant: `story-${stories}`,
        events: 12,
        overlap: null,
      });
    });

    it("with the reason why it would be refused", async () => {
      exporter.tenant.advance(300_000);
      const range = { from: minute(30), to: minute(35) };

      expect(await estimate(range)).toEqual({
        tenant: `story-${stories}`,
        events: 2,
        overlap:
          `The live export of story-${stories} writes all events from ${minute(30)} to ${minute(35)} itself. ` +
          "Use a range before its first event, or allow the overlap (creates duplicates).",
      });
    });
  });

  describe("is refused", () => {
    /** Refused, with nothing written; and allowed, where somebody insists. */
    async function expectRefused(range: TimeRange, because: string): Promise<void> {
      await expect(exporter.backfill(range)).rejects.toThrow(because);
      expect((await exporter.records()).filter(({ key }) => key.includes(backfillName(range)))).toEqual([]);
      // It gave its lease back.
      expect(await exporter.backfill(range, { allowOverlap: true })).toMatchObject({ outcome: "exported" });
    }

    it("where its time is not over", async () => {
      const tomorrow = new Date(Math.floor(Date.now() / 1000) * 1000 + 86_400_000);
      const to = tomorrow.toISOString().replace(".000Z", "Z");

      await expectRefused({ from: "2026-01-01T00:00:00Z", to }, `to is ${to}, which is not over yet`);
    });

    it("where the live export has written, or will write, all of it", async () => {
      exporter.tenant.advance(300_000);
      await exporter.run();
      exporter.tenant.advance(300_000);

      await expectRefused(
        { from: minute(30), to: minute(35) },
        `The live export of story-${stories} writes all events from ${minute(30)} to ${minute(35)} itself.`,
      );
      await expectRefused({ from: minute(36), to: minute(40) }, "Use a range before its first event");
    });

    it("where the live export has not begun", async () => {
      exporter.restartAtBeginning("newcomer");

      await expectRefused(history, "The live export of newcomer has not started");
    });

    it.each([
      ["begins in", 15, 25],
      ["ends in", 5, 15],
      ["is in", 11, 19],
      ["surrounds", 5, 25],
    ])("where it %s another one", async (_, from, to) => {
      const other = { from: minute(10), to: minute(20) };
      await exporter.backfill(other);

      await expectRefused(
        { from: minute(from), to: minute(to) },
        `The backfill from ${other.from} to ${other.to} exports part of these events already.`,
      );
    });

    it("where a move by hand gave up an unfinished window, part of which may be in the lake", async () => {
      exporter.tenant.advance(300_000);
      const lastEventId = exporter.tenant.events().at(-1)?.id ?? 0;
      const crashed = exporter.checkpoint("crashed");
      const { nextFrom: from = 0 } = (await crashed.acquire(Date.now(), Date.now() + 60_000)) ?? {};
      await crashed.fix({ ...INTENT, from, to: lastEventId + 1, events: 2 });
      await crashed.release();
      await moveCursor(lastEventId + 1);

      await expectRefused({ from: minute(30), to: minute(35) }, "The live export of");
    });

    it("by a version of the API that does not support a time range", async () => {
      await expect(exporter.estimate(history, { settings: { api: "v3.3" } })).rejects.toThrow(
        "A backfill needs v3.4 of the events API: v3.3 does not support a time range.",
      );
    });
  });

  describe("is not refused", () => {
    it("where the live export writes part of it: that is left out", async () => {
      exporter.tenant.advance(300_000);

      expect(await exporter.backfill({ from: history.from, to: minute(35) })).toMatchObject({
        eventsRead: 12,
        eventsWritten: 12,
        caughtUp: true,
      });
      expect(await exporter.run()).toMatchObject({ eventsWritten: 2 });
      expect(await exporter.differences()).toEqual([]);
    });

    it("because an event with a time in its range arrives late: the live export writes that", async () => {
      exporter.tenant.advance(300_000);
      const late = exporter.tenant.events().at(-1);
      exporter.tamper(late?.id ?? 0, { event_timestamp: minute(15) });

      expect(await exporter.backfill(history)).toMatchObject({ eventsRead: 12, eventsWritten: 12 });
      expect(await exporter.run()).toMatchObject({ eventsWritten: 2 });
    });

    it("while the range gets a late event during the backfill: the live export writes that", async () => {
      await exporter.backfill(history, { limits: { pageSize: 3, windowEvents: 3, maxEvents: 3 } });
      exporter.tenant.advance(300_000);
      const late = exporter.tenant.events().at(-1);
      exporter.tamper(late?.id ?? 0, { event_timestamp: minute(25) });

      expect(await exporter.backfill(history)).toMatchObject({
        eventsRead: 9,
        eventsWritten: 9,
        caughtUp: true,
      });
      expect(await exporter.run()).toMatchObject({ eventsWritten: 2 });
      expect(await exporter.backfill(history)).toMatchObject({ eventsRead: 0, caughtUp: true });
    });

    it("beside another one", async () => {
      await exporter.backfill({ from: history.from, to: minute(15) });
      await exporter.backfill({ from: minute(15), to: history.to });

      expect(await exporter.differences()).toEqual([]);
    });

    it("because of another one that was refused", async () => {
      exporter.tenant.advance(300_000);
      await expect(exporter.backfill({ from: minute(30), to: minute(35) })).rejects.toThrow("live export");
      await exporter.run();

      expect(await exporter.backfill(history)).toMatchObject({ eventsWritten: 12 });
      expect(await exporter.differences()).toEqual([]);
    });

    it("again once it has begun, although the live export was moved into its range meanwhile", async () => {
      await exporter.backfill(history, { limits: { pageSize: 3, windowEvents: 3, maxEvents: 3 } });
      await moveCursor(0);

      expect(await exporter.backfill(history)).toMatchObject({ eventsWritten: 9, caughtUp: true });
    });

    it("where the live export's cursor was moved over its events by hand", async () => {
      exporter.tenant.advance(300_000);
      await exporter.run();
      const left = { from: minute(35), to: minute(40) };
      exporter.tenant.advance(300_000);
      await moveCursor((exporter.tenant.events().at(-1)?.id ?? 0) + 1);
      exporter.tenant.advance(300_000);
      await exporter.run();

      expect(await exporter.backfill(left)).toMatchObject({ eventsWritten: 2 });
      expect(await exporter.backfill(history)).toMatchObject({ eventsWritten: 12 });
      expect(await exporter.differences()).toEqual([]);
      await expect(exporter.backfill({ from: minute(40), to: minute(45) })).rejects.toThrow("live export");
    });
  });

  /** As `vectra-cdr checkpoint set` does. */
  async function moveCursor(to: number): Promise<void> {
    const checkpoint = exporter.checkpoint("operator");
    const state = await checkpoint.acquire(Date.now(), Date.now() + 60_000);
    if (state === undefined) {
      throw new Error("Another run holds the lease");
    }
    const from = state.nextFrom ?? null;
    await checkpoint.move({ at: new Date().toISOString(), by: "operator", reason: "test", from, to }, state);
    await checkpoint.release();
  }
});
