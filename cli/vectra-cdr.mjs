#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";
import { become, isNode24, node24Executable } from "../node24/node24.mjs";

// A folder's exporter needs zstd and SQLite of Node 24. Without one the commands that need neither still run, and
// the others say what they need.
const executable = isNode24() ? undefined : node24Executable();
if (executable === undefined) {
  register();
  await import("./main.ts");
} else {
  become(executable, [fileURLToPath(import.meta.url), ...process.argv.slice(2)]);
}
