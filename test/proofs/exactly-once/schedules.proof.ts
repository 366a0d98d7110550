import { describe } from "vitest";
import { expectTheLakeToHold } from "../rig/lake-count.js";
import { randomSeed } from "../rig/seed.js";
import { proveSchedules } from "./schedules.js";

describe("every event is in the lake exactly once", () => {
  proveSchedules({ schedules: 120, seed: randomSeed(), countAgain: expectTheLakeToHold });
});
