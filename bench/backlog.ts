import { PAGE_EVENTS, pageTexts, WINDOW_EVENTS } from "./pages.js";
import { noSteps, windowToParquet } from "./parquet-window.js";

/*
 * A process that exports a backlog window by window, as the function does, and prints the most memory that was ever
 * resident, in megabytes (10^6 bytes): `tsx bench/backlog.ts <events>`. A process of its own, because that number
 * never falls.
 */
let texts: string[] = [];
const steps = noSteps();
for (const text of pageTexts(Number(process.argv[2]))) {
  texts.push(text);
  if (texts.length === WINDOW_EVENTS / PAGE_EVENTS) {
    windowToParquet(texts, steps);
    texts = [];
  }
}
const kilobyte = 1024; // maxRSS counts these.
console.log((process.resourceUsage().maxRSS * kilobyte) / 1e6);
