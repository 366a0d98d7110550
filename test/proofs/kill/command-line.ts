import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** How a process ended: by a signal, or with an exit code. */
export interface Ending {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Since its start. */
  readonly milliseconds: number;
}

/** A running process of the command line. */
export interface Running {
  readonly pid: number;
  /** SIGKILL: it cannot be caught, and nothing is tidied up. */
  kill(): void;
  readonly ended: Promise<Ending>;
}

/**
 * Bundles the command line, without any change to what it does: under tsx, a process takes three times as long to start. Like
 * the sources, the bundle loads each command's modules on demand.
 *
 * @returns path of the program.
 */
export function bundleCommandLine(directory: string): string {
  const outdir = join(directory, "cli");
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: ["cli/main.ts"],
    bundle: true,
    splitting: true,
    outdir,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);" },
    logLevel: "silent",
  });
  // The version is read from it.
  copyFileSync(join(ROOT, "package.json"), join(directory, "package.json"));
  return join(outdir, "main.mjs");
}

/** Starts `vectra-cdr <parameters>` in a process of its own, with nobody at a terminal. */
export function startCommand(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Running {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program, ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  const ended = once(child, "close").then(([code, signal]): Ending => {
    return { signal, code, out, err, milliseconds: performance.now() - startedAt };
  });
  return { pid: child.pid ?? 0, kill: () => child.kill("SIGKILL"), ended };
}
