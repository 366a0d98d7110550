import { describe } from "vitest";
import { proveUpgrade } from "./upgrade.js";

describe("every event is in the lake exactly once, when the function is upgraded and rolled back", () => {
  proveUpgrade({ every: 1 });
});
