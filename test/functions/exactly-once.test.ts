import { describe } from "vitest";
import { proveExactlyOnce } from "../exactly-once/prove.js";

// A sample; `npm run test:exactly-once` crashes at every call.
describe("every event is in the lake exactly once", () => {
  proveExactlyOnce({ crashEvery: 12, sequences: 2 });
});
