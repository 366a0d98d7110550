import { type Check, given } from "./check.js";

/** Nobody can delete what is locked in compliance mode, so destroying the bucket would never succeed. */
export const objectLockMode: Check<{ mode: string; retain: boolean }> = (values, name) => {
  if (given(values.mode) !== "COMPLIANCE" || given(values.retain) !== false) {
    return [];
  }
  return [
    {
      key: "mode",
      problem: `no one can delete logs locked in COMPLIANCE mode, but ${name("retain")}: false requires that they can be destroyed`,
      allowed: `GOVERNANCE, or COMPLIANCE with ${name("retain")}: true`,
      remedy: `Choose GOVERNANCE, or remove ${name("retain")}: false.`,
    },
  ];
};
