import type { Constraint } from "./constraint.js";

/** Two stacks of one account would share a name and a trail. */
export const membersDiffer: Constraint = function* ({ accounts }) {
  const ids = (accounts?.members ?? []).map((member) => member?.id);
  for (const [index, id] of ids.entries()) {
    const first = ids.indexOf(id);
    if (id !== undefined && first !== index) {
      yield {
        path: ["accounts", "members", index, "id"],
        problem: `"${id}" duplicates accounts.members[${first}]`,
        allowed: "each account once",
        remedy: "Remove one of the two.",
      };
    }
  }
};
