import { DEFAULT_PROFILE } from "../../facts/environment.js";
import type { Constraint } from "./constraint.js";

/** The records of the product's own table name neither AWS accounts nor identities. */
export const cloudTrailJoinHasIdentities: Constraint = function* ({ securityLake }) {
  const { athenaQueries, tenants = [] } = securityLake?.exporter ?? {};
  const joinable = tenants.some((tenant) => (tenant?.profile ?? DEFAULT_PROFILE) !== DEFAULT_PROFILE);
  if (athenaQueries?.cloudTrailTable !== undefined && tenants.length > 0 && !joinable) {
    yield {
      path: ["securityLake", "exporter", "athenaQueries", "cloudTrailTable"],
      problem: `cannot be joined: the records of profile ${DEFAULT_PROFILE} name neither AWS accounts nor identities`,
      allowed: "a table where a tenant has a strict profile (security-finding-1.1, detection-finding-1.3)",
      remedy: "Leave it out, or choose a strict profile for a tenant.",
    };
  }
};
