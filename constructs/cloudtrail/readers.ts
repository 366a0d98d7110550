import { Token } from "cdktf";
import type { Construct } from "constructs";
import { accountOfArn } from "../../facts/arn.js";
import { enforceEach, enforceSome, refuse } from "../expectation.js";
import { ROLE_ARN } from "../iam/expectations.js";

/**
 * Refuses an empty list of roles, what is no role's ARN (a pattern, the id of a deleted role, `*`), and a role of
 * another account than the one that becomes the principal.
 *
 * @throws PropError that names the prop, the role and the remedy.
 */
export function enforceRolesOf(
  construct: Construct,
  accountId: string,
  prop: string,
  roleArns: readonly string[],
  remedy: string,
): void {
  enforceEach(construct, prop, roleArns, ROLE_ARN);
  enforceSome(construct, prop, roleArns, remedy);
  roleArns.forEach((roleArn, index) => {
    const roleAccount = accountOfArn(roleArn);
    if (!Token.isUnresolved(roleArn) && !Token.isUnresolved(accountId) && roleAccount !== accountId) {
      refuse(
        construct,
        `${prop}[${index}]`,
        JSON.stringify(roleArn),
        `must be a role of account ${accountId}`,
        "Correct accountId, or grant access to each account's roles separately.",
      );
    }
  });
}
