import { describe } from "vitest";
import { expectTheLakeToHold } from "../rig/lake-count.js";
import { proveCrashMatrix } from "./crash-matrix.js";

describe("every event is in the lake exactly once", () => {
  proveCrashMatrix({ every: 1, countAgain: expectTheLakeToHold });
});
