import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";

let exporter: ExporterUnderTest;
beforeEach(async () => {
  exporter = await startExporter();
});
afterEach(async () => {
  vi.useRealTimers();
  await exporter.close();
});

async function quarantined() {
  const items = await exporter.aws.items();
  return items.filter(({ sk }) => String(sk).startsWith("quarantine#"));
}

describe("quarantine", () => {
  it("takes an event of another shape, with reason and retention, and lets the rest pass", async () => {
    const [first, second] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    exporter.tamper(second?.id ?? 0, { event_timestamp: "yesterday" });

    const result = await exporter.run();

    expect(result).toMatchObject({ eventsRead: 36, eventsWritten: 34, eventsQuarantined: 2, caughtUp: true });
    const items = await quarantined();
    expect(items).toEqual([
      expect.objectContaining({
        pk: "acme#v3.4",
        sk: `quarantine#0000000000000000#${first?.id}`,
        event_key: String(first?.id),
        reason: "event.entity_id: Invalid input: expected number, received string",
        truncated: false,
      }),
      expect.objectContaining({
        sk: `quarantine#0000000000000000#${second?.id}`,
        reason: "event.event_timestamp: Invalid ISO datetime",
      }),
    ]);
    expect(JSON.parse(String(items[0]?.["event"]))).toMatchObject({ id: first?.id, entity_id: "eight" });
    const days = (Number(items[0]?.["expires_at"]) * 1000 - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(90);
  });

  it("takes an event whose record would violate its profile", async () => {
    const [first] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { event_timestamp: "0001-01-01T00:00:00Z" });

    expect(await exporter.run()).toMatchObject({ eventsWritten: 35, eventsQuarantined: 1 });
    expect(await quarantined()).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(/^vectra: time /) }),
    ]);
  });

  it("takes an event of the year 9999, which does not count as the newest; nor does one of 2099, which is exported", async () => {
    const [first, second, ...others] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { event_timestamp: "9999-12-31T23:59:59Z" });
    exporter.tamper(second?.id ?? 0, { event_timestamp: "2099-12-31T23:59:59Z" });
    const newestEventTime = Math.max(...others.map((event) => Date.parse(event.event_timestamp)));

    expect(await exporter.run()).toMatchObject({ eventsQuarantined: 1, newestEventTime });
    expect(await exporter.storedCheckpoint()).toMatchObject({ newest_event_time: newestEventTime });
  });

  it("knows an event without an id by its contents", async () => {
    const [first] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { id: undefined });

    expect(await exporter.run()).toMatchObject({ eventsRead: 36, eventsQuarantined: 1 });
    expect((await quarantined())[0]?.["event_key"]).toMatch(/^[0-9a-f]{32}$/);
  });

  it("leaves alone an event that the next run reads again, because the cursor was moved back", async () => {
    const [first, second] = exporter.tenant.events().map((event) => ({ ...event }));
    exporter.tamper(second?.id ?? 0, { entity_id: "nine" });
    const { checkpoint } = await exporter.run();
    await exporter.fixAll();
    const move = async (to: number) => {
      const lease = exporter.checkpoint("operator");
      const state = await lease.acquire(0, 0);
      const at = new Date().toISOString();
      await lease.move(
        { at, by: "operator", reason: "test", from: state?.nextFrom ?? null, to },
        state as never,
      );
      await lease.release();
    };

    // Into the window of the event, before it.
    await move((first?.id ?? 0) + 1);
    expect(await exporter.redrive()).toMatchObject({ redriven: 0, remaining: [{ key: String(second?.id) }] });

    // Behind it: it is not read again.
    await move(checkpoint ?? 0);
    expect(await exporter.redrive()).toMatchObject({ redriven: 1, remaining: [] });
    expect(await exporter.differences()).toEqual([]);
  });

  it("is redriven once the event can be exported, and then is empty", async () => {
    const [first, second] = exporter.tenant.events().map((event) => ({ ...event }));
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    exporter.tamper(second?.id ?? 0, { entity_id: "nine" });
    await exporter.run();
    await exporter.fixQuarantined(String(first?.id), { entity_id: first?.entity_id });

    const result = await exporter.redrive();

    expect(result).toMatchObject({
      redriven: 1,
      remaining: [{ key: String(second?.id), reason: expect.stringContaining("event.entity_id") }],
    });
    expect(result.objects[0]?.key).toMatch(/\/vectra-acme-v3\.4-redrive-[0-9a-f]{16}\.zstd\.parquet$/);
    expect(await exporter.accounting()).toEqual({
      events: 36,
      written: 35,
      quarantined: 1,
      differences: [],
      wrongDirections: [],
    });
  });

  it("redriven after a crash between upload and release does not double the event", async () => {
    const [first] = exporter.tenant.events().map((event) => ({ ...event }));
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    await exporter.run();
    await exporter.fixQuarantined(String(first?.id), { entity_id: first?.entity_id });
    exporter.onCall((operation) =>
      operation === "TransactWriteItems" ? { status: 400, code: "Crash" } : "pass",
    );
    await expect(exporter.redrive()).rejects.toThrow();
    exporter.onCall(() => "pass");

    await exporter.redrive();

    expect(await exporter.differences()).toEqual([]);
    expect(await quarantined()).toEqual([]);
  });

  it("holds an event of a repeated window as it was prepared, and lets go of it when it is redriven", async () => {
    const [first] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    // The crash comes when the window's scores are stored: the quarantine holds the event by then.
    let held = false;
    exporter.onCall(async (operation) => {
      if (operation === "UpdateItem" && !held) {
        held = (await quarantined()).length > 0;
      }
      return held ? { status: 400, code: "Crash" } : "pass";
    });
    await expect(exporter.run()).rejects.toThrow();
    exporter.onCall(() => "pass");
    expect(await quarantined()).toHaveLength(1);
    exporter.untamper();
    await exporter.endLease();

    expect(await exporter.run()).toMatchObject({ eventsWritten: 35, eventsQuarantined: 1 });
    expect(await quarantined()).toHaveLength(1);
    await exporter.fixQuarantined(String(first?.id), { entity_id: first?.entity_id });
    expect(await exporter.redrive()).toMatchObject({ redriven: 1, remaining: [] });
    expect(await quarantined()).toEqual([]);
    expect(await exporter.differences()).toEqual([]);
  });

  it("is redriven after the unfinished window of its event, which the redrive completes first", async () => {
    const [first] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    // GIVEN a run that died after it held the event, before its window was complete
    exporter.onCall(async (operation) =>
      operation === "UpdateItem" && (await quarantined()).length > 0
        ? { status: 400, code: "Crash" }
        : "pass",
    );
    await expect(exporter.run()).rejects.toThrow();
    exporter.onCall(() => "pass");
    await exporter.endLease();

    // WHEN the quarantine is redriven before the next run
    const redriven = await exporter.redrive();

    // THEN the window is complete, and the event still in quarantine
    expect(redriven).toMatchObject({
      redriven: 0,
      filtered: 0,
      remaining: [{ key: String(first?.id), reason: expect.stringContaining("event.entity_id") }],
    });
    expect(await exporter.rows()).toHaveLength(35);
    expect(await exporter.storedCheckpoint()).toMatchObject({
      next_from: (exporter.tenant.events().at(-1)?.id ?? 0) + 1,
      intent: null,
    });
    // and a new version of the function, which can export it, writes it once
    await exporter.fixAll();
    expect(await exporter.redrive()).toMatchObject({ redriven: 1, remaining: [] });
    expect(await exporter.run()).toMatchObject({ eventsRead: 0 });
    expect(await exporter.accounting()).toEqual({
      events: 36,
      written: 36,
      quarantined: 0,
      differences: [],
      wrongDirections: [],
    });
  });

  it("leaves alone an event of a backfill whose window is unfinished", async () => {
    const range = await exporter.restart("globex", 900_000);
    const [first] = exporter.tenant.events().slice(-36);
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    exporter.onCall(async (operation) =>
      operation === "UpdateItem" && (await quarantined()).length > 0
        ? { status: 400, code: "Crash" }
        : "pass",
    );
    await expect(exporter.backfill(range)).rejects.toThrow();
    exporter.onCall(() => "pass");

    expect(await exporter.redrive()).toMatchObject({ redriven: 0 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });
    await exporter.backfill(range);
    await exporter.fixAll();
    expect(await exporter.redrive()).toMatchObject({ redriven: 1, remaining: [] });

    expect(await exporter.accounting()).toEqual({
      events: 36,
      written: 36,
      quarantined: 0,
      differences: [],
      wrongDirections: [],
    });
  });

  it("is redriven for a backfill that is complete", async () => {
    const range = await exporter.restart("globex", 900_000);
    const [first] = exporter.tenant.events().slice(-36);
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    await exporter.backfill(range);
    expect((await quarantined()).map(({ sk }) => sk)).toEqual([
      `quarantine#backfill-${compact(range.from)}-${compact(range.to)}#0000000000000000#${first?.id}`,
    ]);
    await exporter.fixAll();

    expect(await exporter.redrive()).toMatchObject({ redriven: 1, remaining: [] });
    expect(await exporter.accounting()).toEqual({
      events: 36,
      written: 36,
      quarantined: 0,
      differences: [],
      wrongDirections: [],
    });
  });

  it("has room for every event: of one that is too long, its beginning", async () => {
    const [first] = exporter.tenant.events();
    // Three bytes each in UTF-8; an item has room for 400 KB.
    exporter.tamper(first?.id ?? 0, { category: "€".repeat(200_000) });

    expect(await exporter.run()).toMatchObject({ eventsWritten: 35, eventsQuarantined: 1 });
    const [item] = await quarantined();
    expect(item).toMatchObject({ truncated: true, event_key: String(first?.id) });
    expect(String(item?.["event"])).toMatch(/^\{"id":\d+,.*€€/);
    expect(Buffer.byteLength(String(item?.["event"]))).toBeLessThan(300_010);
  });

  it("holds an event that is nested too deeply for JSON, without what is nested too deeply", async () => {
    const [first] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { entity_id: nested(120) });

    await exporter.run();

    const [item] = await quarantined();
    const { entity_id } = JSON.parse(String(item?.["event"]));
    // The event itself is a level too.
    expect(JSON.stringify(entity_id)).toBe(`${"[".repeat(99)}"(nested too deeply)"${"]".repeat(99)}`);
  });

  it("is not put through while a run holds the lease", async () => {
    await exporter.checkpoint("another run").acquire(Date.now(), Date.now() + 60_000);

    await expect(exporter.redrive()).rejects.toThrow(/A run holds the lease of acme/);
  });
});

function compact(time: string): string {
  return time.replaceAll(/[-:]/g, "");
}

function nested(levels: number): unknown {
  let json: unknown = 1;
  for (let level = 0; level < levels; level += 1) {
    json = [json];
  }
  return json;
}
