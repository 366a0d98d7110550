import { trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** S3 tells log files from digest files only below an account's own folder, so the accounts must be known. */
export const logAccountsListed: Constraint = function* (deployment) {
  const { accounts, cloudTrail } = deployment;
  const s3 = cloudTrail?.notification?.s3;
  if (cloudTrail === undefined || s3 === undefined || "logAccountIds" in s3) {
    return;
  }
  const layout = trailLayout(deployment);
  const members = accounts?.members?.length ?? 0;
  if (layout === "organization" || (layout === "existing" && cloudTrail.organizationId !== undefined)) {
    yield {
      path: ["cloudTrail", "notification", "s3", "logAccountIds"],
      problem: "is missing: S3 tells log files from digest files only below each account's own folder",
      allowed: "1 to 100 account ids",
      remedy:
        'List the accounts ("aws organizations list-accounts"), or let the trail announce: notification: { trail: {} }.',
    };
  } else if (layout === "members" && members > 100) {
    yield {
      path: ["cloudTrail", "notification", "s3"],
      key: true,
      problem: `needs one entry for each of ${members} accounts, and S3 allows 100 a bucket`,
      allowed: "at most 100 accounts with notification: { s3: {} }",
      remedy: "Let the trails announce: notification: { trail: {} }.",
    };
  }
};
