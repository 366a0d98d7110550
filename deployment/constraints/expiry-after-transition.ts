import { LOG_BUCKET_DAYS } from "../schema/log-bucket.js";
import type { Constraint } from "./constraint.js";

/** S3 refuses a lifecycle that deletes objects on or before the day it moves them. */
export const expiryAfterTransition: Constraint = function* ({ cloudTrail }) {
  const bucket = cloudTrail?.logBucket?.create;
  const transition = bucket?.transitionToGlacierAfterDays ?? LOG_BUCKET_DAYS.transition;
  const expiry = bucket?.expireAfterDays ?? LOG_BUCKET_DAYS.expiry;
  if (expiry <= transition) {
    yield {
      path: ["cloudTrail", "logBucket", "create", "expireAfterDays"],
      problem: `logs would expire (${expiry} days) before or when they move to Glacier (${transition} days)`,
      allowed: `more than transitionToGlacierAfterDays (${transition})`,
      remedy: "Raise expireAfterDays or lower transitionToGlacierAfterDays.",
    };
  }
};
