import type { Constraint } from "./constraint.js";

/** A bucket has one notification configuration: writing ours without the owner's entries would wipe them. */
export const notificationsListed: Constraint = function* ({ cloudTrail }) {
  const existing = cloudTrail?.logBucket?.existing;
  if (existing === undefined || cloudTrail === undefined) {
    return;
  }
  if (cloudTrail.notification?.s3 !== undefined && !("currentNotifications" in existing)) {
    yield {
      path: ["cloudTrail", "logBucket", "existing", "currentNotifications"],
      problem:
        "is missing: S3 keeps one notification configuration per bucket, and ours would silently replace the owner's entries",
      allowed: "the entries that the bucket has today; {} when it has none",
      remedy: `List what "aws s3api get-bucket-notification-configuration --bucket ${existing.name ?? "<bucket>"}" shows, or use notification: { trail: {} }.`,
    };
  }
  const byTrail =
    cloudTrail.notification?.trail !== undefined ||
    (cloudTrail.notification === undefined && !("notification" in cloudTrail));
  if (byTrail && existing.currentNotifications !== undefined) {
    yield {
      path: ["cloudTrail", "logBucket", "existing", "currentNotifications"],
      key: true,
      problem: "has no use: the trail announces its log files, and the bucket's notifications are left alone",
      allowed: "currentNotifications together with notification: { s3: {} }",
      remedy: "Remove it, or write notification: { s3: {} }.",
    };
  }
};
