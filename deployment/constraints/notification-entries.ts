import { OMITTED } from "../../facts/checks/check.js";
import { notificationEntries as check } from "../../facts/checks/notification-entries.js";
import { trailLayout } from "../plan/trails.js";
import { derived, fromCheck } from "./from-check.js";

/** Accounts whose log files S3 is to announce: those listed, or the members that have a trail each. */
export const notificationEntries = fromCheck(check, (deployment) => {
  const s3 = deployment.cloudTrail?.notification?.s3;
  if (s3 === undefined) {
    return [];
  }
  const members = trailLayout(deployment) === "members" ? deployment.accounts?.members?.length : undefined;
  const listed = "logAccountIds" in s3;
  return [
    {
      accountCount: listed
        ? derived(s3.logAccountIds?.length, "cloudTrail", "notification", "s3", "logAccountIds")
        : derived(members, "cloudTrail", "notification", "s3"),
      // Earlier entries of this deployment are among the current ones; the construct tells them apart.
      otherEntryCount: { value: OMITTED, path: ["cloudTrail", "logBucket"] },
    },
  ];
});
