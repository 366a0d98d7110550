import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import type { Constraint } from "./constraint.js";

/**
 * What a partition does not have. Only what AWS publishes: the reasons are those of
 * `facts/partitions.ts`, told here with their place in the file.
 */
export const partitionFeatures: Constraint = function* (deployment) {
  const partition = deployment.partition ?? DEFAULT_PARTITION;
  if (partition === "aws") {
    return;
  }
  if (deployment.cloudTrail?.stsV2Tokens === true) {
    yield {
      path: ["cloudTrail", "stsV2Tokens"],
      problem: `true has no use in ${partition}: STS has no global endpoint there`,
      allowed: "false outside partition aws",
      remedy: "Remove it: every token is valid in all regions of that partition.",
    };
  }
  if (partition === "aws-cn" && "securityLake" in deployment) {
    yield {
      path: ["securityLake"],
      key: true,
      problem: "Amazon Security Lake does not exist in aws-cn",
      allowed: "securityLake in aws and aws-us-gov",
      remedy: "Remove it, and export from a deployment of its own in partition aws.",
    };
  }
};
