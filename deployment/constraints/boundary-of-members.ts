import { accountOfArn } from "../../facts/arn.js";
import { trailLayout } from "../plan/trails.js";
import type { Constraint } from "./constraint.js";

/** In several accounts at once only a policy of AWS can bound the role. */
export const boundaryOfMembers: Constraint = function* (deployment) {
  const arn = deployment.cloudTrail?.trail?.create?.cloudWatchLogs?.role?.permissionsBoundary;
  const account = accountOfArn(arn);
  if (trailLayout(deployment) === "members" && account !== undefined && account !== "aws") {
    yield {
      path: ["cloudTrail", "trail", "create", "cloudWatchLogs", "role", "permissionsBoundary"],
      problem: `the policy is in account ${account}, but a role is created in every member account`,
      allowed: "an AWS managed policy",
      remedy: "Omit it, or use an AWS managed policy.",
    };
  }
};
