import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

function run(main: string, option: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", main, option], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

it.each(["main.ts", "rehearsal/main.ts", "simulator/main.ts", "bench/main.ts", "cli/main.ts"])(
  "GIVEN %s WHEN help or the version is asked for, or an option is not known THEN it answers, and ends with 0 or 2",
  { timeout: 60_000 },
  (main) => {
    expect(run(main, "--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
    expect(run(main, "--help")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("--version"),
      stderr: "",
    });
    expect(run(main, "--jsn")).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("--jsn"),
    });
  },
);
