import { logBucketName } from "../plan/names.js";
import type { Constraint } from "./constraint.js";

/** Access logs of the log bucket into itself: each would be an access to log. */
export const accessLogsElsewhere: Constraint = function* (deployment) {
  const logBucket = logBucketName(deployment);
  if (
    logBucket !== undefined &&
    deployment.cloudTrail?.logBucket?.create?.accessLogs?.bucketName === logBucket
  ) {
    yield {
      path: ["cloudTrail", "logBucket", "create", "accessLogs", "bucketName"],
      problem: `"${logBucket}" is the log bucket itself: each access log would be an access to log`,
      allowed: "any other bucket of the account and region",
      remedy: "Name a bucket for access logs, or leave accessLogs out.",
    };
  }
};
