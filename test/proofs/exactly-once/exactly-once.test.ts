import { describe } from "vitest";
import { liveExport } from "../rig/subjects.js";
import { proveChangeMatrix } from "./change-matrix.js";
import { CHANGES } from "./changes.js";
import { proveCrashMatrix } from "./crash-matrix.js";
import { proveSchedules } from "./schedules.js";

// Samples; `npm run test:exactly-once` crashes at every call and step, and does much more.
describe("every event is in the lake exactly once, when runs die", () => {
  proveCrashMatrix({ every: 24, subjects: [liveExport] });
});

describe("every event is in the lake exactly once, after any schedule", () => {
  proveSchedules({ schedules: 2, seed: 1 });
});

describe("every event is where it belongs, whatever changes", () => {
  const sample = ["partition account", "an event of the first window is swapped", "pieces that are missing"];
  const changes = CHANGES.filter(({ title }) => sample.includes(title));
  proveChangeMatrix({ every: 7, names: ["redrive"], changes });
});
