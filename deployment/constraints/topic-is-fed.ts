import type { Constraint } from "./constraint.js";

/** Somebody must tell a new topic about log files, and an existing trail has its own topic or none. */
export const topicIsFed: Constraint = function* ({ cloudTrail }) {
  const byTrail = cloudTrail !== undefined && cloudTrail.notification?.s3 === undefined;
  const unknown = cloudTrail?.notification === undefined && "notification" in (cloudTrail ?? {});
  if (
    byTrail &&
    !unknown &&
    cloudTrail.trail?.existing !== undefined &&
    cloudTrail.topic?.create !== undefined
  ) {
    yield {
      path: ["cloudTrail", "topic", "create"],
      key: true,
      problem: "is a new topic that nobody would publish to: an existing trail keeps the topic it has",
      allowed: "topic: { existing: … } with the trail's own topic, or notification: { s3: … }",
      remedy:
        'Name the trail\'s topic ("aws cloudtrail describe-trails", SnsTopicARN), or let the bucket announce its objects: notification: { s3: {} }.',
    };
  }
};
