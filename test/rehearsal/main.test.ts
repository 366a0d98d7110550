import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { directory, forgetRehearsals, rehearse } from "./rehearse.js";

interface Result {
  ok: boolean;
  deployment: { stacks: { id: string; accountId: string }[] };
  function: { handler: string; runtime: string; zip: string };
  ticks: { newEvents: number; incident: string | null; objectsWritten: number; checkpoint: number }[];
  objects: { key: string; events: number; bytes: number; firstEvent: string; lastEvent: string }[];
  record: Record<string, unknown> & { finding: { supporting_data: string } };
  checkpoint: Record<string, unknown>;
  verification: Record<string, unknown>;
  places: { terraform: string; lake: string; functionLog: string };
}

afterAll(forgetRehearsals);

describe("npm start", { timeout: 120_000 }, () => {
  it("takes every event into the lake once, through a throttled tenant and a killed function, and writes below rehearsal.out only", async () => {
    const own = join(directory, "cdktf.out");
    mkdirSync(own);
    writeFileSync(join(own, "manifest.json"), "the user's own deployment");

    const { code, stdout, stderr } = await rehearse("--ticks", "3", "--json");

    expect(stderr).toBe("");
    expect(readdirSync(directory).sort()).toEqual(["cdktf.out", "rehearsal.out"]);
    expect(readdirSync(own)).toEqual(["manifest.json"]);
    expect(readFileSync(join(own, "manifest.json"), "utf8")).toBe("the user's own deployment");
    const result = JSON.parse(stdout) as Result;
    expect(code).toBe(0);
    expect(result.ok).toBe(true);
    expect(result.verification).toEqual({
      tenantEvents: 75,
      lakeRecords: 75,
      missing: [],
      doubled: [],
      unknown: [],
    });
    expect(result.deployment.stacks.map(({ id, accountId }) => `${id} ${accountId}`)).toEqual([
      "log-archive 222222222222",
      "management 111111111111",
      "security-lake 333333333333",
    ]);
    expect(result.function).toMatchObject({ handler: "index.handler", runtime: "nodejs24.x" });
    expect(result.function.zip).toContain(
      join("rehearsal.out", "cdktf.out", "stacks", "security-lake", "assets"),
    );
    expect(result.places.terraform).toBe(join(directory, "rehearsal.out", "cdktf.out"));
    expect(result.ticks).toMatchObject([
      { newEvents: 25, incident: "throttled" },
      { newEvents: 25, incident: "killed" },
      { newEvents: 25, incident: null },
    ]);
    // One object a window, two where the rehearsal crosses midnight; the killed window's is written twice.
    const [first, killed, last] = result.ticks.map(({ objectsWritten }) => objectsWritten);
    expect(last).toBeGreaterThan(killed ?? 0);
    expect(result.objects.length).toBe((first ?? 0) + (last ?? 0));
    expect(result.ticks[1]?.checkpoint).toBe(result.ticks[0]?.checkpoint);
    expect(result.checkpoint).toMatchObject({
      pk: "acme#v3.4",
      sk: "checkpoint",
      next_from: result.ticks[2]?.checkpoint,
    });
    expect(result.checkpoint).toMatchObject({ intent: null });
    expect(result.objects.reduce((sum, { events }) => sum + events, 0)).toBe(75);
    for (const { key } of result.objects) {
      expect(key).toMatch(
        /^ext\/vectra-cdr\/region=eu-west-1\/accountId=333333333333\/eventDay=\d{8}\/vectra-acme-v3\.4-\d+-\d+\.zstd\.parquet$/,
      );
    }

    const { assignment, last_detection_id } = JSON.parse(result.record.finding.supporting_data);
    expect(assignment).toMatch(/^(analyst1|analyst2|soc-tier2)$/);
    expect(last_detection_id).toBeGreaterThan(0);
    expect(result.record["status_detail"]).toMatch(/^Score (in|de)crease$/);

    const log = await readFile(result.places.functionLog, "utf8");
    expect(log).toContain("Run succeeded");
    expect(log).not.toContain("rehearsal-secret");
  });

  it.each([
    [["--ticks", "2"], '--ticks is "2": use a whole number from 3 to 48.'],
    [["--jsn"], "Unknown option '--jsn'"],
  ])("refuses %j", async (options, message) => {
    const { code, stdout, stderr } = await rehearse(...options);

    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toBe(`${message}\nnpm start -- --help lists the options.\n`);
  });
});
