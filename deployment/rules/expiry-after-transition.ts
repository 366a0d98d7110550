import { deploymentSchema } from "../schema.js";
import type { Rule } from "./rule.js";

/** S3 refuses a lifecycle that deletes objects on or before the day it moves them. */
export const expiryAfterTransition: Rule = function* ({ cloudTrail }) {
  const bucket = cloudTrail?.logBucket?.create;
  const defaults = deploymentSchema.shape.cloudTrail.shape.logBucket.shape.create.shape;
  const transition =
    bucket?.transitionToGlacierAfterDays ?? defaults.transitionToGlacierAfterDays.def.defaultValue;
  const expiry = bucket?.expireAfterDays ?? defaults.expireAfterDays.def.defaultValue;
  if (expiry <= transition) {
    yield {
      path: ["cloudTrail", "logBucket", "create", "expireAfterDays"],
      problem: `${expiry} days are over before the move to Glacier after ${transition} days`,
      allowed: `more than transitionToGlacierAfterDays (${transition})`,
      remedy: "Raise expireAfterDays or lower transitionToGlacierAfterDays.",
    };
  }
};
