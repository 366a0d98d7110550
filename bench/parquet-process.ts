import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProfileName } from "../facts/environment.js";
import { windowToParquetByPublicApi } from "./parquet-public-api.js";
import { noSteps, type Steps, windowToParquet } from "./parquet-window.js";

const WAYS = { ours: windowToParquet, publicApi: windowToParquetByPublicApi };

/** What the process is asked to do: files of pages, window by window, into Parquet files in a folder. */
export interface ParquetTask {
  readonly way: keyof typeof WAYS;
  readonly profile: ProfileName;
  readonly windows: readonly (readonly string[])[];
  readonly folder: string;
}

/** What it answers. */
export interface ParquetTimes {
  readonly seconds: number;
  /** Milliseconds. */
  readonly steps: Steps;
}

/* A process of its own, so that the function's code runs as Lambda runs it: bundled, and with nothing beside it. */
process.on("message", ({ way, profile, windows, folder }: ParquetTask) => {
  mkdirSync(folder, { recursive: true });
  const steps = noSteps();
  const began = performance.now();
  for (const [window, files] of windows.entries()) {
    const texts = files.map((file) => readFileSync(file, "utf8"));
    for (const [part, object] of WAYS[way](texts, profile, steps).entries()) {
      writeFileSync(join(folder, `${window}-${part}.parquet`), object);
    }
  }
  const times: ParquetTimes = { seconds: (performance.now() - began) / 1000, steps };
  process.send?.(times);
});
