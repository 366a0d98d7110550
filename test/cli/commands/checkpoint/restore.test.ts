import { copyFileSync, globSync, rmSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalState } from "../../../../cli/exporters/local/local-state.js";
import { type Desk, personWhoSays, startDesk, vectraCdr } from "../../command-line.js";

const ME = `${userInfo().username}@${hostname()}`;

let desk: Desk;

/** A folder with a window of 36 events up to cursor 4865. */
beforeEach(async () => {
  desk = await startDesk();
  await exported();
});
afterEach(() => desk.close());

const exported = (...options: string[]) =>
  vectraCdr([
    ...["export", "--once", "--to", desk.lake, "--url", desk.tenant.url, "--tenant", "acme"],
    ...options,
  ]);
const restored = (...options: string[]) =>
  vectraCdr([
    ...["checkpoint", "restore", "--reason", "disk failure", "--lake", desk.lake, "--tenant", "acme"],
    ...["--url", desk.tenant.url, "--yes", ...options],
  ]);
const stateFile = () => join(desk.lake, ".vectra-cdr.sqlite");
const backup = () => copyFileSync(stateFile(), desk.folder("backup"));
const takeBackup = () => copyFileSync(desk.folder("backup"), stateFile());
const objects = () => globSync("region=*/**/*.parquet", { cwd: desk.lake }).sort();

/** Minutes in which the tenant has 12 events for each five; the next run exports them as a window. */
async function nextWindow(minutes = 5): Promise<void> {
  desk.tenant.advance(minutes * 60_000);
  expect((await exported()).code).toBe(0);
}

/** Account and time of each record in the lake, as of each event of the tenant. */
async function lakeRecords(): Promise<string[]> {
  const { out } = await vectraCdr(["query", "--lake", desk.lake, "--limit", "1000", "--json"]);
  return JSON.parse(out)
    .records.map(
      ({ finding, time }: { finding: { uid: string }; time: number }) => `${finding.uid} at ${time}`,
    )
    .sort();
}

function tenantEvents(): string[] {
  return desk.tenant
    .events()
    .map((event) => `${event.entity_id} at ${Date.parse(event.event_timestamp)}`)
    .sort();
}

describe("GIVEN a folder whose state is lost", () => {
  beforeEach(async () => {
    await nextWindow();
    rmSync(stateFile());
  });

  it("WHEN it is restored THEN the newest window is written again and the export continues, each event once", async () => {
    const before = objects();

    expect(await restored()).toEqual({
      code: 0,
      err: "",
      out: `acme: the next run writes the window from 4865 to 4897 again; restored by ${ME}; reason recorded\n`,
    });
    const status = JSON.parse((await vectraCdr(["status", "--lake", desk.lake, "--json"])).out);
    expect(status.tenants).toMatchObject([{ cursor: 4865, writesAgainTo: 4897 }]);
    expect((await vectraCdr(["status", "--lake", desk.lake])).out).toContain(
      "\n  again         the next run writes the window from 4865 to 4897 again\n",
    );
    await exported();
    expect(objects()).toEqual(before);
    await nextWindow();

    expect(await lakeRecords()).toEqual(tenantEvents());
    expect(
      JSON.parse((await vectraCdr(["status", "--lake", desk.lake, "--json"])).out).tenants,
    ).toMatchObject([{ writesAgainTo: null }]);
  });

  it("WHEN the newest window was only half put THEN the next run completes it", async () => {
    // Of the first window, one object of two; of the second, nothing.
    rmSync(join(desk.lake, "region=local/accountId=000000000000/eventDay=20260201"), { recursive: true });
    expect(objects()).toHaveLength(1);

    await restored();
    await exported();

    expect(await lakeRecords()).toEqual(tenantEvents());
  });

  it("WHEN there are more events by then THEN the window is written as it was", async () => {
    desk.tenant.advance(300_000);
    const before = objects();

    await restored();
    await exported();

    expect(objects().slice(0, before.length)).toEqual(before);
    expect(await lakeRecords()).toEqual(tenantEvents());
  });

  it("WHEN another version of the API is configured before the window is written again THEN a run refuses", async () => {
    await restored();

    expect(await exported("--api", "v3")).toMatchObject({
      code: 1,
      err:
        "error: acme: The export of acme must first write the window from 4865 to 4897 again, with v3.4 of the events API. Nothing was written. " +
        "Configure v3.4 again until the next run has written it. If the tenant no longer serves v3.4, skip the window, of which part may be missing " +
        'from the lake: vectra-cdr checkpoint set 4897 --reason "<why>".\n',
    });
    await exported("--api", "v3.4");
    expect(await lakeRecords()).toEqual(tenantEvents());
  });

  it("WHEN the restored range is backfilled THEN that is refused: it is in the lake", async () => {
    await restored();
    await exported();

    const range = ["--from", "2026-01-31T23:50:00Z", "--to", "2026-02-01T00:10:00Z"];
    const { code, err } = await vectraCdr(["backfill", ...range, "--lake", desk.lake, "--yes"]);

    expect(code).toBe(1);
    expect(err).toContain("The live export of acme writes all events from 2026-01-31T23:50:00Z");
  });

  it("WHEN nobody has confirmed THEN the question says what it means", async () => {
    const person = personWhoSays("n");

    await vectraCdr(
      [
        "checkpoint",
        "restore",
        "--reason",
        "r",
        "--lake",
        desk.lake,
        "--url",
        desk.tenant.url,
        "--tenant",
        "acme",
      ],
      person,
    );

    expect(person.asked).toEqual([
      "Restore the checkpoint of acme from the lake? The next run writes the window from 4865 to 4897 again, over the objects of the " +
        "same name, and continues behind it. The tenant's settings must be those with which it was written. [y/N] ",
    ]);
  });

  it("WHEN the folder has no objects of the tenant THEN that is said", async () => {
    expect(await restored("--tenant", "globex")).toMatchObject({
      code: 1,
      err: "error: The lake holds no objects of globex. Nothing was changed.\n",
    });
  });

  it("WHEN another version of the API is configured than that of the objects THEN that is refused", async () => {
    expect(await restored("--api", "v3.3")).toMatchObject({
      code: 1,
      err: "error: The objects of acme are of v3.4 of the events API, and v3.3 is configured. Nothing was changed. Configure v3.4 first.\n",
    });
  });
});

describe("GIVEN a folder whose state is from a backup", () => {
  it("WHEN the lake has newer windows THEN it continues behind them, each event once", async () => {
    backup();
    await nextWindow();
    await nextWindow();
    takeBackup();

    const { out } = await restored("--json");

    expect(JSON.parse(out)).toEqual({
      tenant: "acme",
      at: expect.any(String),
      by: ME,
      reason: "disk failure",
      restored: [{ backfill: null, from: 4897, to: 4911 }],
      hidden: [],
    });
    await nextWindow();
    expect(await lakeRecords()).toEqual(tenantEvents());
    expect((await restored()).err).toBe(
      "error: The checkpoint of acme is not behind the lake. Nothing was changed.\n",
    );
  });

  it("WHEN the lake has nothing newer THEN nothing is changed", async () => {
    backup();
    takeBackup();

    expect(await restored()).toMatchObject({
      code: 1,
      err: "error: The checkpoint of acme is not behind the lake. Nothing was changed.\n",
    });
  });

  it("WHEN an event had been redriven since THEN it is hidden in quarantine, and not written again", async () => {
    await withQuarantinedEvent();
    backup();
    expect((await vectraCdr(["redrive", "--lake", desk.lake])).out).toContain("1 event redriven");
    takeBackup();

    expect((await restored()).out).toBe(
      `acme: 1 redriven event hidden in quarantine; restored by ${ME}; reason recorded\n`,
    );

    expect((await vectraCdr(["redrive", "--lake", desk.lake])).out).toBe("acme: the quarantine is empty\n");
    expect(await lakeRecords()).toEqual(tenantEvents());
    const { out } = await vectraCdr(["quarantine", "list", "--discarded", "--lake", desk.lake]);
    expect(out).toMatch(
      /redriven into vectra-acme-v3\.4-redrive-[0-9a-f]{16}\.zstd\.parquet before the restore: disk failure/,
    );
  });

  it("WHEN an event of the newest window had been redriven THEN the window leaves it out", async () => {
    backup();
    await withQuarantinedEvent();
    await vectraCdr(["redrive", "--lake", desk.lake]);
    takeBackup();

    await restored();
    await exported();
    await nextWindow();

    expect(await lakeRecords()).toEqual(tenantEvents());
  });

  it("WHEN a backfill had gone on THEN its next run writes its newest window again, and each event is there once", async () => {
    const range = ["--from", "2026-01-31T23:50:00Z", "--to", "2026-02-01T00:05:00Z"];
    const options = ["--lake", desk.folder("latest"), "--tenant", "acme"];
    const backfill = (...more: string[]) => vectraCdr(["backfill", ...range, ...options, "--yes", ...more]);
    const url = ["--url", desk.tenant.url];
    await vectraCdr([
      "export",
      "--once",
      "--to",
      desk.folder("latest"),
      "--tenant",
      "acme",
      ...url,
      "--start",
      "latest",
    ]);
    await backfill("--max-events", "10");
    const file = join(desk.folder("latest"), ".vectra-cdr.sqlite");
    copyFileSync(file, desk.folder("backup"));
    await backfill("--max-events", "10");
    copyFileSync(desk.folder("backup"), file);

    const { out } = await vectraCdr(["checkpoint", "restore", "--reason", "r", "--yes", ...options]);

    expect(out).toMatch(
      /^acme: the next run of backfill-20260131T235000Z-20260201T000500Z writes the window from \d+ to \d+ again; /,
    );
    expect((await backfill("--max-events", "3")).code).toBe(0);
    expect((await backfill()).code).toBe(0);
    const query = await vectraCdr(["query", "--lake", desk.folder("latest"), "--limit", "1000", "--json"]);
    expect(JSON.parse(query.out).records).toHaveLength(36);
  });

  it("WHEN a run holds the lease THEN nothing is changed", async () => {
    backup();
    await nextWindow();
    takeBackup();
    const state = LocalState.open(desk.lake);
    await state.table.update(
      { pk: "acme#v3.4", sk: "checkpoint" },
      { set: { lease_owner: "somebody", lease_until: Date.now() + 60_000 } },
    );
    state.close();

    const { code, err } = await restored();

    expect(code).toBe(1);
    expect(err).toContain("A run of acme is in progress in folder ");
  });
});

/** A window of which one event is in quarantine, which can be exported by now. */
async function withQuarantinedEvent(): Promise<void> {
  const [, event] = desk.tenant.advance(300_000);
  const { event_timestamp } = event ?? {};
  Object.assign(event ?? {}, { event_timestamp: "yesterday" });
  expect((await exported()).out).toContain("1 in quarantine");
  Object.assign(event ?? {}, { event_timestamp });
  const state = LocalState.open(desk.lake);
  const [item] = await state.table.query("acme#v3.4", "quarantine#");
  await state.table.update(
    { pk: "acme#v3.4", sk: String(item?.sk) },
    { set: { event: JSON.stringify(event) } },
  );
  state.close();
}
