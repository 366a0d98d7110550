import { partitionFeatures as check } from "../../facts/checks/partition-features.js";
import { trailLayout } from "../plan/trails.js";
import { at, derived, fromCheck } from "./from-check.js";

/** What the deployment asks of its partition. */
export const partitionFeatures = fromCheck(check, (deployment) => [
  {
    partition: at(deployment, "partition"),
    organizationTrail: derived(trailLayout(deployment) === "organization", "cloudTrail", "trail", "create"),
    stsV2Tokens: at(deployment, "cloudTrail", "stsV2Tokens"),
    securityLake: derived("securityLake" in deployment, "securityLake"),
  },
]);
