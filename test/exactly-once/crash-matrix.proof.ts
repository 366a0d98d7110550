import { describe } from "vitest";
import { proveCrashMatrix } from "./crash-matrix.js";
import { expectTheLakeToHold } from "./lake-count.js";

describe("every event is in the lake exactly once", () => {
  proveCrashMatrix({ every: 1, countAgain: expectTheLakeToHold });
});
