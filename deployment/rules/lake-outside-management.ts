import { soundAccountFor } from "../accounts.js";
import { trailLayout } from "../trails.js";
import type { Rule } from "./rule.js";

/** Security Lake takes every account of an organization as its delegated administrator, but not the management account. */
export const lakeOutsideManagement: Rule = function* (deployment) {
  const { accounts, securityLake } = deployment;
  const management = soundAccountFor(deployment, "management")?.id;
  const lake = soundAccountFor(deployment, "securityLake")?.id;
  if (
    securityLake === undefined ||
    trailLayout(deployment) !== "organization" ||
    lake === undefined ||
    lake !== management
  ) {
    return;
  }
  yield {
    path: ["accounts", accounts?.securityLake === undefined ? "single" : "securityLake", "id"],
    problem: `"${lake}" is the organization's management account, which cannot be the delegated administrator of Security Lake`,
    remedy:
      'Use the account that "aws securitylake list-data-lakes" works in, or delegate another one: "aws securitylake register-data-lake-delegated-administrator".',
  };
};
