import { Token } from "cdktf";
import type { Construct } from "constructs";
import { refuse } from "../expectation.js";
import type { ILogKey } from "./log-key-base.js";

/**
 * Refuses a key of another region than what it encrypts. Regions that only Terraform knows pass.
 *
 * @param reason why, as a whole clause.
 */
export function enforceKeyRegion(
  construct: Construct,
  { key, region }: { readonly key: ILogKey; readonly region: string },
  reason: string,
): void {
  const actual = key.region;
  if (
    actual !== undefined &&
    !Token.isUnresolved(actual) &&
    !Token.isUnresolved(region) &&
    actual !== region
  ) {
    const name = Token.isUnresolved(key.keyArn) ? key.node.path : key.keyArn;
    refuse(
      construct,
      "key",
      JSON.stringify(name),
      `must be in ${region}: ${reason}`,
      `Use a key from ${region}, or change the region to ${actual}.`,
    );
  }
}
