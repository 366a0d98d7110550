import { describe } from "vitest";
import { proveExactlyOnce } from "./prove.js";

describe("every event is in the lake exactly once", () => {
  proveExactlyOnce({ crashEvery: 1, sequences: 100 });
});
