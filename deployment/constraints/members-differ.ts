import type { Constraint } from "./constraint.js";

/** Two stacks of one account would have one name and one trail. */
export const membersDiffer: Constraint = function* ({ accounts }) {
  const ids = (accounts?.members ?? []).map((member) => member?.id);
  for (const [index, id] of ids.entries()) {
    const first = ids.indexOf(id);
    if (id !== undefined && first !== index) {
      yield {
        path: ["accounts", "members", index, "id"],
        problem: `"${id}" is accounts.members[${first}] already`,
        allowed: "every account once",
        remedy: "Remove one of the two.",
      };
    }
  }
};
