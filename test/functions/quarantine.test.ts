import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { redriveQuarantine } from "../../functions/security-lake-exporter/redrive.js";
import { type ExporterUnderTest, startExporter } from "./exporter.js";

let exporter: ExporterUnderTest;
beforeEach(async () => {
  exporter = await startExporter();
});
afterEach(() => exporter.close());

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

  it("knows an event without an id by its contents", async () => {
    const [first] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { id: undefined });

    expect(await exporter.run()).toMatchObject({ eventsRead: 36, eventsQuarantined: 1 });
    expect((await quarantined())[0]?.["event_key"]).toMatch(/^[0-9a-f]{32}$/);
  });

  it("is put through again once the event can be exported, and then is empty", async () => {
    const [first, second] = exporter.tenant.events().map((event) => ({ ...event }));
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    exporter.tamper(second?.id ?? 0, { entity_id: "nine" });
    await exporter.run();
    await exporter.mendQuarantined(String(first?.id), { entity_id: first?.entity_id });

    const result = await redriveQuarantine(exporter.context());

    expect(result).toMatchObject({
      redriven: 1,
      remaining: [{ key: String(second?.id), reason: expect.stringContaining("event.entity_id") }],
    });
    expect(result.objects[0]?.key).toMatch(/\/vectra-acme-v3\.4-redrive-[0-9a-f]{16}\.zstd\.parquet$/);
    expect(await exporter.differences()).toEqual([`${second?.entity_id} at ${timeOf(second)}: 0 times`]);
    expect(await quarantined()).toHaveLength(1);
  });

  it("put through again after a crash between upload and release does not double the event", async () => {
    const [first] = exporter.tenant.events().map((event) => ({ ...event }));
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    await exporter.run();
    await exporter.mendQuarantined(String(first?.id), { entity_id: first?.entity_id });
    exporter.onCall((operation) => (operation === "DeleteItem" ? { status: 400, code: "Crash" } : "pass"));
    await expect(redriveQuarantine(exporter.context())).rejects.toThrow();
    exporter.onCall(() => "pass");

    await redriveQuarantine(exporter.context());

    expect(await exporter.differences()).toEqual([]);
    expect(await quarantined()).toEqual([]);
  });

  it("lets go of an event that a repeated window can export", async () => {
    const [first] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { entity_id: "eight" });
    // The crash comes when the window's scores are stored: the quarantine holds the event by then.
    let held = false;
    exporter.onCall(async (operation) => {
      if (operation === "UpdateItem" && !held) held = (await quarantined()).length > 0;
      return held ? { status: 400, code: "Crash" } : "pass";
    });
    await expect(exporter.run()).rejects.toThrow();
    exporter.onCall(() => "pass");
    expect(await quarantined()).toHaveLength(1);
    exporter.untamper();
    await exporter.endLease();

    expect(await exporter.run()).toMatchObject({ eventsWritten: 36, eventsQuarantined: 0 });
    expect(await quarantined()).toEqual([]);
    expect(await exporter.differences()).toEqual([]);
  });

  it("is not put through while a run holds the lease", async () => {
    await exporter.checkpoint("another run").acquire(Date.now(), Date.now() + 60_000);

    await expect(redriveQuarantine(exporter.context())).rejects.toThrow(/A run holds the lease of acme/);
  });
});

function timeOf(event: { event_timestamp: string } | undefined): number {
  return Date.parse(event?.event_timestamp ?? "");
}
