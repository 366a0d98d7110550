import { accountOfArn } from "../../facts/arn.js";
import { soundAccountFor } from "../plan/accounts.js";
import { organizationTrailPart, trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** IAM takes a permissions boundary from the role's own account or from AWS. */
export const boundariesInTheirAccount: Constraint = function* (deployment) {
  const { cloudTrail, securityLake } = deployment;
  const trailPart =
    trailLayout(deployment) === "organization" ? organizationTrailPart(deployment) : "logArchive";
  const roles = [
    {
      path: ["cloudTrail", "role", "create"],
      boundary: cloudTrail?.role?.create?.permissionsBoundary,
      account: soundAccountFor(deployment, "logArchive")?.id,
    },
    {
      path: ["cloudTrail", "trail", "create", "cloudWatchLogs", "role"],
      boundary: cloudTrail?.trail?.create?.cloudWatchLogs?.role?.permissionsBoundary,
      // In many accounts at once no policy of one of them will do.
      account:
        trailLayout(deployment) === "members" ? "every member" : soundAccountFor(deployment, trailPart)?.id,
    },
    {
      path: ["securityLake", "customSource", "create"],
      boundary: securityLake?.customSource?.create?.permissionsBoundary,
      account: soundAccountFor(deployment, "securityLake")?.id,
    },
    {
      path: ["securityLake", "exporter"],
      boundary: securityLake?.exporter?.permissionsBoundary,
      account: soundAccountFor(deployment, "securityLake")?.id,
    },
  ];
  for (const { path, boundary, account } of roles) {
    const boundaryAccount = accountOfArn(boundary);
    if (
      account !== undefined &&
      boundaryAccount !== undefined &&
      ![account, "aws"].includes(boundaryAccount)
    ) {
      yield {
        path: [...path, "permissionsBoundary"],
        problem: `"${boundary}" is a policy of account ${boundaryAccount}, but the role is made in ${account}`,
        allowed:
          account === "every member"
            ? "an AWS managed policy"
            : `a policy of account ${account} or an AWS managed one`,
        remedy: account === "every member" ? "Leave it out." : "Name the policy of that account.",
      };
    }
  }
};
