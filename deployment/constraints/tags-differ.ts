import type { Constraint } from "./constraint.js";

/** IAM's tag keys know no case, and the deployment's tags are on its roles, too. */
export const tagsDiffer: Constraint = function* ({ tags = {} }) {
  const seen = new Map<string, string>();
  for (const key of Object.keys(tags)) {
    const first = seen.get(key.toLowerCase());
    if (first === undefined) {
      seen.set(key.toLowerCase(), key);
    } else {
      yield {
        path: ["tags", key],
        key: true,
        problem: `differs from "${first}" in case alone, and IAM refuses a role with both`,
        remedy: "Remove one of the two, or rename it.",
      };
    }
  }
};
