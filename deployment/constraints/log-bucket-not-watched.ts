import { logBucketName } from "../plan/names.js";
import type { Constraint } from "./constraint.js";

/** Data events of the log bucket itself: each delivery would be one more event to deliver. */
export const logBucketNotWatched: Constraint = function* (deployment) {
  const logBucket = logBucketName(deployment);
  const watched = deployment.cloudTrail?.trail?.create?.events?.s3DataEvents?.only ?? [];
  for (const [index, scope] of watched.entries()) {
    if (logBucket !== undefined && scope?.bucketName === logBucket) {
      yield {
        path: ["cloudTrail", "trail", "create", "events", "s3DataEvents", "only", index, "bucketName"],
        problem: `"${logBucket}" is the log bucket itself: each delivery would be an event to deliver`,
        allowed: "any other bucket",
        remedy: "Remove it from the list.",
      };
    }
  }
};
