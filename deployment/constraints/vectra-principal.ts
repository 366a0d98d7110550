import { UNKNOWN } from "../../facts/checks/check.js";
import { vectraPrincipal as check } from "../../facts/checks/vectra-principal.js";
import { at, fromCheck } from "./from-check.js";

/** The principal that the new role's trust is narrowed to. */
export const vectraPrincipal = fromCheck(check, (deployment) => [
  {
    vectraPrincipalArn: at(deployment, "cloudTrail", "role", "create", "vectraPrincipalArn"),
    vectraAccountId: at(deployment, "vectra", "accountId"),
    // The partition of every ARN is checked by arns-in-partition.
    partition: { value: UNKNOWN, path: ["partition"] },
  },
]);
