import { cloudTrailJoinHasIdentities as check } from "../../facts/checks/cloudtrail-join-has-identities.js";
import { at, fromCheck } from "./from-check.js";
import { tenantsOf } from "./places.js";

const EXPORTER = ["securityLake", "exporter"] as const;

/** The query that joins CloudTrail with the tenants' records. */
export const cloudTrailJoinHasIdentities = fromCheck(check, (deployment) => [
  {
    cloudTrailTable: at(deployment, ...EXPORTER, "athenaQueries", "cloudTrailTable"),
    profiles: tenantsOf(deployment, (index) => at(deployment, ...EXPORTER, "tenants", index, "profile")),
  },
]);
