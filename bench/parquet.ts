import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundled } from "./bundled.js";
import { median } from "./median.js";
import { PAGE_EVENTS, pageTexts, WINDOW_EVENTS } from "./pages.js";
import { assertSameRows, openDuckDb, pagesToParquet } from "./parquet-duckdb.js";
import type { ParquetTask, ParquetTimes } from "./parquet-process.js";
import type { Steps } from "./parquet-window.js";

/** Medians, on one core. */
export interface ParquetThroughput {
  /** Events per second from files with page JSON to Parquet files, one file for each window and UTC day. */
  readonly ours: number;
  /** The same with hyparquet-writer's public API and our mapping, without validation and conformance gate. */
  readonly publicApi: number;
  /** The same in SQL with DuckDB, without validation and conformance gate, window by window like the function. */
  readonly duckDb: number;
  /** DuckDB again, the whole backlog in one statement, which needs memory for all of it. */
  readonly duckDbAtOnce: number;
  /** Events per second of the encoders alone, from records to bytes. */
  readonly encodeOnly: { readonly ours: number; readonly publicApi: number };
  /** Size of our files. */
  readonly bytesPerEvent: number;
  /** Microseconds per event for each of our steps. */
  readonly steps: Steps;
}

/** The measured profiles: the default, which is nearly flat, and the newest, which has lists and a map. */
export const MEASURED_PROFILES = ["vectra", "detection-finding-1.3"] as const;

/**
 * Measures the way from page JSON to Parquet on one core, ours and two others in turn, and checks that all of them write
 * the same rows.
 *
 * @param events a multiple of 1,000.
 * @param rounds number of measured rounds, after one warm-up round; the result is their median.
 * @param directory for the files; the caller removes it.
 */
export async function measureParquet(
  profile: (typeof MEASURED_PROFILES)[number],
  events: number,
  rounds: number,
  directory: string,
): Promise<ParquetThroughput> {
  const pages = writePages(events, join(directory, "pages"));
  const windows = Array.from({ length: Math.ceil(events / WINDOW_EVENTS) }, (_, window) =>
    pages.slice((window * WINDOW_EVENTS) / PAGE_EVENTS, ((window + 1) * WINDOW_EVENTS) / PAGE_EVENTS),
  );
  const duckDb = await openDuckDb();
  const program = bundled("parquet-process.ts", directory);
  const processes = { ours: startProcess(program), publicApi: startProcess(program) };
  const folders = {
    ours: join(directory, profile, "ours"),
    publicApi: join(directory, profile, "public-api"),
    duckDb: join(directory, profile, "duckdb"),
    duckDbAtOnce: join(directory, profile, "duckdb-at-once"),
  };
  const seconds: Record<keyof typeof folders, number[]> = {
    ours: [],
    publicApi: [],
    duckDb: [],
    duckDbAtOnce: [],
  };
  const steps: Record<"ours" | "publicApi", Steps[]> = { ours: [], publicApi: [] };

  for (let round = 0; round <= rounds; round += 1) {
    for (const way of ["ours", "publicApi"] as const) {
      const times = await processes[way].run({ way, profile, windows, folder: folders[way] });
      steps[way].push(times.steps);
      seconds[way].push(times.seconds);
    }
    for (const [name, batches] of [
      ["duckDb", windows],
      ["duckDbAtOnce", [pages]],
    ] as const) {
      mkdirSync(folders[name], { recursive: true });
      const began = performance.now();
      for (const [index, batch] of batches.entries()) {
        await pagesToParquet(duckDb, profile, batch, join(folders[name], String(index)));
      }
      seconds[name].push((performance.now() - began) / 1000);
    }
  }
  processes.ours.stop();
  processes.publicApi.stop();
  for (const folder of [folders.publicApi, folders.duckDb, folders.duckDbAtOnce]) {
    await assertSameRows(duckDb, folders.ours, folder);
  }
  duckDb.closeSync();

  const perSecond = (values: readonly number[]) => events / median(values.slice(1));
  const stepOf = (runs: readonly Steps[], step: keyof Steps) => median(runs.slice(1).map((run) => run[step]));
  const microseconds = (step: keyof Steps) => (stepOf(steps.ours, step) * 1000) / events;
  return {
    ours: perSecond(seconds.ours),
    publicApi: perSecond(seconds.publicApi),
    duckDb: perSecond(seconds.duckDb),
    duckDbAtOnce: perSecond(seconds.duckDbAtOnce),
    encodeOnly: {
      ours: (events * 1000) / stepOf(steps.ours, "encode"),
      publicApi: (events * 1000) / stepOf(steps.publicApi, "encode"),
    },
    bytesPerEvent: sizeOf(folders.ours) / events,
    steps: {
      parse: microseconds("parse"),
      validate: microseconds("validate"),
      map: microseconds("map"),
      partition: microseconds("partition"),
      encode: microseconds("encode"),
    },
  };
}

/** DuckDB reads pages only from files, so all the others do too. */
function writePages(events: number, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return [...pageTexts(events)].map((text, index) => {
    const file = join(folder, `${String(index).padStart(6, "0")}.json`);
    writeFileSync(file, text);
    return file;
  });
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((bytes, file) => bytes + statSync(join(folder, file)).size, 0);
}

/** Runs tasks one after the other in one process, which keeps its compiled code. */
function startProcess(file: string) {
  const child = fork(file, { execArgv: [] });
  return {
    run: async (task: ParquetTask): Promise<ParquetTimes> => {
      child.send(task);
      const [answer] = await Promise.race([once(child, "message"), once(child, "exit")]);
      if (typeof answer !== "object" || answer === null) {
        throw new Error(`The process for ${task.way} ended with exit code ${answer}.`);
      }
      return answer as ParquetTimes;
    },
    stop: () => child.disconnect(),
  };
}
