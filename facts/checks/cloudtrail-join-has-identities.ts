import { DEFAULT_PROFILE, type ProfileName } from "../profiles.js";
import { type Check, effective, given } from "./check.js";

/** The records of the product's own table name neither AWS accounts nor identities, which the join is on. */
export const cloudTrailJoinHasIdentities: Check<{
  cloudTrailTable: string;
  profiles: readonly ProfileName[];
}> = (values, name) => {
  const profiles = values.profiles.map((profile) => effective(profile, DEFAULT_PROFILE));
  if (given(values.cloudTrailTable) === undefined || profiles.length === 0) {
    return [];
  }
  if (profiles.some((profile) => profile !== DEFAULT_PROFILE)) {
    return [];
  }
  return [
    {
      key: "cloudTrailTable",
      problem: `cannot be joined: records of profile ${DEFAULT_PROFILE} contain neither AWS accounts nor identities`,
      allowed: `a table, if a tenant uses a profile other than ${DEFAULT_PROFILE}`,
      remedy: `Omit ${name("cloudTrailTable")}, or choose a strict profile for a tenant.`,
    },
  ];
};
