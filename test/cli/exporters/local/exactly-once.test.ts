import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { FolderLake } from "../../../../cli/exporters/local/folder-lake.js";
import { LocalExporter } from "../../../../cli/exporters/local/local-exporter.js";
import { LocalState } from "../../../../cli/exporters/local/local-state.js";
import { localTenants } from "../../../../cli/exporters/local/local-tenant.js";
import type { LakeStore } from "../../../../functions/security-lake-exporter/lake/lake-store.js";
import type { StateTable } from "../../../../functions/security-lake-exporter/state/state-table.js";
import { startTenant, type Tenant } from "../../../../simulator/tenant.js";
import { rowsOf } from "../../../functions/security-lake-exporter/parquet/parquet-reading.js";
import { decorated } from "../../../functions/security-lake-exporter/state/decorated-table.js";

const FIVE_MINUTES = 300_000;
/** Longer than a lease. */
const TWO_HOURS = 7_200_000;

let tenant: Tenant;
let directory: string;

beforeAll(async () => {
  tenant = await startTenant({
    seed: 11,
    clientId: "client",
    clientSecret: "secret",
    startTime: new Date("2026-01-31T23:55:00Z"),
    accounts: 3,
    eventsPerTick: 3,
  });
  directory = mkdtempSync(join(tmpdir(), "once "));
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await tenant.close();
  rmSync(directory, { recursive: true });
});

interface Places {
  readonly table: StateTable;
  readonly lake: LakeStore;
}

/**
 * A table and a lake that fail as they do for a process that is killed: from call `fatal` on nothing has an effect.
 * (To be killed after the call before it leaves the very same behind.)
 */
function mortal({ table, lake }: Places, fatal: number): Places {
  let calls = 0;
  async function call<Result>(effect: () => Promise<Result>): Promise<Result> {
    if (calls++ >= fatal) {
      throw new Error("killed");
    }
    return await effect();
  }
  return {
    table: decorated(table, call),
    lake: { location: lake.location, put: (object) => call(() => lake.put(object)) },
  };
}

async function exporterOver({ table, lake }: Places): Promise<LocalExporter> {
  return new LocalExporter({
    tenants: await localTenants(new Map(), { url: tenant.url, tenant: "acme", start: "latest" }),
    table,
    lakeOf: () => lake,
    readCredentials: async () => ({ clientId: "client", clientSecret: "secret" }),
  });
}

/** Run after run, until there are no more events. */
async function exportAll(exporter: LocalExporter): Promise<void> {
  for (let caughtUp = false; !caughtUp; ) {
    ({ caughtUp } = await exporter.exportOnce("acme"));
  }
}

/** Account and time of each record, sorted. */
async function recordsIn(folder: string): Promise<string[]> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const rows = await Promise.all(
    paths
      .filter((path) => path.endsWith(".parquet"))
      .map((path) => rowsOf(readFileSync(join(folder, path))) as Promise<Row[]>),
  );
  return rows
    .flat()
    .map(({ finding, time }) => `${finding.uid} at ${time}`)
    .sort();
}

interface Row {
  readonly finding: { readonly uid: string };
  readonly time: bigint;
}

/** Account and time of each event since then, sorted. */
function eventsSince(count: number): string[] {
  return tenant
    .events()
    .slice(count)
    .map(({ entity_id, event_timestamp }) => `${entity_id} at ${Date.parse(event_timestamp)}`)
    .sort();
}

/**
 * A new folder, whose export begins now; six events come, a run is killed at a call, three more events come, and the
 * next run continues once the lease has ended.
 *
 * @returns whether the first run was killed before it was through.
 */
async function story(fatal: number): Promise<boolean> {
  const folder = join(directory, String(fatal));
  mkdirSync(folder);
  const state = LocalState.copyOf(undefined);
  const living = { table: state.table, lake: new FolderLake(folder, "local") };
  const before = tenant.events().length;
  await exportAll(await exporterOver(living));
  tenant.advance(2 * FIVE_MINUTES);

  const killed = await exportAll(await exporterOver(mortal(living, fatal))).then(
    () => false,
    (error: Error) => error.message === "killed",
  );
  tenant.advance(FIVE_MINUTES);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + TWO_HOURS });
  await exportAll(await exporterOver(living));
  vi.useRealTimers();

  expect(eventsSince(before)).toHaveLength(9);
  expect(await recordsIn(folder), `killed at call ${fatal}`).toEqual(eventsSince(before));
  state.close();
  return killed;
}

it("GIVEN a local exporter WHEN it is killed at any call that it makes THEN the next one loses and doubles nothing", async () => {
  let kills = 0;
  while (await story(kills)) {
    kills += 1;
  }

  expect(kills).toBeGreaterThan(8);
});
