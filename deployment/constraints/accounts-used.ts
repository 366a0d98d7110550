import { organizationTrailPart, trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** An account in which nothing would happen is a misunderstanding better cleared now. */
export const accountsUsed: Constraint = function* (deployment) {
  const { accounts, cloudTrail } = deployment;
  const layout = trailLayout(deployment);
  const delegated = organizationTrailPart(deployment) === "cloudTrailAdministrator";
  // Where the trail itself is wrong, nobody knows which accounts it asks for.
  const trailKnown = cloudTrail === undefined ? !("cloudTrail" in deployment) : layout !== undefined;
  const unused = [
    {
      key: "management",
      when: trailKnown && layout !== "organization",
      reason: "it is for an organization trail that this deployment creates",
    },
    {
      key: "management",
      when: layout === "organization" && delegated,
      reason: "cloudTrail.organization.managementAccountId leaves the trail to the delegated administrator",
    },
    {
      key: "cloudTrailAdministrator",
      when: trailKnown && (layout !== "organization" || !delegated),
      reason:
        "it is for an organization trail of a delegated administrator, with cloudTrail.organization.managementAccountId",
    },
    { key: "logArchive", when: !("cloudTrail" in deployment), reason: "it is for cloudTrail" },
    { key: "securityLake", when: !("securityLake" in deployment), reason: "it is for securityLake" },
    { key: "brain", when: !("brainEgress" in deployment), reason: "it is for brainEgress" },
    {
      key: "members",
      when: trailKnown && layout !== "members",
      reason: "it is for trails that this deployment creates account by account",
    },
    {
      key: "membersAssumeRole",
      when: accounts !== undefined && !("members" in accounts),
      reason: "it is for accounts.members",
    },
  ] as const;
  for (const { key, when, reason } of unused) {
    if (when && accounts?.[key] !== undefined) {
      yield {
        path: ["accounts", key],
        key: true,
        problem: `nothing would be deployed there: ${reason}`,
        allowed: "the accounts that have a part in this deployment",
        remedy:
          key === "members" && layout === "organization"
            ? "Remove it: an organization trail records every account. Or leave cloudTrail.organizationId out."
            : "Remove it, or add what belongs there.",
      };
    }
  }
};
