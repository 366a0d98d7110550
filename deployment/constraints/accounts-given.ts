import { soundAccountFor } from "../plan/accounts.js";
import { organizationTrailPart, trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** Every part of a deployment needs an account. */
export const accountsGiven: Constraint = function* (deployment) {
  const { accounts, cloudTrail, securityLake, brainEgress } = deployment;
  const needed = [
    { part: "logArchive", when: cloudTrail !== undefined, use: "bucket, topic and Vectra's role" },
    {
      part: organizationTrailPart(deployment),
      when: trailLayout(deployment) === "organization",
      use: "the organization trail",
    },
    { part: "securityLake", when: securityLake !== undefined, use: "custom source and exporter" },
    { part: "brain", when: brainEgress !== undefined, use: "the Brain's egress" },
  ] as const;
  for (const { part, when, use } of needed) {
    // A key that is present but wrong by itself is reported already.
    const given = accounts === undefined || part in accounts || "single" in accounts;
    if (when && !given && soundAccountFor(deployment, part) === undefined) {
      yield {
        path: ["accounts", part],
        problem: `is required: it is the account for ${use}`,
        allowed: `accounts.${part}, or accounts.single for everything`,
        remedy: `Add ${part}: { id: "…" } under accounts.`,
      };
    }
  }
};
