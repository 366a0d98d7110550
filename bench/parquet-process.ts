import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProfileName } from "../facts/profiles.js";
import { windowToParquetByPublicApi } from "./parquet-public-api.js";
import { noSteps, type Steps, windowToParquet } from "./parquet-window.js";

const WAYS = { ours: windowToParquet, publicApi: windowToParquetByPublicApi };

/** The process's task: turn files with pages, window by window, into Parquet files in a folder. */
export interface ParquetTask {
  readonly way: keyof typeof WAYS;
  readonly profile: ProfileName;
  readonly windows: readonly (readonly string[])[];
  readonly folder: string;
}

/** The process's result. */
export interface ParquetTimes {
  readonly seconds: number;
  /** Milliseconds. */
  readonly steps: Steps;
}

/* A separate process, so that the function's code runs as in Lambda: bundled, and alone. */
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
