import { execFile, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalState } from "../../cli/exporters/local/local-state.js";
import { type Desk, startDesk, vectraCdr } from "./command-line.js";

const STATE = ".vectra-cdr.sqlite";
/** A user who owns nothing here; root, whom no mode stops, becomes it. */
const NOBODY = 65_534;

let desk: Desk;

beforeEach(async () => {
  desk = await startDesk();
  await vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url, "--tenant", "acme"]);
});
afterEach(() => desk.close());

/** Everything in the folder: path, size, time of the last change in nanoseconds. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => {
      const { size, mtimeNs } = statSync(join(folder, String(name)), { bigint: true });
      return `${name} ${size} ${mtimeNs}`;
    })
    .sort();
}

/** Lets everybody read, and nobody write. */
function makeReadOnly(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chmodSync(join(name.parentPath, name.name), name.isDirectory() ? 0o555 : 0o444);
  }
  chmodSync(folder, 0o555);
  chmodSync(join(folder, ".."), 0o755);
}

function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chmodSync(join(name.parentPath, name.name), name.isDirectory() ? 0o755 : 0o644);
  }
}

const PROGRAM = join(import.meta.dirname, "..", "..", "cli", "vectra-cdr.mjs");
const isRoot = process.geteuid?.() === 0;
/** Somebody whom modes stop, where they can read this project at all. */
const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
const canBeRefused =
  process.platform !== "win32" &&
  spawnSync(process.execPath, ["-e", `require("fs").readFileSync(${JSON.stringify(PROGRAM)})`], user)
    .status === 0;

/** Runs one command line as that user. */
function asUser(parameters: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const done = (error: { code?: unknown } | null, out: string, err: string) =>
      resolve({ code: Number(error?.code ?? 0), out, err });
    execFile(process.execPath, [PROGRAM, ...parameters], canBeRefused ? user : {}, done);
  });
}

const READING = [
  ["status"],
  ["checkpoint", "show"],
  ["query", "--limit", "1"],
  ["preview", "--tenant", "acme"],
  ["export", "--dry-run"],
] as const;

// Processes of their own, on a machine that may be busy.
describe("GIVEN a folder that this user may only read", { timeout: 60_000 }, () => {
  it.each(READING.map((command) => [command]))(
    "WHEN it is read by %j THEN that works, and nothing in it changes",
    async (command) => {
      desk.tenant.advance(300_000);
      const before = contents(desk.lake);
      makeReadOnly(desk.lake);

      const { code, out, err } = await asUser([...command, "--lake", desk.lake]);

      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).not.toBe("");
      makeWritable(desk.lake);
      expect(contents(desk.lake)).toEqual(before);
    },
  );

  it.runIf(canBeRefused)(
    "WHEN a dry run is made THEN its objects are in a temporary folder, which is named",
    async () => {
      desk.tenant.advance(300_000);
      makeReadOnly(desk.lake);

      const { out } = await asUser(["export", "--dry-run", "--lake", desk.lake]);

      const [, folder = ""] = / is read-only, so the objects are in (\S+); /.exec(out) ?? [];
      expect(
        readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".parquet")),
      ).toEqual([
        "region=local/accountId=000000000000/eventDay=20260201/vectra-acme-v3.4-4865-4897.zstd.parquet",
      ]);
      rmSync(folder, { recursive: true });
      makeWritable(desk.lake);
    },
  );

  it.runIf(canBeRefused)(
    "WHEN it is exported into THEN the error names the path and the remedy",
    async () => {
      makeReadOnly(desk.lake);

      const { code, err } = await asUser(["export", "--once", "--lake", desk.lake]);

      expect({ code, err }).toEqual({
        code: 1,
        err:
          `error: ${join(desk.lake, STATE)}: is read-only (SQLite: attempt to write a readonly database). ` +
          "Use a folder on a file system that can be written to.\n",
      });
      makeWritable(desk.lake);
    },
  );
});

describe("GIVEN a state that a writer has open, or left behind", () => {
  it("WHEN a writer has it open THEN its last update is read, and the folder does not change", async () => {
    const state = LocalState.open(desk.lake);
    await state.table.update({ pk: "acme#v3.4", sk: "checkpoint" }, { set: { next_from: 4866 } });
    const before = contents(desk.lake);

    const { out } = await vectraCdr(["checkpoint", "show", "--lake", desk.lake]);

    expect(out).toContain("begins at cursor 4866;");
    expect(contents(desk.lake)).toEqual(before);
    state.close();
  });

  it.each([
    ["with its log's index", true],
    ["without it, as in a backup", false],
  ])(
    "WHEN the writer was killed and the log is there %s THEN its last update is read all the same",
    async (_, withIndex) => {
      const state = LocalState.open(desk.lake);
      await state.table.update({ pk: "acme#v3.4", sk: "checkpoint" }, { set: { next_from: 4866 } });
      const copy = desk.folder("copy");
      cpSync(desk.lake, copy, { recursive: true });
      state.close();
      if (!withIndex) {
        rmSync(join(copy, `${STATE}-shm`));
      }
      const before = contents(copy);

      const { out } = await vectraCdr(["checkpoint", "show", "--lake", copy]);

      expect(out).toContain("begins at cursor 4866;");
      expect(contents(copy)).toEqual(before);
    },
  );
});

describe("GIVEN what disks and SQLite refuse", () => {
  it("WHEN the state is no database THEN path and remedy are told, when it is read and when it is written", async () => {
    const folder = desk.folder("other");
    mkdirSync(folder);
    writeFileSync(join(folder, STATE), "this is no database, and it is long enough to be one: ".repeat(20));
    const message =
      `error: ${join(folder, STATE)}: is damaged, or is not a state of vectra-cdr (SQLite: file is not a database). Restore it ` +
      "from a backup, or move it away and continue as described in cli/README.md under “When the state is lost”.\n";

    expect(await vectraCdr(["status", "--lake", folder])).toEqual({ code: 1, out: "", err: message });
    expect(await vectraCdr(["export", "--once", "--to", folder, "--url", desk.tenant.url])).toEqual({
      code: 1,
      out: "",
      err: message,
    });
  });

  it.each([
    ["--once", ""],
    ["--dry-run", "/dry-run"],
  ])("WHEN a file is in the place of the folder of %s THEN path and remedy are told", async (how, below) => {
    const file = desk.folder("file");
    writeFileSync(file, "");

    const { code, err } = await vectraCdr([
      ...["export", how, "--to", join(file, "lake")],
      ...["--url", desk.tenant.url],
    ]);

    expect({ code, err }).toEqual({
      code: 1,
      err:
        `error: ${join(file, "lake")}${below}: is a file where a folder is needed (ENOTDIR). ` +
        "Use another folder, or move the file away.\n",
    });
  });

  it("WHEN an object of the lake is damaged THEN it is named", async () => {
    const [object = ""] = readdirSync(desk.lake, { recursive: true })
      .map((name) => join(desk.lake, String(name)))
      .filter((name) => name.includes("eventDay=20260201") && name.endsWith(".parquet"));
    writeFileSync(object, "PAR1, or not");

    const { code, err } = await vectraCdr(["query", "--lake", desk.lake]);

    expect(code).toBe(1);
    expect(err).toContain(`error: ${object}: `);
  });
});
