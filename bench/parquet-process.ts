import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeParquet } from "../functions/security-lake-exporter/parquet/encode.js";
import { encodeWithPublicApi } from "./parquet-public-api.js";
import { noSteps, type Steps, windowToParquet } from "./parquet-window.js";

const ENCODERS = { ours: encodeParquet, publicApi: encodeWithPublicApi };

/** What the process is asked to do: files of pages, window by window, into Parquet files in a folder. */
export interface ParquetTask {
  readonly encoder: keyof typeof ENCODERS;
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
process.on("message", ({ encoder, windows, folder }: ParquetTask) => {
  mkdirSync(folder, { recursive: true });
  const steps = noSteps();
  const began = performance.now();
  for (const [window, files] of windows.entries()) {
    const texts = files.map((file) => readFileSync(file, "utf8"));
    for (const [part, object] of windowToParquet(texts, steps, ENCODERS[encoder]).entries()) {
      writeFileSync(join(folder, `${window}-${part}.parquet`), object);
    }
  }
  const times: ParquetTimes = { seconds: (performance.now() - began) / 1000, steps };
  process.send?.(times);
});
