import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalState } from "../../../cli/exporters/local/local-state.js";
import type { Attributes } from "../../../functions/security-lake-exporter/state/state-table.js";
import { type Desk, startDesk, vectraCdr } from "../command-line.js";

let desk: Desk;

beforeEach(async () => {
  desk = await startDesk();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-02-01T00:05:00Z") });
});
afterEach(async () => {
  vi.useRealTimers();
  await desk.close();
});

async function exportAll(): Promise<void> {
  await vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url, "--tenant", "acme"]);
}

/** What a run leaves behind in the folder. */
async function leaveBehind(sk: string, attributes: Attributes): Promise<void> {
  const state = LocalState.open(desk.lake);
  await state.table.update({ pk: "acme#v3.4", sk }, { set: attributes });
  state.close();
}

describe("GIVEN a folder with an export", () => {
  beforeEach(exportAll);

  it("WHEN its status is asked for THEN it says where it is, how old that is, and what is open", async () => {
    vi.setSystemTime(Date.parse("2026-02-01T00:05:42Z"));

    expect(await vectraCdr(["status", "--lake", desk.lake])).toEqual({
      code: 0,
      err: "",
      out: [
        `acme (folder ${desk.lake})`,
        "  cursor        4865",
        `  origin        ${desk.tenant.url}, API v3.4`,
        "  lag           42 s: caught up 2026-02-01T00:05:00Z, newest event 2026-02-01T00:04:25Z",
        "  last success  2026-02-01T00:05:00Z, 42 s ago",
        "  lease         free",
        "  unfinished    none",
        "  quarantine    0 events",
        "",
      ].join("\n"),
    });
  });

  it("WHEN JSON is asked for THEN it is the same for programs", async () => {
    const { out } = await vectraCdr(["status", "--lake", desk.lake, "--json"]);

    expect(JSON.parse(out)).toEqual({
      exporter: `folder ${desk.lake}`,
      tenants: [
        {
          tenant: "acme",
          cursor: 4865,
          origin: desk.tenant.url,
          api: "v3.4",
          overlap: null,
          nextOverlapSince: null,
          writesAgainTo: null,
          newestEventAt: "2026-02-01T00:04:25Z",
          lagSeconds: 0,
          caughtUpAt: "2026-02-01T00:05:00Z",
          lastSuccessAt: "2026-02-01T00:05:00Z",
          caughtUp: true,
          lease: null,
          unfinishedWindow: null,
          quarantine: 0,
          backfills: [],
        },
      ],
      deadLetters: null,
    });
  });

  it("WHEN runs have failed or left events behind since then THEN the lag goes on from the last that caught up", async () => {
    await leaveBehind("checkpoint", { caught_up: false, last_success_at: "2026-02-01T02:00:00.000Z" });
    vi.setSystemTime(Date.parse("2026-02-01T02:05:00Z"));

    const { out } = await vectraCdr(["status", "--lake", desk.lake]);

    expect(out).toContain(
      "  lag           2 h: caught up 2026-02-01T00:05:00Z, newest event 2026-02-01T00:04:25Z\n",
    );
  });

  it("WHEN the API has changed, and a window is to be written again THEN it says so", async () => {
    const since = Date.parse("2026-01-31T00:04:25Z");
    await leaveBehind("checkpoint", {
      overlap: { since, until: 5000, sequence: 7 },
      redo_to: 4900,
      api_change_since: since,
    });

    const { out } = await vectraCdr(["status", "--lake", desk.lake]);

    expect(out).toContain(
      [
        "  again         the next run writes the window from 4865 to 4900 again",
        "  overlap       up to cursor 5000, events before 2026-01-31T00:04:25Z and those that another API gave are left out",
        "  overlap       the next change of the API begins at 2026-01-31T00:04:25Z",
        "",
      ].join("\n"),
    );
    const json = await vectraCdr(["status", "--lake", desk.lake, "--json"]);
    expect(JSON.parse(json.out).tenants[0]).toMatchObject({
      writesAgainTo: 4900,
      overlap: { since: "2026-01-31T00:04:25Z", until: 5000 },
      nextOverlapSince: "2026-01-31T00:04:25Z",
    });
  });

  it("WHEN a run is at work, or was cut off THEN the lease and the unfinished window say so", async () => {
    await leaveBehind("checkpoint", {
      lease_owner: "somebody",
      lease_until: Date.parse("2026-02-01T01:05:00Z"),
    });
    const working = await vectraCdr(["status", "--lake", desk.lake]);
    vi.setSystemTime(Date.parse("2026-02-01T03:05:00Z"));
    const over = await vectraCdr(["status", "--lake", desk.lake]);

    expect(working.out).toContain("  lease         held by somebody until 2026-02-01T01:05:00Z\n");
    expect(over.out).toContain(
      "  lease         free: an interrupted run held it until 2026-02-01T01:05:00Z\n",
    );
    expect(over.out).toContain("  lag           3 h: caught up 2026-02-01T00:05:00Z, newest event ");
  });

  it("WHEN a lease ends later than any run can last THEN it is free, and the status says why", async () => {
    await leaveBehind("checkpoint", {
      lease_owner: "somebody",
      lease_until: Date.parse("2027-02-01T00:20:00Z"),
    });

    const { out } = await vectraCdr(["status", "--lake", desk.lake]);

    expect(out).toContain(
      "  lease         free: somebody took it until 2027-02-01T00:20:00Z, which outlasts every run; its clock was wrong\n",
    );
    expect((await vectraCdr(["export", "--once", "--lake", desk.lake])).code).toBe(0);
  });

  it("WHEN there are a quarantine and backfills THEN they are counted and listed; a refused one is not", async () => {
    await leaveBehind("quarantine#0000000000000000#17", { event_key: "17", event: "{}" });
    await leaveBehind("quarantine#backfill-20260101T000000Z-20260102T000000Z#0000000000000000#18", {
      event: "{}",
    });
    await leaveBehind("checkpoint#backfill-20260101T000000Z-20260102T000000Z", {
      next_from: 812,
      newest_event_time: Date.parse("2026-01-01T06:00:00Z"),
      last_success_at: "2026-01-31T22:05:00.000Z",
      caught_up: false,
    });
    await leaveBehind("checkpoint#backfill-20260102T000000Z-20260103T000000Z", {
      next_from: 940,
      newest_event_time: Date.parse("2026-01-02T06:00:00Z"),
      last_success_at: "2026-01-31T23:05:00.000Z",
      caught_up: true,
    });
    await leaveBehind("checkpoint#backfill-20260103T000000Z-20260104T000000Z", {
      updated_at: "2026-01-31T22:05:00Z",
    });

    const { out } = await vectraCdr(["status", "--lake", desk.lake]);

    expect(out).toContain("  quarantine    2 events\n");
    expect(out.split("\n").filter((line) => line.includes("backfill"))).toEqual([
      "  backfill      2026-01-01T00:00:00Z to 2026-01-02T00:00:00Z, not done: run it again to continue, newest event 2026-01-01T06:00:00Z, last success 2 h ago",
      "  backfill      2026-01-02T00:00:00Z to 2026-01-03T00:00:00Z, done, newest event 2026-01-02T06:00:00Z, last success 60 min ago",
    ]);
  });
});

it("GIVEN a folder without an export THEN the error says how one begins", async () => {
  expect(await vectraCdr(["status", "--lake", desk.lake])).toEqual({
    code: 1,
    out: "",
    err:
      `error: No export in folder ${desk.lake} yet. To start one: vectra-cdr export --once --to <folder> --url <address of the ` +
      "tenant>\n",
  });
});
