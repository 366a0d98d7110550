import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Desk, startDesk, vectraCdr } from "./command-line.js";

let desk: Desk;

/** A folder with the objects of acme's first 36 events, whose state is lost. */
beforeEach(async () => {
  desk = await startDesk();
  await vectraCdr(exporting());
  rmSync(join(desk.lake, ".vectra-cdr.sqlite"));
});
afterEach(() => desk.close());

const exporting = (tenant = "acme") => [
  ...["export", "--once", "--to", desk.lake, "--url", desk.tenant.url],
  ...["--tenant", tenant],
];
const remedy = () =>
  `To continue after the newest object: vectra-cdr checkpoint restore --reason "the state was lost" --lake "${desk.lake}" ` +
  `--tenant acme --url ${desk.tenant.url} --api v3.4 (add the --profile, --partition-account and filters of the export; ` +
  "cli/README.md, “When the state is lost”). ";
const otherWays =
  "restore .vectra-cdr.sqlite, use another folder, or pass --allow-overlap to export everything again (creates duplicates).\n";

async function recordCount(): Promise<number> {
  const { out } = await vectraCdr(["query", "--lake", desk.lake, "--limit", "1000", "--json"]);
  return JSON.parse(out).records.length;
}

describe("GIVEN a folder that holds a tenant's objects, but no state", () => {
  it.each([
    ["exported into", () => exporting()],
    ["dry-run into", () => exporting().map((word) => (word === "--once" ? "--dry-run" : word))],
  ])(
    "WHEN it is %s THEN that is refused with the remedy, and the folder stays as it is",
    async (_, command) => {
      const { code, err } = await vectraCdr(command());

      expect({ code, err }).toEqual({
        code: 1,
        err: `error: ${desk.lake} holds objects of acme, but no state of acme: every event would be exported again. ${remedy()}Or ${otherWays}`,
      });
      expect(existsSync(join(desk.lake, ".vectra-cdr.sqlite"))).toBe(false);
      expect(await recordCount()).toBe(36);
    },
  );

  it("WHEN the remedy is followed THEN the export continues, and each event is there once", async () => {
    desk.tenant.advance(300_000);
    const restored = await vectraCdr([
      ...["checkpoint", "restore", "--reason", "the state was lost", "--lake", desk.lake],
      ...["--tenant", "acme", "--url", desk.tenant.url, "--yes"],
    ]);
    const { code } = await vectraCdr(["export", "--once", "--to", desk.lake]);

    expect([restored.code, code]).toEqual([0, 0]);
    expect(await recordCount()).toBe(48);
  });

  it("WHEN it is exported into under another name THEN that is refused too: nobody knows whose the objects are", async () => {
    const { code, err } = await vectraCdr(exporting("globex"));

    expect({ code, err }).toEqual({
      code: 1,
      err: `error: ${desk.lake} holds objects of acme, but no state of globex: every event would be exported again. Name the tenant of the objects with --tenant, ${otherWays}`,
    });
  });

  it.each([[[]], [["--api", "v3"]]])(
    "WHEN they are of another version of the API, and the options are %j, THEN the remedy names that version, and works",
    async (options) => {
      rmSync(desk.lake, { recursive: true });
      await vectraCdr([...exporting(), "--api", "v3"]);
      rmSync(join(desk.lake, ".vectra-cdr.sqlite"));

      const { err } = await vectraCdr([...exporting(), ...options]);
      const [, remedy = ""] = /vectra-cdr (checkpoint restore .*) \(add/.exec(err) ?? [];
      const restored = await vectraCdr([
        ...["checkpoint", "restore", "--reason", "the state was lost", "--lake", desk.lake],
        ...["--tenant", "acme", "--url", desk.tenant.url, "--api", "v3", "--yes"],
      ]);

      expect(remedy).toBe(
        `checkpoint restore --reason "the state was lost" --lake "${desk.lake}" --tenant acme --url ${desk.tenant.url} --api v3`,
      );
      expect(restored.code).toBe(0);
      expect((await vectraCdr(["export", "--once", "--to", desk.lake])).code).toBe(0);
      expect(await recordCount()).toBe(36);
    },
  );

  it("WHEN that is wanted THEN everything is exported again", async () => {
    desk.tenant.advance(300_000);

    const { code } = await vectraCdr([...exporting(), "--allow-overlap"]);

    expect([code, await recordCount()]).toEqual([0, 36 + 48]);
  });

  it("WHEN its records are queried THEN that works as before", async () => {
    expect(await recordCount()).toBe(36);
    expect(readdirSync(desk.lake)).toEqual(["region=local"]);
  });
});

it("GIVEN a folder with the state of one tenant WHEN another tenant is added THEN that is no loss", async () => {
  await vectraCdr([...exporting(), "--allow-overlap"]);

  expect((await vectraCdr(exporting("globex"))).code).toBe(0);
});
