import { trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** S3 tells log files from digest files only below an account's own folder, so the accounts must be known. */
export const logAccountsListed: Constraint = function* (deployment) {
  const { cloudTrail } = deployment;
  const s3 = cloudTrail?.notification?.s3;
  if (cloudTrail === undefined || s3 === undefined || "logAccountIds" in s3) {
    return;
  }
  const layout = trailLayout(deployment);
  if (layout === "organization" || (layout === "existing" && cloudTrail.organizationId !== undefined)) {
    yield {
      path: ["cloudTrail", "notification", "s3", "logAccountIds"],
      problem: "is required: S3 can distinguish log files from digest files only below each account's folder",
      allowed: "1 to 100 account IDs",
      remedy:
        'List the accounts ("aws organizations list-accounts"), or let the trail notify the topic: notification: { trail: {} }.',
    };
  }
};
