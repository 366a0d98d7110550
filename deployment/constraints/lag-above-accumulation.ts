import { lagAboveAccumulation as check } from "../../facts/checks/lag-above-accumulation.js";
import { at, fromCheck } from "./from-check.js";
import { tenantsOf } from "./places.js";

const EXPORTER = ["securityLake", "exporter"] as const;

/** How long each tenant's events may wait, against the exporter's alarm. */
export const lagAboveAccumulation = fromCheck(check, (deployment) => [
  {
    maxAgeSeconds: tenantsOf(deployment, (index) =>
      at(deployment, ...EXPORTER, "tenants", index, "accumulate", "maxAgeSeconds"),
    ),
    lagThresholdSeconds: at(deployment, ...EXPORTER, "lagThresholdSeconds"),
  },
]);
