import type { Constraint } from "./constraint.js";

/** One account for everything, or one for each part: together they are ambiguous. */
export const singleAccountAlone: Constraint = function* ({ accounts }) {
  const others = Object.keys(accounts ?? {}).filter((key) => key !== "single");
  if (accounts?.single !== undefined && others.length > 0) {
    yield {
      path: ["accounts", "single"],
      key: true,
      problem: `cannot be combined with ${others.join(", ")}`,
      allowed: "single alone, or management, logArchive, securityLake, brain and members without it",
      remedy: "Rename single to its part (logArchive for the log bucket), or remove the others.",
    };
  }
};
