import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import type { Finding, Path } from "../file/diagnostics.js";
import type { Constraint } from "./constraint.js";

/** A deployment cannot reach resources in another partition. */
export const arnsInPartition: Constraint = function* (deployment) {
  const partition = deployment.partition ?? DEFAULT_PARTITION;
  // The state may be stored anywhere that Terraform has credentials for.
  const { terraform: _, ...rest } = deployment;
  yield* foreignArns(rest, [], partition);
};

function* foreignArns(value: unknown, path: Path, partition: string): Iterable<Finding> {
  if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield* foreignArns(item, [...path, Array.isArray(value) ? Number(key) : key], partition);
    }
    return;
  }
  const actual = typeof value === "string" ? /^arn:(aws[\w-]*):/.exec(value)?.[1] : undefined;
  if (actual !== undefined && actual !== partition) {
    yield {
      path,
      problem: `"${value}" is an ARN of partition ${actual}, but the deployment is in ${partition}`,
      allowed: `an ARN beginning with arn:${partition}:`,
      remedy: "Correct the ARN, or set partition.",
    };
  }
}
