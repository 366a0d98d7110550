import { mkdirSync } from "node:fs";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FolderLake } from "../../../../cli/exporters/local/folder-lake.js";
import { LocalExporter } from "../../../../cli/exporters/local/local-exporter.js";
import { LocalState } from "../../../../cli/exporters/local/local-state.js";
import { localTenants } from "../../../../cli/exporters/local/local-tenant.js";
import type { LakeStore } from "../../../../functions/security-lake-exporter/lake/lake-store.js";
import { lakeRows } from "../../../proofs/rig/lake-records.js";
import { type Desk, startDesk, vectraCdr } from "../../command-line.js";

const SIXTY_DAYS = 60 * 86_400_000;

let desk: Desk;
beforeEach(async () => {
  desk = await startDesk();
  mkdirSync(desk.lake);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-02-01T00:05:00Z") });
});
afterEach(async () => {
  vi.useRealTimers();
  await desk.close();
});

/** One run with the state of the folder, whose uploads are given to a function. */
async function run(
  state: LocalState,
  put: (write: () => Promise<string>) => Promise<string>,
): Promise<unknown> {
  const folder = new FolderLake(desk.lake, "local");
  const lake: LakeStore = {
    location: folder.location,
    put: (object) => put(() => folder.put(object)),
  };
  const tenants = await localTenants(new Map(), { url: desk.tenant.url, tenant: "acme", start: "beginning" });
  const exporter = new LocalExporter({
    tenants,
    table: state.table,
    lakeOf: () => lake,
    readCredentials: async () => ({ clientId: "client", clientSecret: "s3cret-of-the-test" }),
  });
  for (const tenant of tenants) {
    state.remember(tenant.name, tenant);
  }
  return await exporter.exportOnce("acme");
}

const exportOnce = () => vectraCdr(["export", "--once", "--to", desk.lake]);
const unfinished = async () => {
  const { out } = await vectraCdr(["status", "--lake", desk.lake]);
  return /unfinished\s+(.*)/.exec(out)?.[1];
};
const events = async () => (await lakeRows(desk.lake, "acme")).length;

it("GIVEN a folder that cannot be written for 60 days THEN the unfinished window is finished as it was prepared", async () => {
  const state = LocalState.open(desk.lake);
  await expect(run(state, () => Promise.reject(new Error("the disk is full")))).rejects.toThrow(
    "the disk is full",
  );
  state.close();

  vi.setSystemTime(Date.now() + SIXTY_DAYS);
  // Opens the folder, as each command does, and so forgets what has expired.
  LocalState.open(desk.lake).close();

  expect(await unfinished()).toMatch(/36 events/);
  expect(await exportOnce()).toMatchObject({ code: 0 });
  expect(await unfinished()).toBe("none");
  expect(await events()).toBe(36);
});

it("GIVEN a run that sleeps for 60 days, and a status meanwhile, THEN it finishes when it wakes up", async () => {
  const waking = Promise.withResolvers<void>();
  const asleep = Promise.withResolvers<void>();
  const state = LocalState.open(desk.lake);
  const sleeper = run(state, async (write) => {
    asleep.resolve();
    await waking.promise;
    return await write();
  });
  await asleep.promise;
  vi.setSystemTime(Date.now() + SIXTY_DAYS);
  expect(await unfinished()).toMatch(/36 events/);
  LocalState.open(desk.lake).close();
  waking.resolve();

  expect(await sleeper).toMatchObject({ eventsWritten: 36, caughtUp: true });

  state.close();
  expect(await unfinished()).toBe("none");
  expect(await exportOnce()).toMatchObject({ code: 0 });
  expect(await events()).toBe(36);
});
