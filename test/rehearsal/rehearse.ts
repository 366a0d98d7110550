import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const MAIN = resolve("rehearsal/main.ts");
const TSX = import.meta.resolve("tsx");
/** Where the rehearsals run: the person's own folder. */
export const directory = mkdtempSync(join(realpathSync(tmpdir()), "a rehearsal "));

/** Runs `npm start -- <options>` in a directory of its own, whose path has a space; always the same one. */
export function rehearse(
  ...options: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
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

/** Removes what the rehearsals have written. */
export function forgetRehearsals(): void {
  rmSync(directory, { recursive: true, force: true });
}
