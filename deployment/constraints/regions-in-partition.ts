import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { REGIONS } from "../../facts/regions.js";
import type { Constraint } from "./constraint.js";

/** Partitions are isolated from each other: every region must be in the deployment's own. */
export const regionsInPartition: Constraint = function* (deployment) {
  const { region, cloudTrail, securityLake, brainEgress } = deployment;
  const partition = deployment.partition ?? DEFAULT_PARTITION;
  const regions = [
    { path: ["region"], value: region },
    {
      path: ["cloudTrail", "logBucket", "existing", "region"],
      value: cloudTrail?.logBucket?.existing?.region,
    },
    { path: ["securityLake", "region"], value: securityLake?.region },
    { path: ["brainEgress", "region"], value: brainEgress?.region },
  ];
  for (const { path, value } of regions) {
    const actual = value === undefined ? undefined : REGIONS[value]?.partition;
    if (actual !== undefined && actual !== partition) {
      yield {
        path,
        problem: `${value} is a region of partition ${actual}, but the deployment is in ${partition}`,
        allowed: `a region of ${partition}`,
        remedy:
          path.length === 1
            ? `Set partition: ${actual}, or correct the region.`
            : "Correct the region: a deployment is in one partition.",
      };
    }
  }
};
