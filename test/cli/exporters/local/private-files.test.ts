import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeAbandonedFiles, unfinishedName } from "../../../../cli/exporters/local/unfinished-files.js";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");
const PARTITION = join("region=local", "accountId=000000000000", "eventDay=20260201");

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "private files "));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What a writer makes in a new folder, as a process with that umask: paths with their modes. */
function madeWith(umask: string): string[] {
  const script = `
    process.umask(${umask});
    const { LocalState } = await import("./cli/exporters/local/local-state.ts");
    const { FolderLake } = await import("./cli/exporters/local/folder-lake.ts");
    const { readdirSync, statSync } = await import("node:fs");
    const { join } = await import("node:path");
    const folder = join(${JSON.stringify(directory)}, "above", "lake");
    const state = LocalState.open(folder);
    await state.table.update({ pk: "acme#v3.4", sk: "checkpoint" }, { set: { next_from: 1 } });
    const object = { accountId: "000000000000", eventDay: "20260201", name: "x.parquet", body: new Uint8Array([1]) };
    await new FolderLake(folder, "local").put(object);
    for (const name of ["", "lake", ...readdirSync(folder, { recursive: true }).map((each) => join("lake", each))]) {
      console.log((statSync(join(folder, "..", name)).mode & 0o777).toString(8), name);
    }`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", script],
    { cwd: ROOT, encoding: "utf8" },
  );
  expect(stderr).toBe("");
  return stdout.trimEnd().split("\n").sort();
}

it.runIf(process.platform !== "win32").each([["0o000"], ["0o022"], ["0o077"]])(
  "GIVEN the umask %s WHEN folders and files are made THEN they are the owner's alone",
  { timeout: 60_000 },
  (umask) => {
    expect(madeWith(umask)).toEqual([
      "600 lake/.vectra-cdr.sqlite",
      "600 lake/.vectra-cdr.sqlite-shm",
      "600 lake/.vectra-cdr.sqlite-wal",
      "600 lake/region=local/accountId=000000000000/eventDay=20260201/x.parquet",
      "700 ",
      "700 lake",
      "700 lake/region=local",
      "700 lake/region=local/accountId=000000000000",
      "700 lake/region=local/accountId=000000000000/eventDay=20260201",
    ]);
  },
);

describe("GIVEN objects that were being written", () => {
  const HOUR = 3_600_000;
  const ENDED = `.${encodeURIComponent(`${hostname()}/999999999/7f0c4f6e-2f5b-4f0e-9d0a-2f6f6f6f6f6f`)}.tmp`;
  const ELSEWHERE = `.${encodeURIComponent("other-host/1/7f0c4f6e-2f5b-4f0e-9d0a-2f6f6f6f6f6f")}.tmp`;
  const OLD_NAME = ".7f0c4f6e-2f5b-4f0e-9d0a-2f6f6f6f6f6f.tmp";

  function write(name: string, age: number, folder = PARTITION): void {
    mkdirSync(join(directory, folder), { recursive: true });
    const path = join(directory, folder, name);
    writeFileSync(path, "");
    const seconds = (Date.now() - age) / 1000;
    utimesSync(path, seconds, seconds);
  }

  const left = () => readdirSync(join(directory, PARTITION)).sort();

  it("WHEN their process is gone, or they are older than any run THEN they are removed", async () => {
    write(ENDED, 0);
    write(ELSEWHERE, 3 * HOUR);
    write(OLD_NAME, 3 * HOUR);

    await removeAbandonedFiles(directory, 2 * HOUR);

    expect(left()).toEqual([]);
  });

  it("WHEN another process may still be writing them THEN they stay, and so does what is not ours", async () => {
    const mine = unfinishedName();
    write(mine, 0);
    write(ELSEWHERE, HOUR);
    write("notes.tmp", 3 * HOUR);
    write("vectra-acme-v3.4-0-5.zstd.parquet", 3 * HOUR);
    write(".7f0c4f6e-2f5b-4f0e-9d0a-2f6f6f6f6f6f.tmp", 3 * HOUR, "elsewhere");

    await removeAbandonedFiles(directory, 2 * HOUR);

    expect(left()).toEqual([mine, ELSEWHERE, "notes.tmp", "vectra-acme-v3.4-0-5.zstd.parquet"].sort());
    expect(statSync(join(directory, "elsewhere", OLD_NAME)).size).toBe(0);
  });
});
