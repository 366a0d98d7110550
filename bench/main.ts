import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { measureBacklogMemory } from "./backlog.js";
import { measureColdStart } from "./cold-start.js";
import { median } from "./median.js";
import { type MemberAccountsCost, measureMemberAccounts } from "./member-accounts.js";
import { measureParquet, type ParquetThroughput } from "./parquet.js";
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
    const members = values.smoke ? 20 : 200;
    progress(`synthesis of ${members} member accounts`);
    const memberCosts = await repeat(repetitions, () => measureMemberAccounts(directory, members));
    progress("the function's size and start");
    const starts = await repeat(repetitions, () => measureColdStart(directory));
    progress("events from page to Parquet, beside others");
    const batch = values.smoke ? 10_000 : 100_000;
    const parquet = await measureParquet(batch, repetitions, directory);
    const memory: Measurement[] = [];
    for (const events of values.smoke ? [10_000] : [10_000, 100_000, 1_000_000]) {
      progress(`memory for a backlog of ${events} events`);
      const what = `function: peak memory without SDK, backlog of ${events.toLocaleString("en")}, one run`;
      memory.push({ what, value: await measureBacklogMemory(events, directory), unit: "MB" });
    }
    const measurements: Measurement[] = [
      { what: "synth: wall time", value: median(synths.map(({ seconds }) => seconds)), unit: "s" },
      { what: "synth: peak memory", value: median(synths.map(({ megabytes }) => megabytes)), unit: "MB" },
      ...memberAccounts(memberCosts, members),
      { what: "function: zip", value: median(starts.map(({ kilobytes }) => kilobytes)), unit: "kB" },
      {
        what: "function: handler ready, above Node's own start",
        value: median(starts.map(({ milliseconds }) => milliseconds)),
        unit: "ms",
      },
      ...throughput(parquet, batch),
      ...memory,
    ];
    console.log(
      values.json ? JSON.stringify({ repetitions, measurements }, undefined, 2) : asTable(measurements),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function memberAccounts(costs: readonly MemberAccountsCost[], members: number): Measurement[] {
  const what = `synth of ${members} member accounts`;
  const middle = (of: (cost: MemberAccountsCost) => number) => median(costs.map(of));
  return [
    { what: `${what}: wall time`, value: middle(({ seconds }) => seconds), unit: "s" },
    { what: `${what}: peak memory`, value: middle(({ megabytes }) => megabytes), unit: "MB" },
    {
      what: `${what}: bucket policy of 20,480`,
      value: middle((cost) => cost.bucketPolicyBytes),
      unit: "bytes",
    },
    { what: `${what}: key policy of 32,768`, value: middle((cost) => cost.keyPolicyBytes), unit: "bytes" },
    {
      what: `${what}: topic policy of 30,720`,
      value: middle((cost) => cost.topicPolicyBytes),
      unit: "bytes",
    },
  ];
}

function throughput(parquet: ParquetThroughput, events: number): Measurement[] {
  const { ours, publicApi, duckDb, duckDbAtOnce, encodeOnly, bytesPerEvent, steps } = parquet;
  const way = `page JSON to Parquet, ${events.toLocaleString("en")} events`;
  return [
    { what: `${way}: the function's code`, value: ours, unit: "events/s" },
    { what: `${way}: with hyparquet-writer's public API`, value: publicApi, unit: "events/s" },
    { what: `${way}: DuckDB, windows of 10,000 as the function`, value: duckDb, unit: "events/s" },
    { what: `${way}: DuckDB, everything in one statement`, value: duckDbAtOnce, unit: "events/s" },
    { what: "  ours / public API", value: ours / publicApi, unit: "times" },
    { what: "  ours / DuckDB, windows", value: ours / duckDb, unit: "times" },
    { what: "  ours / DuckDB, one statement", value: ours / duckDbAtOnce, unit: "times" },
    { what: "encoder alone: ours", value: encodeOnly.ours, unit: "events/s" },
    { what: "encoder alone: hyparquet-writer's public API", value: encodeOnly.publicApi, unit: "events/s" },
    ...Object.entries(steps).map(([step, value]) => ({ what: `  ours: ${step}`, value, unit: "µs/event" })),
    { what: "Parquet size", value: bytesPerEvent, unit: "bytes/event" },
  ];
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
