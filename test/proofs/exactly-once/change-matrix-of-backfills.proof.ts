import { describe } from "vitest";
import { proveChangeMatrix } from "./change-matrix.js";

describe("every event is where it belongs", () => {
  proveChangeMatrix({ every: 1, names: ["backfill"] });
});
