import type { Constraint } from "./constraint.js";

const PARTS = ["cloudTrail", "securityLake", "brainEgress"] as const;

/** Each part may be left out, but not all of them. */
export const somethingToDeploy: Constraint = function* (deployment) {
  // An empty or unreadable file has been told of already.
  if (Object.keys(deployment).length > 0 && !PARTS.some((part) => part in deployment)) {
    yield {
      path: [],
      problem: "describes nothing to deploy",
      allowed: `at least one of ${PARTS.join(", ")}`,
      remedy: "examples/ has a file for each situation.",
    };
  }
};
