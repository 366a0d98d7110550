import { accountOfArn } from "../../facts/arn.js";
import type { Constraint } from "./constraint.js";

/** The trust can be narrowed to one principal of Vectra's account, not to one of another. */
export const principalOfVectra: Constraint = function* ({ vectra, cloudTrail }) {
  const arn = cloudTrail?.role?.create?.vectraPrincipalArn;
  const principalAccount = accountOfArn(arn);
  const id = vectra?.accountId;
  if (id !== undefined && principalAccount !== undefined && principalAccount !== id) {
    yield {
      path: ["cloudTrail", "role", "create", "vectraPrincipalArn"],
      problem: `"${arn}" is a principal of account ${principalAccount}, but Vectra's account is ${id}`,
      allowed: `a role or user of account ${id}`,
      remedy: "Correct it or vectra.accountId, or leave it out: the account and the External ID are enough.",
    };
  }
};
