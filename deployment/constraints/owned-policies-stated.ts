import type { Constraint } from "./constraint.js";

const EXISTING = ["logBucket", "logKey", "topic"] as const;

/** Owning a policy means writing the whole document: what is not listed would be lost. */
export const ownedPoliciesStated: Constraint = function* ({ cloudTrail }) {
  for (const part of EXISTING) {
    const existing = cloudTrail?.[part]?.existing;
    const listed = existing !== undefined && "currentStatements" in existing;
    const empty = existing?.currentStatements?.length === 0;
    if (existing?.policy === "own" && (!listed || empty)) {
      yield {
        path: ["cloudTrail", part, "existing", "currentStatements"],
        problem: `${empty ? "is an empty list" : "is missing"}: policy: own writes the whole document, and what is not listed would be lost`,
        allowed: "every statement of the policy as it is today",
        remedy: 'Paste the list under "Statement", or choose policy: print.',
      };
    }
  }
};
