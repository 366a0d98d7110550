import type { Constraint } from "./constraint.js";

/** What is written to the bucket itself (policy, notifications) is written from the log archive's region. */
export const logBucketRegion: Constraint = function* ({ region, cloudTrail }) {
  const { region: bucketRegion, policy } = cloudTrail?.logBucket?.existing ?? {};
  const s3 = cloudTrail?.notification?.s3 !== undefined;
  if (
    region !== undefined &&
    bucketRegion !== undefined &&
    bucketRegion !== region &&
    (policy === "own" || s3)
  ) {
    yield {
      path: ["cloudTrail", "logBucket", "existing", "region"],
      problem: `${bucketRegion} is not the deployment's region ${region}, from which ${s3 ? "notifications" : "the policy"} of the bucket would be written`,
      allowed: `${region} with ${s3 ? "notification: { s3: {} }" : "policy: own"}`,
      remedy: s3
        ? `Set region: ${bucketRegion}: topic and notifications must be where the bucket is.`
        : `Set region: ${bucketRegion}, or choose policy: print.`,
    };
  }
};
