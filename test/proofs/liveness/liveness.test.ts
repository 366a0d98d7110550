import { describe } from "vitest";
import { proveLiveness } from "./liveness-matrix.js";

// A sample; `npm run test:exactly-once` plays every dependency with every fault.
describe("an hour in which a dependency fails", () => {
  proveLiveness({ every: 8 });
});
