import type { Constraint } from "./constraint.js";

/** Nobody at all can delete what is locked in compliance mode: letting go would never succeed. */
export const objectLockMode: Constraint = function* ({ retain, cloudTrail }) {
  if (retain === false && cloudTrail?.logBucket?.create?.objectLock?.mode === "COMPLIANCE") {
    yield {
      path: ["cloudTrail", "logBucket", "create", "objectLock", "mode"],
      problem: "COMPLIANCE lets nobody delete log files, but retain: false asks that they can be destroyed",
      allowed: "GOVERNANCE, or COMPLIANCE with retain: true",
      remedy: "Choose GOVERNANCE, or remove retain: false.",
    };
  }
};
