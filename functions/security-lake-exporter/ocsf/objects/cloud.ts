import { int32, string, struct } from "../../parquet/schema.js";
import type { ScoringEvent } from "../../vectra/schema.js";
import { FIXED, optional, required } from "../attributes.js";
import { awsAccountIdOf, isAws } from "../aws-identity.js";

/** An AWS account, wherever OCSF has an `account`. */
export const AWS_ACCOUNT = optional(
  struct("account", [
    optional(string("type"), { from: FIXED }),
    optional(int32("type_id"), { from: FIXED, ids: { captions: { 10: "AWS Account" }, captionIn: "type" } }),
    optional(string("uid"), { from: "`name`: the 12 digits after `AWS:`" }),
  ]),
  { atLeastOne: ["name", "uid"] },
);

export function awsAccountOf({ name }: ScoringEvent) {
  const uid = awsAccountIdOf(name);
  return uid === undefined ? null : { type: "AWS Account", type_id: 10, uid };
}

/** Attribute of OCSF's profile "cloud", which a record then names in `metadata.profiles`. */
export const CLOUD = optional(
  struct("cloud", [AWS_ACCOUNT, required(string("provider"), { from: "`name`: what `AWS:` says" })]),
);

/** Null for an account other than AWS's; an AWS account that the name does not contain is left unknown. */
export function cloudOf(event: ScoringEvent) {
  return isAws(event.name) ? { account: awsAccountOf(event), provider: "AWS" } : null;
}
