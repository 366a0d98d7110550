import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

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

const MAIN = resolve("rehearsal/main.ts");
const TSX = import.meta.resolve("tsx");

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "a rehearsal "));
});
afterAll(() => rm(directory, { recursive: true }));

/** Runs `npm start -- <options>` in a directory of its own, whose path has a space. */
function rehearse(...options: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ["--import", TSX, MAIN, ...options], {
      cwd: directory,
      env: { ...process.env, NO_COLOR: "1" },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("close", (code) => done({ code, stdout, stderr }));
  });
}

describe("npm start", { timeout: 30_000 }, () => {
  it("takes every event into the lake once, through a throttled tenant and a killed function", async () => {
    const { code, stdout, stderr } = await rehearse("--ticks", "3", "--json");

    expect(stderr).toBe("");
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
    expect(result.function.zip).toContain(join("cdktf.out", "stacks", "security-lake", "assets"));
    expect(result.ticks).toMatchObject([
      { newEvents: 25, incident: "throttled", objectsWritten: 1 },
      { newEvents: 25, incident: "killed", objectsWritten: 1 },
      { newEvents: 25, incident: null, objectsWritten: 2 },
    ]);
    expect(result.ticks[1]?.checkpoint).toBe(result.ticks[0]?.checkpoint);
    expect(result.checkpoint).toMatchObject({
      pk: "acme#v3.4",
      sk: "checkpoint",
      next_from: result.ticks[2]?.checkpoint,
    });
    expect(result.checkpoint).not.toHaveProperty("intent");
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

  it("works again in the same place, and prints sections for a person", async () => {
    const { code, stdout, stderr } = await rehearse("--ticks", "3");

    expect([code, stderr]).toEqual([0, ""]);
    for (const line of [
      /^1 Deployment /m,
      /^ +security-lake +333333333333 +eu-west-1 +\d+ +custom source vectra-cdr/m,
      /^2 Export +tenant acme, rate\(5 minutes\), time compressed$/m,
      /killed after its PUT +checkpoint \d+ +the object is there, the checkpoint has not moved$/m,
      /^3 Lake +s3:\/\/aws-security-data-lake-eu-west-1-/m,
      /vectra-acme-v3\.4-0-\d+\.zstd\.parquet +25 +\d+ +\d\d:\d\d:\d\d +\d\d:\d\d:\d\d/m,
      /^ +finding\.supporting_data\.assignment +"[a-z0-9.-]+"$/m,
      /^ +next_from +\d+$/m,
      /^ +yes: 75 events in the tenant, 75 records in the lake: 0 missing, 0 doubled, 0 unknown$/m,
      /duckdb -c "SELECT .*rehearsal\.out\/lake\/\*\*\/\*\.parquet/m,
      /terraform -chdir=cdktf\.out\/stacks\/security-lake plan$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    // Every row of Vectra's table has a value, and nothing is coloured.
    expect(stdout).not.toContain("missing\n");
    expect(stdout).not.toContain("\u001b");
  });

  it.each([
    [["--ticks", "2"], '--ticks is "2": give a whole number from 3 to 48.'],
    [["--jsn"], "Unknown option '--jsn'"],
  ])("refuses %j", async (options, message) => {
    const { code, stdout, stderr } = await rehearse(...options);

    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toBe(`${message}\nnpm start -- --help lists the options.\n`);
  });
});
