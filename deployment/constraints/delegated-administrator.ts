import { soundAccountFor } from "../plan/accounts.js";
import { trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** The management account is set only if another account creates the organization trail. */
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
      problem: "has no effect: this deployment creates no organization trail",
      allowed: "managementAccountId with trail: { create: … } and organizationId",
      remedy: "Remove it: the ARN of an existing trail already contains the management account.",
    };
  } else if (layout === "organization" && id === soundAccountFor(deployment, "cloudTrailAdministrator")?.id) {
    yield {
      path,
      problem: `"${id}" is the account that creates the trail, and the management account cannot be its own delegated administrator`,
      allowed: "the management account, if another account creates the trail",
      remedy: "Remove it and set accounts.management, or correct one of the two accounts.",
    };
  }
};
