import { notificationsListed as check } from "../../facts/checks/notifications-listed.js";
import { at, derived, fromCheck } from "./from-check.js";

const CURRENT = ["cloudTrail", "logBucket", "existing", "currentNotifications"] as const;

/** The notifications of an existing bucket that S3 is to publish for. */
export const notificationsListed = fromCheck(check, (deployment) =>
  deployment.cloudTrail?.notification?.s3 === undefined ||
  deployment.cloudTrail.logBucket?.existing === undefined
    ? []
    : [
        {
          bucketExists: derived(true, "cloudTrail", "logBucket", "existing"),
          currentNotifications: at(deployment, ...CURRENT),
        },
      ],
);
