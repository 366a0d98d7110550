import type { Constraint } from "./constraint.js";

/** Where the trail notifies the topic, the bucket's notification configuration is left alone. */
export const notificationsUsed: Constraint = function* ({ cloudTrail }) {
  const byTrail =
    cloudTrail?.notification?.trail !== undefined ||
    (cloudTrail !== undefined && !("notification" in cloudTrail));
  if (byTrail && cloudTrail?.logBucket?.existing?.currentNotifications !== undefined) {
    yield {
      path: ["cloudTrail", "logBucket", "existing", "currentNotifications"],
      key: true,
      problem: "has no effect: the trail notifies the topic, and the bucket's notifications are left alone",
      allowed: "currentNotifications together with notification: { s3: {} }",
      remedy: "Remove it, or set notification: { s3: {} }.",
    };
  }
};
