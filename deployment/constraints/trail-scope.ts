import type { Constraint } from "./constraint.js";

/** An organization trail needs the organization's ID; an account's trail must not have one. */
export const trailScope: Constraint = function* ({ cloudTrail }) {
  const scope = cloudTrail?.trail?.create?.scope;
  if (scope === "organization" && cloudTrail !== undefined && !("organizationId" in cloudTrail)) {
    yield {
      path: ["cloudTrail", "organizationId"],
      problem: "is required: the trail records an organization",
      allowed: '"o-" and 10 to 32 lower-case letters and digits',
      remedy: 'Read it with "aws organizations describe-organization" (Organization.Id).',
    };
  }
  if (scope === "account" && cloudTrail?.organizationId !== undefined) {
    yield {
      path: ["cloudTrail", "trail", "create", "scope"],
      problem:
        "account cannot be combined with cloudTrail.organizationId, which is for an organization trail",
      allowed: "scope: organization with organizationId, or scope: account without it",
      remedy: "Remove one of the two.",
    };
  }
};
