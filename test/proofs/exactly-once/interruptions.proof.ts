import { describe } from "vitest";
import { expectTheLakeToHold } from "../rig/lake-count.js";
import { proveInterruptions } from "./interruptions.js";

describe("every event is in the lake exactly once", () => {
  proveInterruptions({ every: 1, countAgain: expectTheLakeToHold });
});
