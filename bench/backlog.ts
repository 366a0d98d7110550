import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { bundled } from "./bundled.js";
import { pageTexts } from "./pages.js";

/** The function's memory, which these limits apply to, in megabytes. */
const FUNCTION_MEGABYTES = 512;
/** Heap limits in proportion to it, because Node derives its own from the machine: 90 % for old objects, 5 % for a young semi-space. */
export const LAMBDA_LIMITS = [
  `--max-old-space-size=${Math.floor(FUNCTION_MEGABYTES * 0.9)}`,
  `--max-semi-space-size=${Math.floor(FUNCTION_MEGABYTES * 0.05)}`,
];

/**
 * The maximum resident memory while a backlog is turned from pages into Parquet, including Node, without the AWS SDK.
 *
 * @param events a multiple of 10,000.
 * @returns megabytes (10^6 bytes).
 */
export async function measureBacklogMemory(events: number, directory: string): Promise<number> {
  const child = spawn(process.execPath, [...LAMBDA_LIMITS, bundled("backlog-process.ts", directory)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const printed = text(child.stdout);
  const ended = once(child, "close");
  await pipeline(linesOf(pageTexts(events)), child.stdin);
  const [code] = (await ended) as [number | null];
  if (code !== 0) {
    throw new Error(`The export of ${events} events ended with exit code ${code}.`);
  }
  return Number(await printed) / 1e6;
}

function* linesOf(texts: Iterable<string>): Generator<string> {
  for (const page of texts) {
    yield `${page}\n`;
  }
}
