import { DELETED_PRINCIPAL, deletedPrincipals } from "../../constructs/iam/deleted-principals.js";
import type { PolicyStatement } from "../../constructs/iam/policy.js";
import type { Constraint } from "./constraint.js";

/** An owned policy is written as a whole, and AWS refuses a principal that does not exist. */
export const ownedPrincipalsExist: Constraint = function* ({ cloudTrail }) {
  for (const part of ["logBucket", "logKey", "topic"] as const) {
    const existing = cloudTrail?.[part]?.existing;
    if (existing?.policy !== "own") {
      continue;
    }
    const statements = (existing.currentStatements ?? []) as readonly (
      | Partial<PolicyStatement>
      | undefined
    )[];
    for (const { path, id } of deletedPrincipals(statements)) {
      yield {
        path: ["cloudTrail", part, "existing", "currentStatements", ...path],
        problem: `"${id}" ${DELETED_PRINCIPAL.problem}`,
        remedy: DELETED_PRINCIPAL.remedy,
      };
    }
  }
};
