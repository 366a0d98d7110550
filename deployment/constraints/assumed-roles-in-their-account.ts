import { accountOfArn } from "../../facts/arn.js";
import { ACCOUNT_PARTS } from "../plan/accounts.js";
import type { Constraint } from "./constraint.js";

/** A role in another account would deploy the stack there; the provider's allowed_account_ids refuses it only at plan. */
export const assumedRolesInTheirAccount: Constraint = function* ({ accounts }) {
  const places = [
    ...(["single", ...ACCOUNT_PARTS] as const).map((name) => ({
      path: [name],
      text: name,
      account: accounts?.[name],
    })),
    ...(accounts?.members ?? []).map((account, index) => ({
      path: ["members", index],
      text: `members[${index}]`,
      account,
    })),
  ];
  for (const { path, text, account } of places) {
    const { id, assumeRole } = account ?? {};
    const roleAccount = accountOfArn(assumeRole?.roleArn);
    if (id !== undefined && roleAccount !== undefined && roleAccount !== id) {
      yield {
        path: ["accounts", ...path, "assumeRole", "roleArn"],
        problem: `"${assumeRole?.roleArn}" is a role in account ${roleAccount}, not in ${id}`,
        allowed: `a role in account ${id}`,
        remedy: `Correct the role, or accounts.${text}.id.`,
      };
    }
  }
};
