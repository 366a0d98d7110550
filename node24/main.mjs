#!/usr/bin/env node
import { become, node24Executable } from "./node24.mjs";

const executable = node24Executable();
if (executable === undefined) {
  console.error(
    `node24: package-lock.json has no Node 24 for ${process.platform}-${process.arch}, or npm omitted optional ` +
      `dependencies, and this is Node ${process.versions.node}. ` +
      "Run npm ci without --omit=optional, or start npm with Node 24.",
  );
  process.exitCode = 1;
} else {
  become(executable, process.argv.slice(2));
}
