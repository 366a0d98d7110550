import { Token } from "cdktf";
import type { Construct } from "constructs";
import { keyRegion } from "../../facts/checks/key-region.js";
import { enforceCheck } from "../check.js";
import type { ILogKey } from "./log-key-base.js";

/** Refuses a key of another region than what it encrypts. Regions that only Terraform knows pass. */
export function enforceLogKeyRegion(
  construct: Construct,
  { key, region }: { readonly key: ILogKey; readonly region: string },
): void {
  const shown = Token.isUnresolved(key.keyArn) ? key.node.path : key.keyArn;
  enforceCheck(
    construct,
    keyRegion,
    { keyRegion: key.region, region },
    { keyRegion: { prop: "key", shown } },
  );
}
