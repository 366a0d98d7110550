import { soundAccountFor } from "../accounts.js";
import { managementAccountId } from "../trails.js";
import type { Rule } from "./rule.js";

/** Security Lake takes every account of an organization as its delegated administrator, but not the management account. */
export const lakeOutsideManagement: Rule = function* (deployment) {
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
