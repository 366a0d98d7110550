import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventsApiName } from "../../../../facts/options/exporter-tenant.js";
import { OperatorCheckpoint } from "../../../../functions/security-lake-exporter/state/operator-checkpoint.js";
import { STATE_TABLES, type StateTables, startStateTables } from "../state/state-tables.js";
import { exporterOf, type LogTenant, scored, settingsOf, startLogTenant, TERMS } from "./log-tenant.js";
import { MemoryLake } from "./memory-lake.js";

const HOUR = 3_600_000;
/** The newest event of v3.3 is an hour before. */
const NOW = Date.parse("2026-02-02T11:00:00Z");
const NOTE = { at: "2026-02-02T11:00:00.000Z", by: "operator", reason: "test" };

/** Accounts tell the events apart: both versions give those of accounts 1 to 3, under other ids. */
const V33 = [
  scored(901, 1, "2026-01-31T08:00:00Z"),
  scored(902, 2, "2026-02-02T09:00:00Z"),
  scored(903, 3, "2026-02-02T10:00:00Z"),
];
const V34 = [
  scored(10, 1, "2026-01-31T08:00:00Z"),
  // A day before the newest event, and a moment earlier.
  scored(11, 11, "2026-02-01T09:59:59Z"),
  scored(12, 12, "2026-02-01T10:00:00Z"),
  scored(13, 2, "2026-02-02T09:00:00Z"),
  scored(14, 3, "2026-02-02T10:00:00Z"),
  scored(15, 15, "2026-02-02T10:30:00Z"),
];

let tables: StateTables;
let tenant: LogTenant;
let lake: MemoryLake;
beforeAll(async () => {
  tables = await startStateTables();
});
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  tenant = await startLogTenant({ "v3.3": [...V33], "v3.4": [...V34] });
  lake = new MemoryLake();
});
afterEach(async () => {
  vi.useRealTimers();
  await tenant.close();
});
afterAll(() => tables.close());

describe.each(STATE_TABLES)("an export in %s that continues with another version of the API", (place) => {
  function fresh() {
    const { table, pk } = tables.fresh(place);
    const name = pk.replace("#v3.4", "");
    const run = (api: EventsApiName, others: object = {}, limits: object = {}) =>
      exporterOf(table, lake).exportNewEvents(settingsOf(tenant, { name, api, ...others }), {
        ...TERMS,
        limits,
      });
    const home = { table, pk: `${name}#v3.3` };
    const checkpoint = async () => (await table.read(home.pk, ["checkpoint"]))[0]?.attributes;
    const set = (attributes: Readonly<Record<string, string | number>>, remove: string[] = []) =>
      table.update({ pk: home.pk, sk: "checkpoint" }, { set: attributes, remove });
    /** As an operator's command does. */
    const operate = async (work: (lease: OperatorCheckpoint, state: never) => Promise<unknown>) => {
      const lease = new OperatorCheckpoint(home, "operator");
      await work(lease, (await lease.acquire(Date.now(), Date.now() + 60_000)) as never);
      await lease.release();
    };
    return { table, name, run, checkpoint, set, operate };
  }
  const accounts = async () =>
    (await lake.records()).map(({ account }) => Number(account)).toSorted((a, b) => a - b);

  it("begins a day before its newest event, leaves out what it has written, and writes what it has not", async () => {
    const { run, checkpoint } = fresh();
    await run("v3.3");
    tenant.asked();

    expect(await run("v3.4")).toMatchObject({
      eventsRead: 2,
      eventsWritten: 2,
      checkpoint: 6,
      caughtUp: true,
    });

    expect(await accounts()).toEqual([1, 2, 3, 12, 15]);
    const pages = tenant.server.requests.filter(({ what }) => what.includes("v3.4/events"));
    expect(pages.map(({ query }) => query.get("event_timestamp_gte"))).toEqual([
      null,
      "2026-02-01T10:00:00Z",
    ]);
    expect(await checkpoint()).toMatchObject({ api: "v3.4", next_from: 6, cursors: { "v3.3": 3 } });
    expect(await checkpoint()).not.toHaveProperty("overlap");
  });

  it("begins a day before its last success, where that was earlier", async () => {
    const { run, set } = fresh();
    await run("v3.3");
    await set({ last_success_at: "2026-02-02T09:59:59.000Z" });

    await run("v3.4");

    expect(await accounts()).toEqual([1, 2, 3, 11, 12, 15]);
  });

  it("is not moved by an event from the future, which is written once", async () => {
    const { run, checkpoint } = fresh();
    tenant.logs["v3.3"]?.push(scored(904, 4, "2099-01-01T00:00:00Z"));
    tenant.logs["v3.4"]?.push(scored(16, 4, "2099-01-01T00:00:00Z"));
    await run("v3.3");

    await run("v3.4");

    expect(await accounts()).toEqual([1, 2, 3, 4, 12, 15]);
    expect(await checkpoint()).toMatchObject({ newest_event_time: Date.parse("2026-02-02T10:30:00Z") });
  });

  it("that began with new events only and never succeeded begins at the time of that beginning", async () => {
    const { run, name, checkpoint } = fresh();
    tenant.onPage = () => ({ events: [{}], next: 0, remaining: 1 });
    await expect(run("v3.3", { start: "latest" })).rejects.toThrow("does not advance");
    expect(await checkpoint()).toMatchObject({ next_from: 0, since: NOW });
    tenant.onPage = (page) => page;
    vi.setSystemTime(NOW + HOUR);
    tenant.logs["v3.4"]?.push(scored(16, 16, "2026-02-02T11:30:00Z"));

    expect(await run("v3.4", { start: "latest" })).toMatchObject({ tenant: name, eventsWritten: 1 });
    expect(await accounts()).toEqual([16]);
  });

  it("writes each of two events that every version says alike, also in two windows of two runs", async () => {
    const { run } = fresh();
    await run("v3.3");
    tenant.logs["v3.4"]?.push(scored(16, 16, "2026-02-02T10:40:00Z"), scored(17, 16, "2026-02-02T10:40:00Z"));

    expect(await run("v3.4", {}, { maxEvents: 3 })).toMatchObject({ eventsWritten: 3 });
    expect(await run("v3.4")).toMatchObject({ eventsWritten: 1 });
    expect((await accounts()).filter((account) => account === 16)).toHaveLength(2);
  });

  it("goes back and forth: each version continues at its own cursor", async () => {
    const { run, checkpoint } = fresh();
    await run("v3.3");
    await run("v3.4");
    tenant.logs["v3.3"]?.push(
      scored(905, 15, "2026-02-02T10:30:00Z"),
      scored(906, 6, "2026-02-02T10:45:00Z"),
    );
    tenant.asked();

    expect(await run("v3.3")).toMatchObject({ eventsRead: 1, eventsWritten: 1 });
    expect(tenant.asked()).toEqual(["v3.3 from=999999999999", "v3.3 from=3"]);
    tenant.logs["v3.4"]?.push(scored(17, 6, "2026-02-02T10:45:00Z"), scored(18, 7, "2026-02-02T10:50:00Z"));
    expect(await run("v3.4")).toMatchObject({ eventsRead: 1, eventsWritten: 1 });
    expect(tenant.asked()).toEqual(["v3.4 from=999999999999", "v3.4 from=6"]);

    expect(await accounts()).toEqual([1, 2, 3, 6, 7, 12, 15]);
    expect(await checkpoint()).toMatchObject({
      api: "v3.4",
      cursors: { "v3.3": 5, "v3.4": 6 },
      next_from: 8,
    });
  });

  it("to a version without a time range reads from 0, and leaves out by time", async () => {
    const { table, pk } = tables.fresh(place);
    const name = pk.replace("#v3.4", "");
    const run = (api: EventsApiName) =>
      exporterOf(table, lake).exportNewEvents(settingsOf(tenant, { name, api }), TERMS);
    tenant.logs["v3.3"]?.unshift(
      scored(899, 11, "2026-02-01T09:59:59Z"),
      scored(900, 20, "2026-02-01T10:29:59Z"),
    );
    tenant.logs["v3.3"]?.push(scored(904, 21, "2026-02-01T10:30:00Z"));
    await run("v3.4");
    tenant.asked();

    expect(await run("v3.3")).toMatchObject({ eventsRead: 1, eventsWritten: 1 });

    expect(tenant.asked()).toEqual(["v3.3 from=999999999999", "v3.3 from=0"]);
    expect(await accounts()).toEqual([1, 2, 3, 11, 12, 15, 21]);
  });

  it("is through with the overlap at the newest cursor of the change: what comes later is new, whatever its time", async () => {
    const { run, checkpoint } = fresh();
    await run("v3.3");
    await run("v3.4");
    tenant.logs["v3.4"]?.push(scored(16, 1, "2026-01-31T08:00:00Z"));

    expect(await run("v3.4")).toMatchObject({ eventsRead: 1, eventsWritten: 1 });

    expect(await checkpoint()).not.toHaveProperty("overlap");
    expect(await accounts()).toEqual([1, 1, 2, 3, 12, 15]);
  });

  it("first finishes what the version before has prepared, without asking it", async () => {
    const { run, checkpoint } = fresh();
    lake.onPut = () => {
      throw new Error("the lake is down");
    };
    await expect(run("v3.3")).rejects.toThrow("the lake is down");
    lake.onPut = () => undefined;
    // The tenant no longer serves it.
    delete tenant.logs["v3.3"];
    tenant.asked();

    expect(await run("v3.4")).toMatchObject({ eventsWritten: 5 });

    expect(await accounts()).toEqual([1, 2, 3, 12, 15]);
    expect(tenant.asked()).toEqual(["v3.4 from=999999999999", "v3.4 from=0"]);
    expect(lake.keys.filter((key) => key.includes("v3.3-0-3"))).toHaveLength(2);
    expect(await checkpoint()).toMatchObject({ cursors: { "v3.3": 3 }, intent: null });
  });

  it.each([
    ["beginning", [1, 2, 3, 11, 12, 15]],
    ["latest", []],
  ] as const)("before anything was exported begins at the %s", async (start, written) => {
    const { run, set } = fresh();
    // A run that stored its beginning and died.
    await set({ next_from: 0, first_from: 0, state_version: 2, api: "v3.3", origin: tenant.server.url });

    await run("v3.4", { start });

    expect(await accounts()).toEqual(written);
  });

  describe("from a state of an older release, which does not know what it has written", () => {
    const REFUSAL =
      "continues with v3.4 of the events API, but which events it has written since 2026-02-01T10:00:00.000Z with v3.3 is not known. " +
      "Nothing was written. Choose from when on events are written: " +
      'vectra-cdr checkpoint overlap --since <time> --reason "<why>". Earlier events are left out. Of the later ones, those that v3.3 has ' +
      "written are left out only if their keys are known, and are otherwise in the lake twice.";
    const OLD = {
      first_from: 0,
      next_from: 3,
      last_keys: '["901","902","903"]',
      newest_event_time: Date.parse("2026-02-02T10:00:00Z"),
      last_success_at: "2026-02-02T10:30:00.000Z",
    };

    it("is refused, with a choice", async () => {
      const { run, set, name } = fresh();
      await set(OLD);

      await expect(run("v3.4")).rejects.toThrow(`The export of ${name} ${REFUSAL}`);
      await expect(run("v3.4")).rejects.toThrow(REFUSAL);

      expect(lake.keys).toEqual([]);
    });

    it("begins at the time that an operator has chosen", async () => {
      const { run, set, operate, checkpoint } = fresh();
      await set(OLD);
      await expect(run("v3.4")).rejects.toThrow(REFUSAL);

      await operate((lease, state) => lease.chooseOverlap(Date.parse("2026-02-02T09:30:00Z"), NOTE, state));
      await run("v3.4");

      // That of account 3 is written again: nothing shows that it has been.
      expect(await accounts()).toEqual([3, 15]);
      expect(await checkpoint()).toMatchObject({
        api: "v3.4",
        moves: expect.stringContaining('"reason":"test"'),
      });
      expect(await checkpoint()).not.toHaveProperty("api_change_since");
    });

    it("goes on once the version before has run for a day", async () => {
      const { run, set } = fresh();
      await set(OLD);
      await run("v3.3");
      tenant.logs["v3.3"]?.push(scored(904, 4, "2026-02-03T11:30:00Z"));
      tenant.logs["v3.4"]?.push(scored(16, 4, "2026-02-03T11:30:00Z"));
      vi.setSystemTime(NOW + 25 * HOUR);
      await run("v3.3");

      expect(await run("v3.4")).toMatchObject({ outcome: "exported", caughtUp: true });

      expect(await accounts()).toEqual([4]);
    });
  });

  it("lets no backfill begin, which could not tell what the version before has written", async () => {
    const { run, table, name } = fresh();
    await run("v3.3");
    await run("v3.4");
    const request = {
      range: { from: "2026-02-01T00:00:00Z", to: "2026-02-02T00:00:00Z" },
      allowOverlap: false,
      estimate: false,
    };

    await expect(
      exporterOf(table, lake).backfill(settingsOf(tenant, { name }), request, TERMS),
    ).rejects.toThrow(`The live export of ${name} has used v3.3 of the events API before`);
  });
});

describe.each(STATE_TABLES)("an export in %s from another address", (place) => {
  const OTHER = "https://other.example";

  it("is refused before anything is asked, and goes on once it is adopted", async () => {
    const { table, pk } = tables.fresh(place);
    const name = pk.replace("#v3.4", "");
    const exporter = exporterOf(table, lake);
    await exporter.exportNewEvents(settingsOf(tenant, { name }), TERMS);
    const asked = tenant.server.requests.length;
    await table.update({ pk, sk: "checkpoint" }, { set: { origin: OTHER } });
    const refusal =
      `The export of ${name} is from ${OTHER}, whose cursor says nothing about the events of ${tenant.server.url}. Nothing was read. If it is ` +
      `the same tenant at a new address: vectra-cdr checkpoint adopt --reason "<why>" (for a folder, add --url ${tenant.server.url}). Otherwise ` +
      "give the other tenant another name.";
    const request = {
      range: { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" },
      allowOverlap: true,
      estimate: false,
    };

    await expect(exporter.exportNewEvents(settingsOf(tenant, { name }), TERMS)).rejects.toThrow(refusal);
    await expect(exporter.redrive(settingsOf(tenant, { name }), TERMS)).rejects.toThrow(refusal);
    await expect(exporter.backfill(settingsOf(tenant, { name }), request, TERMS)).rejects.toThrow(refusal);
    expect(tenant.server.requests).toHaveLength(asked);

    const operator = new OperatorCheckpoint({ table, pk }, "operator");
    const state = await operator.acquire(Date.now(), Date.now() + 60_000);
    await operator.adopt(tenant.server.url, NOTE, state as never);
    await operator.release();
    tenant.logs["v3.4"]?.push(scored(16, 16, "2026-02-02T10:45:00Z"));
    // The path of an address says nothing.
    const settings = settingsOf(tenant, { name, url: `${tenant.server.url}/` });
    expect(await exporter.exportNewEvents(settings, TERMS)).toMatchObject({ eventsWritten: 1 });
    const [item] = await table.read(pk, ["checkpoint"]);
    expect(JSON.parse(String(item?.attributes["moves"]))).toEqual([{ ...NOTE, from: 6, to: 6 }]);
  });
});
