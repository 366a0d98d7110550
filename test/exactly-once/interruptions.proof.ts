import { describe } from "vitest";
import { proveInterruptions } from "./interruptions.js";
import { expectTheLakeToHold } from "./lake-count.js";

describe("every event is in the lake exactly once", () => {
  proveInterruptions({ every: 1, countAgain: expectTheLakeToHold });
});
