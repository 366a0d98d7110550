import { accountOfArn } from "../../facts/arn.js";
import { soundAccountFor } from "../plan/accounts.js";
import type { Constraint } from "./constraint.js";

/** Security Lake keeps a source in the lake's own bucket, and makes its provider role in the lake's account. */
export const existingSourceInLake: Constraint = function* (deployment) {
  const { securityLake } = deployment;
  const { location, providerRoleArn } = securityLake?.customSource?.existing ?? {};
  const path = ["securityLake", "customSource", "existing"];
  const bucket = securityLake?.bucketName;
  const sourceBucket = location?.split("/")[2];
  if (bucket !== undefined && sourceBucket !== undefined && sourceBucket !== bucket) {
    yield {
      path: [...path, "location"],
      problem: `"${location}" is not in the lake's bucket, ${bucket}`,
      allowed: `s3://${bucket}/ext/<source>/`,
      remedy: "Correct it, or securityLake.bucketName.",
    };
  }
  const account = soundAccountFor(deployment, "securityLake")?.id;
  const roleAccount = accountOfArn(providerRoleArn);
  if (account !== undefined && roleAccount !== undefined && roleAccount !== account) {
    yield {
      path: [...path, "providerRoleArn"],
      problem: `"${providerRoleArn}" is a role of account ${roleAccount}, but the lake is in ${account}`,
      allowed: `a role of account ${account}, where Security Lake makes it`,
      remedy: 'Copy provider.roleArn from "aws securitylake list-log-sources".',
    };
  }
};
