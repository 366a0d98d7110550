import { Token } from "cdktf";
import type { Construct } from "constructs";
import { regionOfArn } from "../facts/arn.js";
import { keyRegion } from "../facts/checks/key-region.js";
import { enforceCheck } from "./check.js";

/**
 * Refuses the ARN of a key in another region than what it encrypts. Tokens pass.
 *
 * @throws PropError for the prop of the key.
 */
export function enforceKeyRegion(
  construct: Construct,
  prop: string,
  keyArn: string | undefined,
  region: string | undefined,
): void {
  enforceCheck(
    construct,
    keyRegion,
    { keyRegion: Token.isUnresolved(keyArn) ? undefined : regionOfArn(keyArn), region },
    { keyRegion: { prop, shown: keyArn } },
  );
}
