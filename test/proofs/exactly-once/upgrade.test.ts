import { describe } from "vitest";
import { liveUpgrade, proveUpgrade } from "./upgrade.js";

// A sample; `npm run test:exactly-once` crashes at every call and step, and rolls back as well.
describe("every event is in the lake exactly once, when the function is upgraded", () => {
  proveUpgrade({ every: 12, upgrades: [liveUpgrade], rollbacks: [], downgrades: [] });
});
