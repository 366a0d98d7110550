import type { Constraint } from "./constraint.js";

const PARTS = ["cloudTrail", "securityLake", "brainEgress"] as const;

/** Each part is optional, but at least one is required. */
export const somethingToDeploy: Constraint = function* (deployment) {
  // An empty or unreadable file is reported already.
  if (Object.keys(deployment).length > 0 && !PARTS.some((part) => part in deployment)) {
    yield {
      path: [],
      problem: "describes nothing to deploy",
      allowed: `at least one of ${PARTS.join(", ")}`,
      remedy: "Start from a file in examples/.",
    };
  }
};
