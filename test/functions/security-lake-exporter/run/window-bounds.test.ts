import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Exporter } from "../../../../functions/security-lake-exporter/exporter.js";
import { prepared } from "../../../../functions/security-lake-exporter/run/next-window.js";
import type { RunContext } from "../../../../functions/security-lake-exporter/run/run-context.js";
import type { Tenant } from "../../../../functions/security-lake-exporter/settings.js";
import { checkpointStateOf } from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";
import { OperatorCheckpoint } from "../../../../functions/security-lake-exporter/state/operator-checkpoint.js";
import { readEvent } from "../../../../functions/security-lake-exporter/vectra/read-event.js";
import { rowsOf } from "../parquet/parquet-reading.js";
import { STATE_TABLES, type StateTables, startStateTables } from "../state/state-tables.js";
import { exporterOf, type LogTenant, scored, settingsOf, startLogTenant, TERMS } from "./log-tenant.js";
import { MemoryLake } from "./memory-lake.js";

const FOUR_MB = 4_000_000;
const TIMES = Array.from({ length: 9 }, (_, index) => `2026-02-01T12:0${index}:00Z`);

let tables: StateTables;
let tenant: LogTenant;
let lake: MemoryLake;
beforeAll(async () => {
  tables = await startStateTables();
});
beforeEach(async () => {
  tenant = await startLogTenant({ "v3.4": TIMES.map((time, index) => scored(index, index + 1, time)) });
  lake = new MemoryLake();
});
afterEach(() => tenant.close());
afterAll(() => tables.close());

/** Text that does not become shorter in a lake. */
function noise(bytes: number, begin = 1): string {
  let seed = begin;
  const text = Buffer.alloc(bytes);
  for (let index = 0; index < bytes; index += 1) {
    seed = (seed * 48_271) % 2_147_483_647;
    const code = 33 + (seed % 90);
    // Neither of the two that JSON escapes.
    text[index] = code === 34 || code === 92 ? 120 : code;
  }
  return text.toString("latin1");
}

/** An exporter that lets a single step of a run be made. */
class OpenedExporter extends Exporter {
  async context(settings: Tenant): Promise<RunContext> {
    return await this.contextOf(settings, TERMS);
  }
}

/** Only the strict profiles keep the event itself. */
const WITH_RAW_DATA = { profile: "detection-finding-1.3", rawData: true };

/** Ids of the events of all objects. */
async function idsInLake(): Promise<string[]> {
  const rows = await Promise.all([...lake.objects.values()].map(({ body }) => rowsOf(body)));
  return (rows.flat() as { readonly metadata: { readonly uid: string } }[]).map(
    ({ metadata }) => metadata.uid,
  );
}

/** `3-6` for the window of an object. */
const windows = () => lake.keys.map((key) => /v3\.4-(\d+-\d+)\./.exec(key)?.[1]);

describe.each(STATE_TABLES)("a window in %s", (place) => {
  function fresh() {
    const { table, pk } = tables.fresh(place);
    const name = pk.replace("#v3.4", "");
    const run = (settings: object = {}, limits: object = {}) =>
      exporterOf(table, lake).exportNewEvents(settingsOf(tenant, { name, ...settings }), {
        ...TERMS,
        limits,
      });
    return { table, pk, name, run };
  }

  it("whose work is more than 4 MB is written as several, each of which is less", async () => {
    const { run } = fresh();
    tenant.logs["v3.4"] = TIMES.slice(0, 5).map((time, index) => ({
      ...scored(index, index + 1, time),
      unknown_field: noise(1_200_000),
    }));

    const result = await run(WITH_RAW_DATA);

    expect(result).toMatchObject({ eventsRead: 5, eventsWritten: 5, eventsQuarantined: 0, caughtUp: true });
    expect(windows().length).toBeGreaterThan(1);
    for (const { body } of lake.objects.values()) {
      expect(body.byteLength).toBeLessThan(FOUR_MB);
    }
    expect(await idsInLake()).toEqual(["0", "1", "2", "3", "4"]);
  });

  it("whose work is more than 4 MB is read again once: the next ones are as small from the beginning", async () => {
    const { run } = fresh();
    tenant.logs["v3.4"] = TIMES.map((time, index) => ({
      ...scored(index, index + 1, time),
      unknown_field: noise(1_300_000, index + 1),
    }));

    const result = await run(WITH_RAW_DATA);

    expect(result).toMatchObject({ eventsRead: 9, eventsWritten: 9, caughtUp: true });
    expect(windows()).toEqual(["0-3", "3-6", "6-9"]);
    // What is asked for before are pages that are too long.
    expect(tenant.asked().slice(-6)).toEqual([
      ...["v3.4 from=0", "v3.4 from=3", "v3.4 from=6"],
      ...["v3.4 from=0", "v3.4 from=3", "v3.4 from=6"],
    ]);
  });

  it("whose work is more than 4 MB is written whole where the tenant ignores the limit of a page", async () => {
    const { run } = fresh();
    // Each becomes an object of its own.
    const log = Array.from({ length: 800 }, (_, index) => ({
      ...scored(index, index + 1, "2026-02-01T12:00:00Z"),
      name: `AWS:${100_000_000_000 + index}/role:reader`,
    }));
    tenant.logs["v3.4"] = log;
    tenant.onPage = (page, from) => (from === 0 ? { events: log, next: 800, remaining: 0 } : page);

    const result = await run({ profile: "detection-finding-1.3", partitionBy: "event" });

    expect(result).toMatchObject({ eventsRead: 800, eventsWritten: 800, checkpoint: 800, caughtUp: true });
    expect(lake.objects.size).toBe(800);
    expect([...lake.objects.values()].reduce((sum, { body }) => sum + body.byteLength, 0)).toBeGreaterThan(
      FOUR_MB,
    );
    expect(tenant.asked()).toEqual(["v3.4 from=0", "v3.4 from=0"]);
  });

  it("with one event that alone is more goes on without it: it is in quarantine, with a reason", async () => {
    const { table, pk, name } = fresh();
    // As no page can have it: of 4 MB of text, the lake needs less.
    const unknown = Array.from({ length: 90 }, (_, index) => [`unknown_${index}`, noise(64_000, index + 1)]);
    const read = readEvent({ ...scored(7, 1, "2026-02-01T12:00:00Z"), ...Object.fromEntries(unknown) });
    if (!read.success) {
      throw read.error;
    }
    const context = await new OpenedExporter({
      table,
      lakeOf: () => lake,
      readCredentials: async () => ({ clientId: "client", clientSecret: "secret" }),
    }).context(settingsOf(tenant, { name, profile: "detection-finding-1.3" }));
    const window = {
      ...{ from: 0, to: 8, complete: true, rejected: [], newestTime: 0, isTimed: true },
      ...{ events: [read.data], keys: [{ key: "7", digest: "0", identity: "0" }] },
    };

    const ready = await prepared(window, context, checkpointStateOf({}), new AbortController().signal);

    expect(ready.work.objects).toEqual([]);
    expect(ready.work).toMatchObject({
      from: 0,
      to: 8,
      counts: { eventsRead: 1, eventsQuarantined: 1 },
      keys: { events: [{ key: "7" }] },
      quarantine: [
        {
          key: { pk, sk: "quarantine#0000000000000000#7" },
          set: {
            event_key: "7",
            truncated: true,
            reason: expect.stringMatching(
              /^event: becomes \d{7} bytes, more than the 4000000 that can be stored before they are written$/,
            ),
          },
        },
      ],
    });
    expect(ready.bytes.byteLength).toBeLessThan(400_000);
  });

  describe("that must be written again, because the state was restored,", () => {
    /** Three windows of three events; then the last two are forgotten, and the second must be written again. */
    async function restored(name: string, pk: string, table: ReturnType<typeof fresh>["table"]) {
      await exporterOf(table, lake).exportNewEvents(settingsOf(tenant, { name }), {
        ...TERMS,
        limits: { windowEvents: 3 },
      });
      expect(windows()).toEqual(["0-3", "3-6", "6-9"]);
      const operator = new OperatorCheckpoint({ table, pk }, "operator");
      const state = await operator.acquire(Date.now(), Date.now() + 60_000);
      const note = { at: "2026-02-01T13:00:00.000Z", by: "operator", reason: "restored", from: 9, to: 3 };
      await operator.move(note, state as never, 6);
      await operator.release();
      for (const key of lake.keys.filter((found) => found.includes("6-9"))) {
        lake.objects.delete(key);
      }
    }

    it.each([
      ["the usual limits", {}],
      ["smaller windows", { windowEvents: 2 }],
      ["smaller pages", { pageSize: 1 }],
      ["fewer events than it has", { maxEvents: 1 }],
    ])("is written under the same names with %s, and then the rest", async (_, limits) => {
      const { table, pk, name, run } = fresh();
      await restored(name, pk, table);

      await run({}, limits);
      await run();

      expect(windows().slice(0, 2)).toEqual(["0-3", "3-6"]);
      expect(windows().filter((window) => window?.startsWith("3-"))).toEqual(["3-6"]);
      const accounts = (await lake.records()).map(({ account }) => Number(account));
      expect(accounts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    it("does not wait for more events", async () => {
      const { table, pk, name, run } = fresh();
      await restored(name, pk, table);
      lake.objects.clear();

      const accumulate = { maxAgeSeconds: 86_400, maxEvents: 10_000 };
      await run({ accumulate });

      expect(windows()[0]).toBe("3-6");
      expect((await table.read(pk, ["checkpoint"]))[0]?.attributes).not.toHaveProperty("redo_to");
    });
  });
});
