import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Desk, startDesk, vectraCdr } from "../command-line.js";

let desk: Desk;

beforeEach(async () => {
  desk = await startDesk();
});
afterEach(() => desk.close());

describe("GIVEN a tenant that nothing was exported from", () => {
  it("WHEN it is previewed THEN its oldest events are shown as they would be written, and nothing is", async () => {
    const { code, out, err } = await vectraCdr(["preview", "--url", desk.tenant.url, "--limit", "2"]);

    expect([code, err]).toEqual([0, ""]);
    expect(out).toBe(
      [
        "TIME                  SEVERITY  ENTITY  CHANGE                   PARTITION",
        "2026-01-31T23:50:16Z  Low       24      Score direction unknown  000000000000/20260131",
        "2026-01-31T23:50:43Z  High      27      Score direction unknown  000000000000/20260131",
        "",
        "tenant: next 2 events; more follow. Nothing was written.",
        "",
      ].join("\n"),
    );
  });

  it("WHEN a strict profile is asked for THEN entities have names", async () => {
    const { out } = await vectraCdr([
      ...["preview", "--url", desk.tenant.url, "--limit", "1"],
      ...["--profile", "detection-finding-1.3", "--partition-account", "333333333333"],
    ]);

    expect(out).toContain(`  ${desk.tenant.events()[0]?.name}  `);
    expect(out).toContain("  333333333333/20260131\n");
  });

  it("WHEN the records themselves are asked for THEN they are OCSF as it is read back from the Parquet", async () => {
    const { out } = await vectraCdr(["preview", "--url", desk.tenant.url, "--limit", "1", "--ocsf"]);

    expect(JSON.parse(out)).toMatchObject({
      class_uid: 2001,
      finding: { uid: "24" },
      time: Date.parse("2026-01-31T23:50:16Z"),
    });
  });

  it("WHEN JSON is asked for THEN it has the objects with their records", async () => {
    const { out } = await vectraCdr(["preview", "--url", desk.tenant.url, "--limit", "30", "--json"]);

    const { objects, ...rest } = JSON.parse(out);
    expect(rest).toEqual({
      tenant: "tenant",
      eventsRead: 30,
      eventsFiltered: 0,
      caughtUp: false,
      quarantined: [],
    });
    expect(
      objects.map(({ records, ...object }: { records: unknown[] }) => ({
        ...object,
        records: records.length,
      })),
    ).toEqual([
      { accountId: "000000000000", eventDay: "20260131", name: expect.any(String), records: 24 },
      { accountId: "000000000000", eventDay: "20260201", name: expect.any(String), records: 6 },
    ]);
  });

  it("WHEN an event would go into quarantine THEN that is told with the reason", async () => {
    const [event] = desk.tenant.events();
    Object.assign(event ?? {}, { event_timestamp: "yesterday" });

    const { out } = await vectraCdr(["preview", "--url", desk.tenant.url, "--limit", "2"]);

    expect(out).toContain(
      `event ${event?.id} would go into quarantine: event.event_timestamp: Invalid ISO datetime`,
    );
  });
});

describe("GIVEN a folder with an export", () => {
  it("WHEN it is previewed THEN the next events are shown each time anew, and the next run exports them", async () => {
    const preview = ["preview", "--lake", desk.lake];
    await vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url]);
    const nothing = await vectraCdr(preview);
    desk.tenant.advance(300_000);

    const once = await vectraCdr(preview);
    const again = await vectraCdr(preview);

    expect(nothing.out).toBe("tenant: no new events.\n");
    expect(once.out).toContain("tenant: next 10 events; more follow.");
    expect(again.out).toBe(once.out);
    expect((await vectraCdr(["export", "--once", "--to", desk.lake])).out).toContain("12 events read");
  });
});

it.each([
  [["preview"], "No tenant given: pass --lake <folder>, or --url or --deployment."],
  [["preview", "--limit", "0"], "Use a whole number from 1 to 10000."],
  [["preview", "--function", "f"], "unknown option '--function'"],
])("GIVEN %j THEN the code is 2", async (parameters, part) => {
  const { code, out, err } = await vectraCdr(parameters);

  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(part);
});

it("GIVEN a folder without an export THEN the code is 1, and the folder is not made", async () => {
  const { code, err } = await vectraCdr(["preview", "--lake", desk.lake]);

  expect([code, existsSync(desk.lake)]).toEqual([1, false]);
  expect(err).toContain("No export in");
});
