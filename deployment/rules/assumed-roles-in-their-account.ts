import type { Rule } from "./rule.js";

/** A role of another account would deploy a stack there; the provider's allowed_account_ids refuses it late. */
export const assumedRolesInTheirAccount: Rule = function* ({ accounts }) {
  for (const name of ["management", "logArchive", "securityLake"] as const) {
    const { id, assumeRole } = accounts?.[name] ?? {};
    const roleAccount = assumeRole?.roleArn?.split(":")[4];
    if (id !== undefined && roleAccount !== undefined && roleAccount !== id) {
      yield {
        path: ["accounts", name, "assumeRole", "roleArn"],
        problem: `"${assumeRole?.roleArn}" is a role of account ${roleAccount}, not of ${id}`,
        allowed: `a role of account ${id}`,
        remedy: `Correct the role, or accounts.${name}.id.`,
      };
    }
  }
};
