import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { SqliteTable } from "../../../../cli/exporters/local/sqlite-table.js";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";
import { atAHundredth, spreadOverAccounts, TROUBLES, trouble } from "../enrichment/troubled-lookups.js";

let exporter: ExporterUnderTest;
afterEach(() => exporter.close());

describe("a run whose account look-ups are in trouble", () => {
  it.each(TROUBLES)(
    "exports every event within its time where $what, and so do the next runs",
    async (story) => {
      exporter = await startExporter({ accounts: story.accounts, eventsPerTick: story.events });
      const { tenant } = exporter;
      await exporter.restart("acme");
      exporter.restartAtBeginning("acme", new SqliteTable(new DatabaseSync(":memory:")));
      await beginAt(tenant.events().at(-1)?.id ?? 0);
      tenant.advance(300_000);
      spreadOverAccounts(tenant, story);
      trouble(tenant, story);
      const container = exporter.container({ lookupLimits: atAHundredth(story.fault.kind) });
      const startedAt = performance.now();

      // The share of 240 s is 1.2 s.
      const first = await container.run();

      expect(first).toMatchObject({
        outcome: "exported",
        eventsRead: story.events,
        eventsWritten: story.events,
        eventsQuarantined: 0,
        failedLookups: story.failed,
        caughtUp: true,
      });
      const found = story.accounts - first.failedLookups - first.skippedLookups;
      if (story.failed > 0) {
        expect(found).toBe(0);
      }
      expect(first.skippedLookups).toBeGreaterThan(0);
      expect(first.eventsWithoutSeverity).toBe(story.events - found * (story.events / story.accounts));
      expect(performance.now() - startedAt).toBeLessThan(30_000);

      const later = tenant.advance(60_000).length;
      expect(await container.run()).toMatchObject({ eventsWritten: later, caughtUp: true });
      expect(await container.run()).toMatchObject({ eventsRead: 0, caughtUp: true });
    },
    60_000,
  );

  /** The story's events are those from now on. */
  async function beginAt(lastId: number): Promise<void> {
    const owner = exporter.checkpoint("begin");
    await owner.acquire(0, 0);
    await owner.begin(lastId + 1, { api: "v3.4", origin: exporter.tenant.url });
    await owner.release();
  }

  it("does not ask again for what has just failed, and asks for the others", async () => {
    const [story] = TROUBLES;
    if (story === undefined) {
      throw new Error("There is no story");
    }
    exporter = await startExporter({ accounts: 16, eventsPerTick: 24 });
    spreadOverAccounts(exporter.tenant, { ...story, events: exporter.tenant.events().length });
    exporter.tenant.faults.add({ on: "account", kind: "503", times: 1_000 });
    const container = exporter.container({ lookupLimits: { ...atAHundredth(), shareOfTime: 0.5 } });
    const first = await container.run();
    expect(first).toMatchObject({ failedLookups: 5, skippedLookups: 11 });
    exporter.tenant.faults.clear();
    exporter.tenant.advance(300_000);
    for (const [index, event] of exporter.tenant.events().slice(-24).entries()) {
      Object.assign(event, { entity_id: exporter.tenant.events()[index % 16]?.entity_id, severity: null });
    }

    const second = await container.run();

    expect(second).toMatchObject({ eventsWritten: 24, failedLookups: 0, skippedLookups: 5 });
    // Each of the five has one or two of the 24 events.
    expect(second.eventsWithoutSeverity).toBeGreaterThanOrEqual(5);
    expect(second.eventsWithoutSeverity).toBeLessThanOrEqual(10);
    expect(await container.run()).toMatchObject({ eventsRead: 0, skippedLookups: 0 });
  });

  it("counts no event that states its severity, and none that the filters leave out", async () => {
    exporter = await startExporter({ accounts: 8 });
    exporter.tenant.faults.add({ on: "account", kind: "503", times: 1_000 });
    const [first, second] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { severity: null, is_prioritized: true });
    exporter.tamper(second?.id ?? 0, { severity: null, is_prioritized: false });

    const settings = { filters: { accounts: "aws", prioritizedOnly: true } } as const;
    const result = await exporter.run({
      settings,
      lookupLimits: { ...atAHundredth(), shareOfTime: 0.5 },
    });

    expect(result.eventsWithoutSeverity).toBe(1);
    expect(result.failedLookups).toBeGreaterThan(0);
    const record = (await exporter.rows()).find(
      ({ row }) => Number(row["time"]) === Date.parse(first?.event_timestamp ?? ""),
    );
    expect(record?.row).toMatchObject({ severity: "Unknown", severity_id: 0 });
  });

  it("where assignment is required fails, and moves nothing", async () => {
    exporter = await startExporter({ accounts: 8 });
    exporter.tenant.faults.add({ on: "account", kind: "503", times: 1_000 });

    await expect(exporter.run({ settings: { assignmentRequired: true } })).rejects.toThrow(
      /accounts\/\d+ answered 503: Service temporarily unavailable/,
    );
    expect(await exporter.storedCheckpoint()).toMatchObject({ next_from: 0 });
  });
});
