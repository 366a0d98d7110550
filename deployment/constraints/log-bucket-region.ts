import type { Constraint } from "./constraint.js";

/** The bucket's policy and notifications are managed from the log archive's region. */
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
      problem: `${bucketRegion} is not the deployment's region, ${region}, where the bucket's ${s3 ? "notifications are" : "policy is"} managed`,
      allowed: `${region} with ${s3 ? "notification: { s3: {} }" : "policy: own"}`,
      remedy: s3
        ? `Set region: ${bucketRegion}: topic and notifications must be in the bucket's region.`
        : `Set region: ${bucketRegion}, or choose policy: print.`,
    };
  }
};
