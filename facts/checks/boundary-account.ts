import { accountOfArn } from "../arn.js";
import { type Check, given } from "./check.js";

/**
 * IAM takes a permissions boundary from the role's own account or from AWS.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export const boundaryAccount: Check<{ permissionsBoundary: string; accountId: string }> = (values) => {
  const actual = accountOfArn(given(values.permissionsBoundary));
  const account = given(values.accountId);
  if (actual === undefined || account === undefined || actual === account || actual === "aws") {
    return [];
  }
  return [
    {
      key: "permissionsBoundary",
      problem: `the policy is in account ${actual}, but the role is in ${account}`,
      allowed: `a policy in account ${account}, or an AWS managed policy`,
      remedy: `Use a policy in account ${account}.`,
    },
  ];
};
