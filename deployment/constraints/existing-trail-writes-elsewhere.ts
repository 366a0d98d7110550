import type { Constraint } from "./constraint.js";

/** An existing trail keeps its bucket and its key; this deployment cannot change them. */
export const existingTrailWritesElsewhere: Constraint = function* ({ cloudTrail }) {
  if (cloudTrail?.trail?.existing === undefined) {
    return;
  }
  if (cloudTrail.logBucket?.create !== undefined) {
    yield {
      path: ["cloudTrail", "logBucket", "create"],
      key: true,
      problem: "would stay empty: the existing trail writes to its own bucket",
      allowed: "logBucket: { existing: … } with an existing trail",
      remedy: 'Use the trail\'s bucket ("aws cloudtrail describe-trails", S3BucketName), or create a trail.',
    };
  }
  if (cloudTrail.logKey?.create !== undefined && cloudTrail.topic?.existing !== undefined) {
    yield {
      path: ["cloudTrail", "logKey", "create"],
      key: true,
      problem: "would encrypt nothing: trail, bucket and topic already exist",
      allowed: "logKey: { existing: … } with the trail's key, or none",
      remedy:
        'Use the trail\'s key ("aws cloudtrail describe-trails", KmsKeyId), or omit logKey if it has none.',
    };
  }
};
