import { DEFAULT_PARTITION, DEPLOYMENT_PARTITIONS } from "../partitions.js";
import { DEPLOYMENT_NAME } from "../patterns.js";
import type { Options } from "./option.js";

/** Options of a deployment as a whole. */
export const DEPLOYMENT_OPTIONS = {
  name: { kind: "text", pattern: DEPLOYMENT_NAME, required: true },
  partition: { kind: "choice", values: DEPLOYMENT_PARTITIONS, default: DEFAULT_PARTITION },
  retain: { kind: "flag", default: true },
} as const satisfies Options;

/** What happens to the policy of a bucket, key or topic that was created elsewhere. */
export const EXISTING_POLICY_OPTIONS = {
  policy: { kind: "choice", values: ["print", "own", "refuse"], default: "print" },
} as const satisfies Options;

/** Options of the CloudTrail half. */
export const CLOUDTRAIL_OPTIONS = {
  leaving: { kind: "choice", values: ["withdraw", "release"] },
  stsV2Tokens: { kind: "flag", default: false },
  scope: { kind: "choice", values: ["organization", "account"] },
} as const satisfies Options;
