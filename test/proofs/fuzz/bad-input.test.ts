import { describe } from "vitest";
import { proveBadInput } from "./fuzz.js";

// A sample; `npm run test:exactly-once` takes 10,000 events in as many pages.
describe("bad input", () => {
  proveBadInput({ events: 100, seed: 1 });
});
