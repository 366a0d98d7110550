import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventsApiName } from "../../../../facts/options/exporter-tenant.js";
import {
  apiOfPartition,
  beginsElsewhere,
  homeOf,
  piecesKeyOf,
  pointHome,
} from "../../../../functions/security-lake-exporter/state/home.js";
import { exporterOf, type LogTenant, scored, settingsOf, startLogTenant, TERMS } from "../run/log-tenant.js";
import { MemoryLake } from "../run/memory-lake.js";
import { STATE_TABLES, type StateTables, startStateTables } from "./state-tables.js";

/** An hour after the newest event. */
const NOW = Date.parse("2026-02-01T13:01:00Z");

let tables: StateTables;
let tenant: LogTenant;
beforeAll(async () => {
  tables = await startStateTables();
  tenant = await startLogTenant({
    "v3.3": [scored(901, 1, "2026-02-01T12:00:00Z", 50)],
    "v3.4": [scored(10, 1, "2026-02-01T12:00:00Z", 50), scored(11, 2, "2026-02-01T12:01:00Z", 50)],
  });
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  await tenant.close();
  await tables.close();
});

it("knows version and pieces of a hash key", () => {
  expect(apiOfPartition("acme#v3.4")).toBe("v3.4");
  expect(piecesKeyOf("acme#v3.4")).toBe("acme#pieces");
});

describe.each(STATE_TABLES)("the place of a tenant's state in %s", (place) => {
  function fresh() {
    const { table, pk } = tables.fresh(place);
    const name = pk.replace("#v3.4", "");
    const tenantWith = (api: EventsApiName) => ({ name, api });
    const set = (api: string, attributes: Readonly<Record<string, string | number | null>>) =>
      table.update({ pk: `${name}#${api}`, sk: "checkpoint" }, { set: attributes });
    const at = async (api: string) => (await table.read(`${name}#${api}`, ["checkpoint"]))[0]?.attributes;
    return { table, name, tenantWith, set, at };
  }

  it("is under the configured version before the export begins", async () => {
    const { table, name, tenantWith } = fresh();

    expect(await homeOf(table, tenantWith("v3.3"))).toEqual({ pk: `${name}#v3.3`, hasBegun: false });
    expect(await table.keys(`${name}#v3.3`, "")).toEqual([]);
  });

  it("stays under the version with which the export began", async () => {
    const { table, name, tenantWith, set } = fresh();
    await set("v3.3", { next_from: 5 });

    expect(await homeOf(table, tenantWith("v3.3"))).toMatchObject({ pk: `${name}#v3.3`, hasBegun: true });
    expect(await homeOf(table, tenantWith("v3.4"))).toMatchObject({ pk: `${name}#v3.3`, hasBegun: true });
    expect(await homeOf(table, tenantWith("v3.0"))).toMatchObject({ pk: `${name}#v3.3`, hasBegun: true });
  });

  it("is the one that succeeded last, where an older release has begun with several", async () => {
    const { table, name, tenantWith, set } = fresh();
    await set("v3.1", { next_from: 5 });
    await set("v3.2", { next_from: 5, last_success_at: "2026-02-01T12:00:00.000Z" });
    await set("v3.3", { next_from: 5, last_success_at: "2026-01-01T12:00:00.000Z" });

    expect(await homeOf(table, tenantWith("v3.4"))).toMatchObject({ pk: `${name}#v3.2`, hasBegun: true });
    // Also where it has one of its own: since then another version has exported the events.
    expect(await homeOf(table, tenantWith("v3.3"))).toMatchObject({ pk: `${name}#v3.2`, hasBegun: true });
  });

  it("is not an older state under the configured version, where another version succeeded later", async () => {
    const { table, name, set, tenantWith } = fresh();
    await set("v3.3", { next_from: 100, last_success_at: "2026-01-01T00:00:00.000Z" });
    await set("v3.4", { next_from: 50, last_success_at: "2026-02-01T00:00:00.000Z", api: "v3.4" });

    expect(await homeOf(table, tenantWith("v3.3"))).toMatchObject({ pk: `${name}#v3.4`, hasBegun: true });
    expect(await homeOf(table, tenantWith("v3.4"))).toMatchObject({ pk: `${name}#v3.4`, hasBegun: true });
  });

  it("is pointed at from the configured version, in a form that older releases refuse", async () => {
    const { table, name, tenantWith, set, at } = fresh();
    await set("v3.3", { next_from: 5 });

    await pointHome(table, tenantWith("v3.4"), `${name}#v3.3`);

    // Older releases parse the intent as a map.
    expect(await at("v3.4")).toEqual({ home: `${name}#v3.3`, state_version: 2, intent: null });
    expect(await homeOf(table, tenantWith("v3.4"))).toMatchObject({ pk: `${name}#v3.3`, hasBegun: true });
    // A pointer is no export that has begun.
    expect(await homeOf(table, tenantWith("v3.3"))).toMatchObject({ pk: `${name}#v3.3`, hasBegun: true });
    expect(await beginsElsewhere(table, tenantWith("v3.3"), NOW)).toBe(false);
  });

  it("is not pointed at from a state, and neither twice nor from itself", async () => {
    const { table, name, tenantWith, set, at } = fresh();
    await set("v3.3", { next_from: 5 });
    await set("v3.4", { next_from: 7 });

    await pointHome(table, tenantWith("v3.4"), `${name}#v3.3`);
    await pointHome(table, tenantWith("v3.3"), `${name}#v3.3`);
    await pointHome(table, tenantWith("v3.2"), `${name}#v3.3`);
    await pointHome(table, tenantWith("v3.2"), `${name}#v3.4`);

    expect(await at("v3.4")).toEqual({ next_from: 7 });
    expect(await at("v3.3")).toEqual({ next_from: 5 });
    expect(await at("v3.2")).toMatchObject({ home: `${name}#v3.3` });
  });

  it.each([
    ["has begun", { next_from: 5 }, true],
    ["may be about to begin", { lease_owner: "run", lease_until: NOW + 60_000 }, true],
    ["died before it began", { lease_owner: "run", lease_until: NOW - 1 }, false],
    ["was refused", { updated_at: "2026-02-01T12:00:00.000Z" }, false],
  ])("is not begun beside another version that %s", async (_, attributes, begins) => {
    const { table, tenantWith, set } = fresh();
    await set("v3.3", attributes);

    expect(await beginsElsewhere(table, tenantWith("v3.4"), NOW)).toBe(begins);
    // Its own item does not count.
    expect(await beginsElsewhere(table, tenantWith("v3.3"), NOW)).toBe(false);
  });

  it("stays where the export began when it goes on with another version, and back", async () => {
    const { table, name, at } = fresh();
    const lake = new MemoryLake();
    const run = (api: EventsApiName) =>
      exporterOf(table, lake).exportNewEvents(settingsOf(tenant, { name, api }), TERMS);

    await run("v3.3");
    expect(await run("v3.4")).toMatchObject({ eventsWritten: 1, checkpoint: 2 });
    expect(await run("v3.3")).toMatchObject({ eventsRead: 0 });
    expect(await run("v3.4")).toMatchObject({ eventsRead: 0 });

    expect(await at("v3.4")).toEqual({ home: `${name}#v3.3`, state_version: 2, intent: null });
    expect(await at("v3.3")).toMatchObject({ api: "v3.4", next_from: 2, cursors: { "v3.3": 1, "v3.4": 2 } });
    expect(await table.keys(`${name}#v3.4`, "")).toEqual(["checkpoint"]);
    expect((await lake.records()).map(({ account, time }) => `${account} at ${time}`)).toEqual([
      "1 at 1769947200000",
      "2 at 1769947260000",
    ]);
  });

  it("is begun by neither of two versions that hold a lease at once, and by either of them later", async () => {
    const { table, name, at } = fresh();
    const lake = new MemoryLake();
    const run = (api: EventsApiName) =>
      exporterOf(table, lake).exportNewEvents(settingsOf(tenant, { name, api }), TERMS);
    await table.update(
      { pk: `${name}#v3.3`, sk: "checkpoint" },
      { set: { lease_owner: "another run", lease_until: Date.now() + 60_000 } },
    );

    await expect(run("v3.4")).rejects.toThrow(
      `Another run begins the export of ${name} with another version of the API. The next run continues with what is there then.`,
    );
    expect(lake.keys).toEqual([]);
    expect(await at("v3.4")).not.toHaveProperty("next_from");

    await table.update({ pk: `${name}#v3.3`, sk: "checkpoint" }, { remove: ["lease_owner", "lease_until"] });
    expect(await run("v3.4")).toMatchObject({ eventsWritten: 2 });
  });

  it("is begun at most once by two runs that begin at once with two versions", async () => {
    const { table, name } = fresh();
    const lake = new MemoryLake();
    const run = (api: EventsApiName) =>
      exporterOf(table, lake).exportNewEvents(settingsOf(tenant, { name, api }), TERMS);

    await Promise.allSettled([run("v3.3"), run("v3.4")]);
    await run("v3.4");

    const begun = (
      await Promise.all(["v3.3", "v3.4"].map((api) => table.read(`${name}#${api}`, ["checkpoint"])))
    )
      .flat()
      .filter(({ attributes }) => attributes["next_from"] !== undefined);
    expect(begun).toHaveLength(1);
    expect((await lake.records()).map(({ account, time }) => `${account} at ${time}`).toSorted()).toEqual([
      "1 at 1769947200000",
      "2 at 1769947260000",
    ]);
  });
});
