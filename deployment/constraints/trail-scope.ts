import type { Constraint } from "./constraint.js";

/** An organization trail needs its organization's id, an account's trail has no use for one. */
export const trailScope: Constraint = function* ({ cloudTrail }) {
  const scope = cloudTrail?.trail?.create?.scope;
  if (scope === "organization" && cloudTrail !== undefined && !("organizationId" in cloudTrail)) {
    yield {
      path: ["cloudTrail", "organizationId"],
      problem: "is missing: the trail covers an organization",
      allowed: '"o-" and 10 to 32 lower-case letters and digits',
      remedy: 'Read it with "aws organizations describe-organization" (Organization.Id).',
    };
  }
  if (scope === "account" && cloudTrail?.organizationId !== undefined) {
    yield {
      path: ["cloudTrail", "trail", "create", "scope"],
      problem: "account stands beside cloudTrail.organizationId, which is for a trail of the organization",
      allowed: "scope: organization with organizationId, or scope: account without it",
      remedy: "Remove one of the two.",
    };
  }
};
