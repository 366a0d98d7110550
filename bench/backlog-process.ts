import { createInterface } from "node:readline";
import { DEFAULT_PROFILE } from "../facts/environment.js";
import { PAGE_EVENTS, WINDOW_EVENTS } from "./pages.js";
import { noSteps, windowToParquet } from "./parquet-window.js";

/*
 * A process that takes page texts, one a line, from its input through to Parquet, window by window as the function
 * does, and prints the most bytes that were resident after any window. Not maxRSS, which a process inherits from the
 * one that started it.
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
