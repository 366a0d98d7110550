import { ownedPolicyStated as check } from "../../facts/checks/owned-policy-stated.js";
import { at, fromCheck, partOf } from "./from-check.js";

const EXISTING = ["logBucket", "logKey", "topic"] as const;

/** The policies of existing parts that this deployment is to own. */
export const ownedPoliciesStated = fromCheck(check, (deployment) =>
  EXISTING.map((part) => {
    const current = at(deployment, "cloudTrail", part, "existing", "currentStatements");
    return {
      behaviour: at(deployment, "cloudTrail", part, "existing", "policy"),
      currentStatementCount: partOf(current, ({ length }) => length),
    };
  }),
);
