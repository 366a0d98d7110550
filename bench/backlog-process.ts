import { createInterface } from "node:readline";
import { DEFAULT_PROFILE } from "../facts/profiles.js";
import { PAGE_EVENTS, WINDOW_EVENTS } from "./pages.js";
import { noSteps, windowToParquet } from "./parquet-window.js";

/*
 * A process that turns pages from its input, one per line, into Parquet, window by window as the function
 * does, and prints the maximum resident bytes after any window. Not maxRSS, which a process inherits from its
 * parent.
 */
let texts: string[] = [];
let mostBytes = 0;
const steps = noSteps();
for await (const text of createInterface({ input: process.stdin })) {
  texts.push(text);
  if (texts.length === WINDOW_EVENTS / PAGE_EVENTS) {
    windowToParquet(texts, DEFAULT_PROFILE, steps);
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
    texts = [];
  }
}
console.log(mostBytes);
