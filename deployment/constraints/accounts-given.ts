import { soundAccountFor } from "../plan/accounts.js";
import { organizationTrailPart, trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** Every part of a deployment is in an account. */
export const accountsGiven: Constraint = function* (deployment) {
  const { accounts, cloudTrail, securityLake, brainEgress } = deployment;
  const needed = [
    { part: "logArchive", when: cloudTrail !== undefined, whatFor: "bucket, topic and Vectra's role" },
    {
      part: organizationTrailPart(deployment),
      when: trailLayout(deployment) === "organization",
      whatFor: "the organization trail",
    },
    { part: "securityLake", when: securityLake !== undefined, whatFor: "custom source and exporter" },
    { part: "brain", when: brainEgress !== undefined, whatFor: "the way out of the Brain's network" },
  ] as const;
  for (const { part, when, whatFor } of needed) {
    // A key that is there but wrong by itself has been told of already.
    const given = accounts === undefined || part in accounts || "single" in accounts;
    if (when && !given && soundAccountFor(deployment, part) === undefined) {
      yield {
        path: ["accounts", part],
        problem: `is missing: ${whatFor} must be in an account`,
        allowed: `accounts.${part}, or accounts.single for everything`,
        remedy: `Write ${part}: { id: "…" } under accounts.`,
      };
    }
  }
};
