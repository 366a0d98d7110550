import { soundAccountFor } from "../plan/accounts.js";
import { trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** The management account is named where another account makes the organization trail, and only there. */
export const delegatedAdministrator: Constraint = function* (deployment) {
  const { cloudTrail } = deployment;
  const id = cloudTrail?.organization?.managementAccountId;
  const path = ["cloudTrail", "organization", "managementAccountId"];
  const layout = trailLayout(deployment);
  if (id === undefined) {
    return;
  }
  if (layout !== undefined && layout !== "organization") {
    yield {
      path,
      key: true,
      problem: "has no use: this deployment creates no organization trail",
      allowed: "managementAccountId with trail: { create: … } and organizationId",
      remedy: "Remove it. An existing trail's ARN names the management account already.",
    };
  } else if (layout === "organization" && id === soundAccountFor(deployment, "cloudTrailAdministrator")?.id) {
    yield {
      path,
      problem: `"${id}" is the account that makes the trail: the management account is no delegated administrator`,
      allowed: "the organization's management account, with another account that makes the trail",
      remedy: "Remove it and name the account in accounts.management, or correct one of the two.",
    };
  }
};
