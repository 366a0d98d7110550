import { UNKNOWN } from "../../facts/checks/check.js";
import { providerRoleAccount as check } from "../../facts/checks/provider-role-account.js";
import { at, fromCheck } from "./from-check.js";
import { accountOf } from "./places.js";

/** The provider role of an existing custom source. */
export const providerRoleAccount = fromCheck(check, (deployment) => [
  {
    providerRoleArn: at(deployment, "securityLake", "customSource", "existing", "providerRoleArn"),
    accountId: accountOf(deployment, "securityLake"),
    // The partition of every ARN is checked by arns-in-partition.
    partition: { value: UNKNOWN, path: ["partition"] },
  },
]);
