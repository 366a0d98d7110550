import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Desk, startDesk, vectraCdr } from "../command-line.js";

let desk: Desk;

/** Two tenants with the same 36 events, one of them in a strict profile. */
beforeAll(async () => {
  desk = await startDesk();
  const exporting = ["export", "--once", "--to", desk.lake, "--url", desk.tenant.url];
  await vectraCdr([...exporting, "--tenant", "acme"]);
  await vectraCdr([...exporting, "--tenant", "acme-eu", "--profile", "detection-finding-1.3"]);
  await vectraCdr([...exporting, "--tenant", "dry"].map((word) => (word === "--once" ? "--dry-run" : word)));
});
afterAll(() => desk.close());

describe("GIVEN a folder with records", () => {
  it("WHEN it is queried THEN the newest records come first", async () => {
    expect(await vectraCdr(["query", "--lake", desk.lake, "--tenant", "acme", "--limit", "2"])).toEqual({
      code: 0,
      err: "",
      out: [
        "TIME                  SEVERITY  ENTITY  CHANGE          LINK",
        "2026-02-01T00:04:25Z  Low       10      Score decrease  https://123123123123.uw2.portal.vectra.ai/accounts/10",
        "2026-02-01T00:03:46Z  Critical  27      Score decrease  https://123123123123.uw2.portal.vectra.ai/accounts/27",
        "",
      ].join("\n"),
    });
  });

  it("WHEN another tenant's records are asked for THEN they come, and nobody else's", async () => {
    const { out } = await vectraCdr(["query", "--lake", desk.lake, "--tenant", "acme-eu", "--limit", "1"]);

    expect(out.split("\n")[1]).toMatch(
      /^2026-02-01T00:04:25Z {2}Low {7}AWS:111122223333\/role:build-agent {2}Score decrease {2}https:/,
    );
  });

  it("WHEN more are asked for than one day has THEN older days are read too; a dry run is no part of it", async () => {
    const { out } = await vectraCdr(["query", "--lake", desk.lake, "--limit", "1000", "--json"]);

    const { records } = JSON.parse(out) as { records: { time: number }[] };
    expect(records).toHaveLength(72);
    expect(records.map(({ time }) => time)).toEqual(
      records.map(({ time }) => time).toSorted((a, b) => b - a),
    );
  });

  it("WHEN the records themselves are asked for THEN they are OCSF, without what is null", async () => {
    const { out } = await vectraCdr([
      "query",
      "--lake",
      desk.lake,
      "--tenant",
      "acme",
      "--limit",
      "1",
      "--ocsf",
    ]);

    expect(JSON.parse(out)).toMatchObject({ class_uid: 2001, finding: { uid: "10" }, severity_id: 2 });
    expect(out).not.toMatch(/^ *"\w+": null/m);
  });

  it("WHEN the tenant is unknown THEN the error lists those that are known", async () => {
    const { code, err } = await vectraCdr(["query", "--lake", desk.lake, "--tenant", "globex"]);

    expect([code, err]).toEqual([1, expect.stringContaining("known: acme, acme-eu")]);
  });
});

it("GIVEN a folder with objects alone, such as a dry run's WHEN it is queried THEN its records come too", async () => {
  await vectraCdr(["export", "--dry-run", "--to", desk.folder("tried"), "--url", desk.tenant.url]);

  const { out } = await vectraCdr(["query", "--lake", join(desk.folder("tried"), "dry-run"), "--limit", "1"]);

  expect(out).toContain("2026-02-01T00:04:25Z");
});

it("GIVEN an empty folder THEN it says that there are no records", async () => {
  mkdirSync(desk.folder("empty"));

  expect(await vectraCdr(["query", "--lake", desk.folder("empty")])).toEqual({
    code: 0,
    err: "",
    out: "No records.\n",
  });
});

it("GIVEN a folder that is not there THEN the code is 1", async () => {
  const { code, err } = await vectraCdr(["query", "--lake", desk.folder("nowhere")]);

  expect([code, err]).toEqual([1, `error: The folder ${desk.folder("nowhere")} does not exist.\n`]);
});
