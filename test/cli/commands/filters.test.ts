import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Desk, startDesk, vectraCdr } from "../command-line.js";

let desk: Desk;

beforeEach(async () => {
  desk = await startDesk();
  // 36 events, of which the first two are of accounts that are not AWS's, and the third has no name.
  const [first, second, third] = desk.tenant.events();
  Object.assign(first ?? {}, { name: "O365:someone@example.com" });
  Object.assign(second ?? {}, { name: "someone" });
  Object.assign(third ?? {}, { name: "" });
});
afterEach(() => desk.close());

const exported = async (...options: string[]) => {
  const { code, out } = await vectraCdr(["export", "--once", "--to", desk.lake, "--json", ...options]);
  expect(code).toBe(0);
  const { eventsRead, eventsWritten, eventsFiltered } = JSON.parse(out).results[0];
  return { eventsRead, eventsWritten, eventsFiltered };
};
const url = () => ["--url", desk.tenant.url, "--tenant", "acme"];

describe("GIVEN a tenant with accounts of several kinds", () => {
  it("WHEN no filter is given THEN every account is exported", async () => {
    expect(await exported(...url())).toEqual({ eventsRead: 36, eventsWritten: 36, eventsFiltered: 0 });
  });

  it("WHEN AWS's are asked for THEN others are left out, but not what has no name", async () => {
    expect(await exported(...url(), "--accounts", "aws")).toEqual({
      eventsRead: 36,
      eventsWritten: 34,
      eventsFiltered: 2,
    });
  });

  it("WHEN prioritized events of a severity are asked for THEN only they are exported", async () => {
    const wanted = desk.tenant
      .events()
      .filter((event) => event.is_prioritized && event.severity === "Critical").length;
    expect(wanted).toBeGreaterThan(0);

    expect(await exported(...url(), "--prioritized-only", "--minimum-severity", "Critical")).toEqual({
      eventsRead: 36,
      eventsWritten: wanted,
      eventsFiltered: 36 - wanted,
    });
  });

  it("WHEN it is previewed THEN the filters count too", async () => {
    const { out } = await vectraCdr([
      "preview",
      "--url",
      desk.tenant.url,
      "--limit",
      "5",
      "--accounts",
      "aws",
    ]);

    expect(out).toContain("next 5 events, 2 filtered out; more follow.");
  });

  it("WHEN the folder is exported again THEN it remembers the filter, until it is told another", async () => {
    await exported(...url(), "--accounts", "aws", "--prioritized-only");
    const next = () => {
      const [event] = desk.tenant.advance(300_000);
      Object.assign(event ?? {}, { name: "O365:someone@example.com", is_prioritized: false });
      return desk.tenant.events().slice(-12);
    };

    const unprioritized = next().filter((event) => !event.is_prioritized).length;
    expect(await exported()).toMatchObject({ eventsRead: 12, eventsFiltered: unprioritized });
    next();
    expect(await exported("--no-prioritized-only")).toMatchObject({ eventsRead: 12, eventsFiltered: 1 });
    next();
    expect(await exported("--accounts", "all")).toMatchObject({ eventsRead: 12, eventsFiltered: 0 });
  });

  it("WHEN a stretch is backfilled with a filter THEN it counts", async () => {
    await exported(...url(), "--start", "latest");

    const { out } = await vectraCdr([
      ...["backfill", "--from", "2026-01-31", "--to", "2026-02-02", "--lake", desk.lake],
      ...["--accounts", "aws", "--yes"],
    ]);

    expect(out).toContain("36 events read, 34 written");
    expect(out).toContain("2 filtered out");
  });

  it.each([
    [["--accounts", "gcp"], "Allowed choices are aws, all."],
    [["--minimum-severity", "high"], "Allowed choices are Low, Medium, High, Critical."],
    [
      ["--function", "vectra-cdr-exporter", "--accounts", "aws"],
      "cannot be used with option '--accounts <which>'",
    ],
    [["--function", "vectra-cdr-exporter", "--prioritized-only"], "cannot be used with option"],
  ])("WHEN %j is given THEN it is wrong usage", async (options, problem) => {
    const { code, err } = await vectraCdr(["export", "--once", ...options]);

    expect(code).toBe(2);
    expect(err).toContain(problem);
  });
});

it("GIVEN a tenant of the path without a minor version WHEN it is exported THEN its records are complete", async () => {
  const strict = ["--profile", "detection-finding-1.3"];

  expect(await exported(...url(), ...strict, "--api", "v3")).toEqual({
    eventsRead: 36,
    eventsWritten: 36,
    eventsFiltered: 0,
  });

  const query = ["query", "--lake", desk.lake, "--tenant", "acme", "--limit", "36", "--json"];
  const records = JSON.parse((await vectraCdr(query)).out).records as {
    metadata: { uid: string };
    unmapped: Record<string, string>;
  }[];
  const event = desk.tenant.events().find(({ last_detection }) => last_detection.id !== null);
  const record = records.find(({ metadata }) => metadata.uid === String(event?.id));
  expect(record).toMatchObject({
    finding_info: { analytic: { name: event?.last_detection.type } },
    resources: [{ criticality: String(event?.importance), type: "account" }],
    unmapped: { "last_detection.id": String(event?.last_detection.id) },
  });
  // What has an attribute, or was read under its older name, is not there twice.
  expect(
    Object.keys(record?.unmapped ?? {}).filter((name) => /^(entity_|last_detection_)/.test(name)),
  ).toEqual([]);
});
