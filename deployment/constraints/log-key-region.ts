import { regionOfArn } from "../../facts/arn.js";
import type { Constraint } from "./constraint.js";

/** CloudTrail takes a key of the bucket's region only, and SNS one of the topic's. */
export const logKeyRegion: Constraint = function* ({ region, cloudTrail }) {
  const bucketRegion = cloudTrail?.logBucket?.existing?.region ?? region;
  const arn = cloudTrail?.logKey?.existing?.arn;
  const actual = regionOfArn(arn);
  if (actual !== undefined && bucketRegion !== undefined && actual !== bucketRegion) {
    yield {
      path: ["cloudTrail", "logKey", "existing", "arn"],
      problem: `"${arn}" is a key in ${actual}, but the log bucket is in ${bucketRegion}`,
      allowed: `a key in ${bucketRegion}: CloudTrail encrypts with a key of the bucket's region only`,
      remedy: "Name a key of that region, or correct the region.",
    };
  }
  const created = cloudTrail?.logKey?.create !== undefined;
  if (created && region !== undefined && bucketRegion !== undefined && bucketRegion !== region) {
    yield {
      path: ["cloudTrail", "logKey", "create"],
      key: true,
      problem: `is a new key in ${region}, but the log bucket is in ${bucketRegion}`,
      allowed: `a key in ${bucketRegion}: CloudTrail encrypts with a key of the bucket's region only`,
      remedy: `Name a key there: logKey: { existing: { arn: … } }, or set region: ${bucketRegion}.`,
    };
  }
};
