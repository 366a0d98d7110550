import { soundAccountFor } from "../plan/accounts.js";
import { managementAccountId } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** Any account of an organization but the management account can be Security Lake's delegated administrator. */
export const lakeOutsideManagement: Constraint = function* (deployment) {
  const { accounts, securityLake } = deployment;
  const lake = soundAccountFor(deployment, "securityLake")?.id;
  if (securityLake === undefined || lake === undefined || lake !== managementAccountId(deployment)) {
    return;
  }
  yield {
    path: ["accounts", accounts?.securityLake === undefined ? "single" : "securityLake", "id"],
    problem: `"${lake}" is the organization's management account, which cannot be the delegated administrator of Security Lake`,
    remedy:
      'Use the account that "aws securitylake list-data-lakes" works in, or delegate another one: "aws securitylake register-data-lake-delegated-administrator".',
  };
};
