import { type Check, given } from "./check.js";

/** To own a policy means to write the whole document: a statement that is not listed would be deleted. */
export const ownedPolicyStated: Check<{ behaviour: string; currentStatementCount: number }> = (
  values,
  name,
) => {
  const count = values.currentStatementCount;
  if (given(values.behaviour) !== "own" || (count.state !== "omitted" && given(count) !== 0)) {
    return [];
  }
  return [
    {
      key: "currentStatementCount",
      problem: `${count.state === "omitted" ? "is required" : "must not be empty"} when ${name("behaviour")} is own: the policy is written as a whole, and a statement that is not listed would be deleted`,
      allowed: "every statement of the current policy",
      remedy: `Copy the policy's Statement list here, or set ${name("behaviour")} to print and have the owner add what is needed.`,
    },
  ];
};
