import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import type { Finding, Path } from "../file/diagnostics.js";
import type { Constraint } from "./constraint.js";

/** An ARN of another partition names nothing that this deployment could reach. */
export const arnsInPartition: Constraint = function* (deployment) {
  const partition = deployment.partition ?? DEFAULT_PARTITION;
  // The state may be kept anywhere that Terraform has credentials for.
  const { terraform: _, ...rest } = deployment;
  yield* strangers(rest, [], partition);
};

function* strangers(value: unknown, path: Path, partition: string): Iterable<Finding> {
  if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield* strangers(item, [...path, Array.isArray(value) ? Number(key) : key], partition);
    }
    return;
  }
  const actual = typeof value === "string" ? /^arn:(aws[\w-]*):/.exec(value)?.[1] : undefined;
  if (actual !== undefined && actual !== partition) {
    yield {
      path,
      problem: `"${value}" is an ARN of partition ${actual}, but the deployment is in ${partition}`,
      allowed: `an ARN beginning with arn:${partition}:`,
      remedy: "Correct it, or the deployment's partition.",
    };
  }
}
