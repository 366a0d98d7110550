import type { Constraint } from "./constraint.js";

/** A new topic needs a publisher, and an existing trail publishes to its own topic or to none. */
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
      problem: "would never receive a notification: an existing trail keeps the topic it has",
      allowed: "topic: { existing: … } with the trail's own topic, or notification: { s3: … }",
      remedy:
        'Use the trail\'s topic ("aws cloudtrail describe-trails", SnsTopicARN), or have the bucket notify the new one: notification: { s3: {} }.',
    };
  }
};
