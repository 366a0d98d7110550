import type { Constraint } from "./constraint.js";

/** What the deployment created it destroys; only existing resources are handed back in order. */
export const leavingSomething: Constraint = function* ({ cloudTrail }) {
  const parts = [cloudTrail?.logBucket, cloudTrail?.logKey, cloudTrail?.topic];
  const unknown = parts.some((part) => part !== undefined && part.create === undefined);
  if (cloudTrail?.leaving !== undefined && !unknown) {
    yield {
      path: ["cloudTrail", "leaving"],
      problem: `${cloudTrail.leaving} has no effect: this deployment creates bucket, key and topic itself`,
      allowed: "leaving with an existing bucket, key or topic",
      remedy: "Remove it. To destroy what was created, set retain: false and apply first.",
    };
  }
};
