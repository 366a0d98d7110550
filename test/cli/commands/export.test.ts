import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalState } from "../../../cli/exporters/local/local-state.js";
import { type Desk, personWhoSays, startDesk, vectraCdr } from "../command-line.js";

let desk: Desk;

beforeEach(async () => {
  desk = await startDesk();
});
afterEach(() => desk.close());

/** Paths of the objects below a folder. */
function objectsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".parquet"))
    .sort();
}

const JANUARY = join("region=local", "accountId=000000000000", "eventDay=20260131");
const FEBRUARY = join("region=local", "accountId=000000000000", "eventDay=20260201");

describe("GIVEN a tenant and a folder that is not there yet", () => {
  it("WHEN what is new is exported THEN it says what it wrote, and the folder remembers the rest", async () => {
    const first = await vectraCdr([
      "export",
      "--once",
      "--to",
      desk.lake,
      "--url",
      desk.tenant.url,
      "--tenant",
      "acme",
    ]);
    desk.tenant.advance(300_000);
    const second = await vectraCdr(["export", "--once", "--lake", desk.lake]);
    const third = await vectraCdr(["export", "--once", "--to", desk.lake]);

    expect(first).toEqual({
      code: 0,
      err: "",
      out: [
        "acme: 36 events read, 36 written into 2 objects, cursor 4865",
        `  ${join(desk.lake, JANUARY, "vectra-acme-v3.4-0-4865.zstd.parquet")}  24 events`,
        `  ${join(desk.lake, FEBRUARY, "vectra-acme-v3.4-0-4865.zstd.parquet")}  12 events`,
        "",
      ].join("\n"),
    });
    expect(second.out).toContain("acme: 12 events read, 12 written into 1 object, cursor ");
    expect(third.out).toMatch(/^acme: no new events, cursor \d+\n$/);
    expect(objectsIn(desk.lake)).toHaveLength(3);
  });

  it("WHEN JSON is asked for THEN it is one document, with the exporter, the results and no failures", async () => {
    const { out } = await vectraCdr([
      "export",
      "--once",
      "--to",
      desk.lake,
      "--url",
      desk.tenant.url,
      "--json",
    ]);

    expect(JSON.parse(out)).toMatchObject({
      exporter: `folder ${desk.lake}`,
      results: [{ tenant: "tenant", outcome: "exported", eventsRead: 36, eventsWritten: 36, caughtUp: true }],
      failures: [],
    });
  });

  it("WHEN a person watches THEN they see how far it is; nothing of that is in the output", async () => {
    const person = personWhoSays("");

    const { out, err } = await vectraCdr(
      ["export", "--once", "--to", desk.lake, "--url", desk.tenant.url],
      person,
    );

    expect(person.shown).toEqual(["tenant: exporting", "over"]);
    expect([out.split("\n")[0], err]).toEqual([
      "tenant: 36 events read, 36 written into 2 objects, cursor 4865",
      "",
    ]);
  });

  it("WHEN the tenant refuses the API client THEN the code is 1, the reason is told and the secret is not", async () => {
    process.env["VECTRA_CLIENT_SECRET"] = "another-s3cret";

    const { code, out, err } = await vectraCdr([
      "export",
      "--once",
      "--to",
      desk.lake,
      "--url",
      desk.tenant.url,
    ]);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^error: tenant: http:\/\/127\.0\.0\.1:\d+ refused the API client .*\n$/);
    expect(err).not.toContain("s3cret");
  });

  it("WHEN it is tried out THEN objects are in dry-run only, and nothing is remembered", async () => {
    const dryRun = ["export", "--dry-run", "--to", desk.lake, "--url", desk.tenant.url, "--tenant", "acme"];

    await vectraCdr(dryRun);
    const { code, out } = await vectraCdr(dryRun);

    expect([code, out]).toEqual([
      0,
      [
        "acme: 36 events read, 36 written into 2 objects, cursor 4865",
        `  ${join(desk.lake, "dry-run", JANUARY, "vectra-acme-v3.4-0-4865.zstd.parquet")}  24 events`,
        `  ${join(desk.lake, "dry-run", FEBRUARY, "vectra-acme-v3.4-0-4865.zstd.parquet")}  12 events`,
        "This was a dry run: the objects are not part of the lake, and the state is unchanged.",
        "",
      ].join("\n"),
    ]);
    expect(readdirSync(desk.lake)).toEqual(["dry-run"]);
  });
});

describe("GIVEN a folder with an export", () => {
  beforeEach(async () => {
    await vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url, "--tenant", "acme"]);
    desk.tenant.advance(300_000);
  });

  it("WHEN a dry run has been there THEN the next run exports the same events, and only the last one is kept", async () => {
    await vectraCdr(["export", "--dry-run", "--to", desk.lake]);
    desk.tenant.advance(300_000);
    const dry = await vectraCdr(["export", "--dry-run", "--to", desk.lake]);
    const wet = await vectraCdr(["export", "--once", "--to", desk.lake]);

    expect(dry.out).toContain("acme: 24 events read, 24 written into 1 object");
    expect(wet.out).toContain("acme: 24 events read, 24 written into 1 object");
    expect(objectsIn(join(desk.lake, "dry-run"))).toHaveLength(1);
  });

  it("WHEN a run is at work THEN a dry run is not in its way, nor the other way round", async () => {
    const lease = { lease_owner: "somebody", lease_until: Date.now() + 60_000 };
    const state = LocalState.open(desk.lake);
    await state.table.update({ pk: "acme#v3.4", sk: "checkpoint" }, { set: lease });
    state.close();

    const { code, out } = await vectraCdr(["export", "--dry-run", "--to", desk.lake]);

    expect([code, out.split(",")[0]]).toEqual([0, "acme: 12 events read"]);
    expect((await vectraCdr(["status", "--lake", desk.lake])).out).toContain(
      "lease         held by somebody until",
    );
  });

  it("WHEN another address is given for the tenant THEN it is refused: its cursor means nothing there", async () => {
    const { code, err } = await vectraCdr([
      "export",
      "--once",
      "--to",
      desk.lake,
      "--url",
      "http://127.0.0.1:9",
    ]);

    expect(code).toBe(1);
    expect(err).toContain(
      `error: acme: The export of acme is from ${desk.tenant.url}, whose cursor says nothing about the events of http://127.0.0.1:9. Nothing was read.`,
    );
    // The address is not remembered.
    expect((await vectraCdr(["export", "--once", "--to", desk.lake])).code).toBe(0);
  });

  it("WHEN a second tenant is added THEN each is exported with its own API client only", async () => {
    const both = ["export", "--once", "--to", desk.lake];
    const added = await vectraCdr([...both, "--tenant", "globex", "--url", desk.tenant.url]);
    const together = await vectraCdr(both);
    const alone = await vectraCdr([...both, "--tenant", "acme"]);

    expect(added.out).toContain("globex: 48 events read");
    expect([together.code, together.out]).toEqual([1, ""]);
    expect(together.err.split("\n")).toEqual([
      expect.stringContaining("error: acme: folder "),
      expect.stringContaining(
        "Use --tenant to name the one that the given client belongs to (acme, globex).",
      ),
      "",
    ]);
    expect([alone.code, alone.out.split(",")[0]]).toEqual([0, "acme: 12 events read"]);
  });

  it("WHEN a run is at work THEN the other one says so", async () => {
    desk.tenant.faults.add({ on: "events", kind: "slow", delayMilliseconds: 300 });
    const command = ["export", "--once", "--to", desk.lake];

    const outcomes = await Promise.all([vectraCdr(command), vectraCdr(command)]);

    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(outcomes.map(({ err }) => err).join("")).toBe(
      "error: acme: another run is in progress; status shows how long its lease lasts\n",
    );
  });
});

describe("GIVEN a command line that cannot be THEN the code is 2 and nothing is made", () => {
  it.each([
    [[], "Pass --once to export new events and exit, or --dry-run to try it."],
    [["--once"], "No exporter given: pass --lake <folder>, or --function <name> for a deployed one."],
    [["--dry-run"], "--to is missing: pass the folder of the exporter."],
    [["--once", "--dry-run"], "cannot be used with option"],
    [["--dry-run", "--function", "f"], "cannot be used with option"],
    [["--once", "--function", "f", "--url", "http://127.0.0.1:8080"], "cannot be used with option"],
    [["--once", "--tenant", "ACME"], "Use 1 to 31 lower-case letters, digits and hyphens"],
    [["--once", "--partition-account", "1"], "Use the 12 digits of an AWS account."],
    [
      ["--once", "--profile", "csv"],
      "Allowed choices are vectra, security-finding-1.1, detection-finding-1.3.",
    ],
  ])("%j", async (parameters, part) => {
    const { code, out, err } = await vectraCdr(["export", ...parameters]);

    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(part);
    expect(err).toContain('Run "vectra-cdr export --help" for usage.');
    expect(existsSync(desk.lake)).toBe(false);
  });

  it("an address that is no tenant's", async () => {
    const { code, err } = await vectraCdr([
      "export",
      "--once",
      "--to",
      desk.lake,
      "--url",
      "http://vectra.example",
    ]);

    expect([code, existsSync(desk.lake)]).toEqual([2, false]);
    expect(err).toContain("tenant.url: must be an https origin without a path");
  });
});
