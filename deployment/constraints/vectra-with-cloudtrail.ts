import type { Constraint } from "./constraint.js";

/** Vectra's role trusts the account and External ID that the Vectra UI shows. */
export const vectraWithCloudTrail: Constraint = function* (deployment) {
  if ("cloudTrail" in deployment && !("vectra" in deployment)) {
    yield {
      path: ["vectra"],
      problem: "is required: Vectra's role trusts this account and External ID",
      allowed: "a mapping with accountId and externalId",
      remedy: "Copy both from the Vectra UI, which shows them while you create an AWS connection.",
    };
  }
  if (deployment.vectra !== undefined && !("cloudTrail" in deployment)) {
    yield {
      path: ["vectra"],
      key: true,
      problem: "has no effect without cloudTrail: only Vectra's role uses it",
      allowed: "vectra together with cloudTrail",
      remedy: "Remove it, or add cloudTrail.",
    };
  }
};
