/*
 * A process that runs the bundled function once, and tells how much memory that took: what was resident after the
 * bundle had been loaded, and the most that ever was. Node alone runs it, as in Lambda.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Not maxRSS where there is something better: a process inherits that from the one that started it. */
function peakBytes() {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

const [, , bundle = "", tenant] = process.argv;
const { handler } = await import(pathToFileURL(bundle).href);
const idle = process.memoryUsage.rss();
const endsAt = performance.now() + 280_000;
const context = {
  awsRequestId: "11111111-2222-3333-4444-555555555555",
  functionName: "vectra-cdr-exporter",
  getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
};
const outcome = await handler({ tenant }, context).catch((error) => `${error.name}: ${error.message}`);
process.send({ idle, peak: peakBytes(), outcome }, () => process.exit());
