import { describe } from "vitest";
import { expectTheLakeToHold } from "./lake-count.js";
import { proveSchedules } from "./schedules.js";
import { randomSeed } from "./seed.js";

describe("every event is in the lake exactly once", () => {
  proveSchedules({ schedules: 120, seed: randomSeed(), countAgain: expectTheLakeToHold });
});
