import { describe } from "vitest";
import { proveCrashMatrix } from "../exactly-once/crash-matrix.js";
import { proveSchedules } from "../exactly-once/schedules.js";

// Samples; `npm run test:exactly-once` crashes at every call and step, and does much more.
describe("every event is in the lake exactly once, when runs die", () => {
  proveCrashMatrix({ every: 48 });
});

describe("every event is in the lake exactly once, after any schedule", () => {
  proveSchedules({ schedules: 2, seed: 1 });
});
