import type { Constraint } from "./constraint.js";

/** What this deployment created it destroys; only what was there before needs to be left in order. */
export const leavingSomething: Constraint = function* ({ cloudTrail }) {
  const parts = [cloudTrail?.logBucket, cloudTrail?.logKey, cloudTrail?.topic];
  const unknown = parts.some((part) => part !== undefined && part.create === undefined);
  if (cloudTrail?.leaving !== undefined && !unknown) {
    yield {
      path: ["cloudTrail", "leaving"],
      problem: `${cloudTrail.leaving} has no use: bucket, key and topic are this deployment's own`,
      allowed: "leaving with an existing bucket, key or topic",
      remedy: "Remove it. To destroy what was created, set retain: false and apply first.",
    };
  }
};
