import { ownedPolicyStated as check } from "../../facts/checks/owned-policy-stated.js";
import { at, derived, fromCheck } from "./from-check.js";

const EXISTING = ["logBucket", "logKey", "topic"] as const;

/** The policies of existing parts that this deployment is to own. */
export const ownedPoliciesStated = fromCheck(check, (deployment) =>
  EXISTING.map((part) => {
    const current = at(deployment, "cloudTrail", part, "existing", "currentStatements");
    return {
      behaviour: at(deployment, "cloudTrail", part, "existing", "policy"),
      currentStatementCount:
        current.value.state === "known"
          ? derived(current.value.value.length, ...current.path)
          : { value: current.value, path: current.path },
    };
  }),
);
