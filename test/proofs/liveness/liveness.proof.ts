import { describe } from "vitest";
import { proveLiveness } from "./liveness-matrix.js";

describe("an hour in which a dependency fails", () => {
  proveLiveness();
});
