import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { measureColdStart } from "./cold-start.js";
import { measureEncoding } from "./encoding.js";
import { median } from "./median.js";
import { measureSynth } from "./synth.js";

/** One line of the result. */
interface Measurement {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/**
 * Measures what users wait for and pay for: synthesis, the function's size and start, and its throughput. Each number
 * is the median of five runs in a row; compare runs of one machine only.
 *
 * `--smoke` runs everything once on little data, to see that it works; `--json` prints for programs.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { smoke: { type: "boolean" }, json: { type: "boolean" } } });
  const repetitions = values.smoke ? 1 : 5;
  const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-bench-"));
  const progress = (what: string) => console.error(`measuring ${what} ...`);
  try {
    progress("synthesis of examples/organization");
    const synths = await repeat(repetitions, () => measureSynth(directory));
    progress("the function's size and start");
    const starts = await repeat(repetitions, () => measureColdStart(directory));
    progress("events from page to Parquet");
    const batch = values.smoke ? 2_000 : 100_000;
    const encodings = await repeat(repetitions, async () => measureEncoding(batch));
    const measurements: Measurement[] = [
      { what: "synth: wall time", value: median(synths.map(({ seconds }) => seconds)), unit: "s" },
      { what: "synth: peak memory", value: median(synths.map(({ megabytes }) => megabytes)), unit: "MB" },
      { what: "function: zip", value: median(starts.map(({ kilobytes }) => kilobytes)), unit: "kB" },
      {
        what: "function: handler ready, above Node's own start",
        value: median(starts.map(({ milliseconds }) => milliseconds)),
        unit: "ms",
      },
      {
        what: `function: page JSON to Parquet bytes, ${batch} events`,
        value: median(encodings.map(({ eventsPerSecond }) => eventsPerSecond)),
        unit: "events/s",
      },
      {
        what: "function: Parquet bytes per event",
        value: median(encodings.map(({ bytesPerEvent }) => bytesPerEvent)),
        unit: "bytes",
      },
    ];
    console.log(
      values.json ? JSON.stringify({ repetitions, measurements }, undefined, 2) : asTable(measurements),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function repeat<T>(times: number, measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < times; run += 1) results.push(await measure());
  return results;
}

function asTable(measurements: readonly Measurement[]): string {
  const table = new Table({
    head: ["what", "median", "unit"],
    colAligns: ["left", "right", "left"],
    style: { head: [], border: [] }, // Its colours come even where nobody can see them.
  });
  for (const { what, value, unit } of measurements) {
    table.push([what, value.toLocaleString("en", { maximumSignificantDigits: 3 }), unit]);
  }
  return table.toString();
}

await main();
