import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { colouredTable } from "../command-line/table.js";
import { answered, WRONG_USAGE } from "../command-line/usage.js";
import { measureBacklogMemory } from "./backlog.js";
import { measureColdStart } from "./cold-start.js";
import { median } from "./median.js";
import { type MemberAccountsCost, measureMemberAccounts } from "./member-accounts.js";
import { MEASURED_PROFILES, measureParquet, type ParquetThroughput } from "./parquet.js";
import { measureSynth } from "./synth.js";

/** One line of the result. */
interface Measurement {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

/** Settings of a measurement. */
interface Run {
  /** Measures only enough to show that it works. */
  readonly smoke: boolean;
  /** Number of repetitions of each measurement. */
  readonly repetitions: number;
  /** For files; removed at the end. */
  readonly directory: string;
}

/** The parts, in the order in which they run. */
const PARTS: Readonly<Record<string, (run: Run) => Promise<Measurement[]>>> = {
  synth,
  members,
  start,
  parquet,
  memory,
};

const HELP = `Measures what users wait for and pay for (npm run bench -- <options>)

  --only <part>  one of ${Object.keys(PARTS).join(", ")}
  --smoke        run everything once on little data, to see that it works
  --json         print JSON
  --help, --version`;

/**
 * Measures what users wait for and pay for: synthesis, the function's size and start, and its throughput. Each number
 * is the median of five consecutive runs; compare only runs on the same machine.
 *
 * `--only <part>` measures one part: `synth`, `members` (an organization's member accounts), `start` (the function's
 * size and start), `parquet` (from page to Parquet, compared with others) or `memory` (of a backlog); `--smoke` runs
 * everything once on little data, to see that it works; `--json` prints JSON.
 */
async function main(): Promise<void> {
  process.exitCode = answered(process.argv.slice(2), HELP);
  if (process.exitCode !== undefined) {
    return;
  }
  let options: Options;
  try {
    options = readOptions();
  } catch (error) {
    console.error(`error: ${(error as Error).message}\n\n${HELP}`);
    process.exitCode = WRONG_USAGE;
    return;
  }
  const { parts, smoke, json } = options;
  const repetitions = smoke ? 1 : 5;
  const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-bench-"));
  try {
    const measurements: Measurement[] = [];
    for (const [, measure] of parts) {
      measurements.push(...(await measure({ smoke, repetitions, directory })));
    }
    console.log(json ? JSON.stringify({ repetitions, measurements }, undefined, 2) : asTable(measurements));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Options {
  readonly parts: readonly (readonly [name: string, measure: (run: Run) => Promise<Measurement[]>])[];
  readonly smoke: boolean;
  readonly json: boolean;
}

/** @throws Error that names the option, its value and what is allowed */
function readOptions(): Options {
  const { values } = parseArgs({
    options: { only: { type: "string" }, smoke: { type: "boolean" }, json: { type: "boolean" } },
  });
  const { only, smoke = false, json = false } = values;
  const parts = Object.entries(PARTS).filter(([name]) => only === undefined || name === only);
  if (parts.length === 0) {
    throw new Error(`--only is "${only}": use one of ${Object.keys(PARTS).join(", ")}.`);
  }
  return { parts, smoke, json };
}

async function synth({ repetitions, directory }: Run): Promise<Measurement[]> {
  progress("synthesis of examples/organization");
  const costs = await repeat(repetitions, () => measureSynth(directory));
  return [
    { what: "synth: wall time", value: median(costs.map(({ seconds }) => seconds)), unit: "s" },
    { what: "synth: peak memory", value: median(costs.map(({ megabytes }) => megabytes)), unit: "MB" },
  ];
}

async function members({ smoke, repetitions, directory }: Run): Promise<Measurement[]> {
  const accounts = smoke ? 20 : 200;
  progress(`synthesis of ${accounts} member accounts`);
  const costs = await repeat(repetitions, () => measureMemberAccounts(directory, accounts));
  const what = `synth of ${accounts} member accounts`;
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

async function start({ repetitions, directory }: Run): Promise<Measurement[]> {
  progress("the function's size and start");
  const starts = await repeat(repetitions, () => measureColdStart(directory));
  return [
    { what: "function: zip", value: median(starts.map(({ kilobytes }) => kilobytes)), unit: "kB" },
    {
      what: "function: time until the handler is ready, minus Node's own start",
      value: median(starts.map(({ milliseconds }) => milliseconds)),
      unit: "ms",
    },
  ];
}

async function parquet({ smoke, repetitions, directory }: Run): Promise<Measurement[]> {
  const events = smoke ? 10_000 : 100_000;
  const measurements: Measurement[] = [];
  for (const profile of MEASURED_PROFILES) {
    progress(`${profile} events from page to Parquet, compared with others`);
    const measured = await measureParquet(profile, events, repetitions, directory);
    measurements.push(...throughput(measured, profile, events));
  }
  return measurements;
}

function throughput(parquet: ParquetThroughput, profile: string, events: number): Measurement[] {
  const { ours, publicApi, duckDb, duckDbAtOnce, encodeOnly, bytesPerEvent, steps } = parquet;
  const way = `${profile}, ${events.toLocaleString("en")} events from page JSON to Parquet`;
  return [
    { what: `${way}: the function's code`, value: ours, unit: "events/s" },
    { what: "  our mapping, hyparquet-writer's public API, no checks", value: publicApi, unit: "events/s" },
    { what: "  DuckDB, no checks, windows of 10,000 like the function", value: duckDb, unit: "events/s" },
    { what: "  DuckDB, no checks, everything in one statement", value: duckDbAtOnce, unit: "events/s" },
    { what: "  ours / public API", value: ours / publicApi, unit: "times" },
    { what: "  ours / DuckDB, windows", value: ours / duckDb, unit: "times" },
    { what: "  ours / DuckDB, one statement", value: ours / duckDbAtOnce, unit: "times" },
    { what: "  encoder alone: ours", value: encodeOnly.ours, unit: "events/s" },
    { what: "  encoder alone: public API", value: encodeOnly.publicApi, unit: "events/s" },
    {
      what: "  encoder alone: ours / public API",
      value: encodeOnly.ours / encodeOnly.publicApi,
      unit: "times",
    },
    ...Object.entries(steps).map(([step, value]) => ({ what: `  ours: ${step}`, value, unit: "µs/event" })),
    { what: "  Parquet size", value: bytesPerEvent, unit: "bytes/event" },
  ];
}

async function memory({ smoke, directory }: Run): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const events of smoke ? [10_000] : [10_000, 100_000, 1_000_000]) {
    progress(`memory for a backlog of ${events} events`);
    const what = `function: peak memory without SDK, backlog of ${events.toLocaleString("en")}, one run`;
    measurements.push({ what, value: await measureBacklogMemory(events, directory), unit: "MB" });
  }
  return measurements;
}

function progress(what: string): void {
  console.error(`measuring ${what} ...`);
}

async function repeat<T>(times: number, measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let run = 0; run < times; run += 1) {
    results.push(await measure());
  }
  return results;
}

function asTable(measurements: readonly Measurement[]): string {
  return colouredTable(
    ["what", "median", "unit"],
    measurements.map(({ what, value, unit }) => [
      what,
      value.toLocaleString("en", { maximumSignificantDigits: 3 }),
      unit,
    ]),
    { rightAligned: [1] },
  ).trimEnd();
}

await main();
