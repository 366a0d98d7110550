import type { Constraint } from "./constraint.js";

/** A trail that somebody else made cannot be pointed at a new bucket, nor told to use a new key. */
export const existingTrailWritesElsewhere: Constraint = function* ({ cloudTrail }) {
  if (cloudTrail?.trail?.existing === undefined) {
    return;
  }
  if (cloudTrail.logBucket?.create !== undefined) {
    yield {
      path: ["cloudTrail", "logBucket", "create"],
      key: true,
      problem: "is a new bucket, but the existing trail writes to its own: the new one would stay empty",
      allowed: "logBucket: { existing: … } with an existing trail",
      remedy: 'Name the trail\'s bucket ("aws cloudtrail describe-trails", S3BucketName), or create a trail.',
    };
  }
  if (cloudTrail.logKey?.create !== undefined && cloudTrail.topic?.existing !== undefined) {
    yield {
      path: ["cloudTrail", "logKey", "create"],
      key: true,
      problem: "is a new key, but trail, bucket and topic exist already: it would encrypt nothing",
      allowed: "logKey: { existing: … } with the trail's key, or none",
      remedy:
        'Name the trail\'s key ("aws cloudtrail describe-trails", KmsKeyId), or leave logKey out if it has none.',
    };
  }
};
