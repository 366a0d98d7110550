import type { Constraint } from "./constraint.js";

/** A new key is created in the deployment's region, and CloudTrail encrypts with a key of the bucket's region only. */
export const logKeyRegion: Constraint = function* ({ region, cloudTrail }) {
  const bucketRegion = cloudTrail?.logBucket?.existing?.region ?? region;
  const created = cloudTrail?.logKey?.create !== undefined;
  if (created && region !== undefined && bucketRegion !== undefined && bucketRegion !== region) {
    yield {
      path: ["cloudTrail", "logKey", "create"],
      key: true,
      problem: `the new key would be in ${region}, but the log bucket is in ${bucketRegion}`,
      allowed: `a key in ${bucketRegion}`,
      remedy: `Use a key there (logKey: { existing: { arn: … } }), or set region: ${bucketRegion}.`,
    };
  }
};
