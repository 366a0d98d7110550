import { regionOfArn } from "../../facts/arn.js";
import type { Constraint } from "./constraint.js";

/** S3 notifies topics of the bucket's own region only. */
export const topicRegion: Constraint = function* ({ region, cloudTrail }) {
  const arn = cloudTrail?.topic?.existing?.arn;
  const bucketRegion = cloudTrail?.logBucket?.existing?.region ?? region;
  const actual = regionOfArn(arn);
  if (
    cloudTrail?.notification?.s3 !== undefined &&
    actual !== undefined &&
    bucketRegion !== undefined &&
    actual !== bucketRegion
  ) {
    yield {
      path: ["cloudTrail", "topic", "existing", "arn"],
      problem: `"${arn}" is a topic in ${actual}, but the bucket is in ${bucketRegion}, and S3 notifies topics of its own region only`,
      allowed: `a topic in ${bucketRegion}`,
      remedy: "Name a topic there, or let one be created: topic: { create: {} }.",
    };
  }
};
