import { organizationTrailPart, trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** An account to which nothing is deployed is a misunderstanding: report it before it surprises. */
export const accountsUsed: Constraint = function* (deployment) {
  const { accounts, cloudTrail } = deployment;
  const layout = trailLayout(deployment);
  const delegated = organizationTrailPart(deployment) === "cloudTrailAdministrator";
  // If the trail itself is wrong, the accounts that it uses are not known.
  const trailKnown = cloudTrail === undefined ? !("cloudTrail" in deployment) : layout !== undefined;
  const unused = [
    {
      key: "management",
      when: trailKnown && layout !== "organization",
      reason: "it is used only for an organization trail that this deployment creates",
    },
    {
      key: "management",
      when: layout === "organization" && delegated,
      reason:
        "with cloudTrail.organization.managementAccountId, the delegated administrator creates the trail",
    },
    {
      key: "cloudTrailAdministrator",
      when: trailKnown && (layout !== "organization" || !delegated),
      reason:
        "it is used only for an organization trail of a delegated administrator, with cloudTrail.organization.managementAccountId",
    },
    { key: "logArchive", when: !("cloudTrail" in deployment), reason: "it is used only for cloudTrail" },
    {
      key: "securityLake",
      when: !("securityLake" in deployment),
      reason: "it is used only for securityLake",
    },
    { key: "brain", when: !("brainEgress" in deployment), reason: "it is used only for brainEgress" },
    {
      key: "members",
      when: trailKnown && layout !== "members",
      reason: "it is used only for trails that this deployment creates in each account",
    },
    {
      key: "membersAssumeRole",
      when: accounts !== undefined && !("members" in accounts),
      reason: "it is used only for accounts.members",
    },
  ] as const;
  for (const { key, when, reason } of unused) {
    if (when && accounts?.[key] !== undefined) {
      yield {
        path: ["accounts", key],
        key: true,
        problem: `nothing would be deployed to this account: ${reason}`,
        allowed: "accounts that are used by this deployment",
        remedy:
          key === "members" && layout === "organization"
            ? "Remove it, because an organization trail records every account, or omit cloudTrail.organizationId."
            : "Remove it, or add the part that uses it.",
      };
    }
  }
};
