import { int32, list, string, struct } from "../../parquet/schema.js";
import type { ScoringEvent } from "../../vectra/schema.js";
import { FIXED, optional, required } from "../attributes.js";
import { awsIdentityOf } from "../aws-identity.js";
import { AWS_ACCOUNT, awsAccountOf } from "./cloud.js";

/** The AWS identity behind the detections, where the account's name contains it. */
export const EVIDENCES = optional(
  list(
    "evidences",
    struct("element", [
      required(
        struct("user", [
          AWS_ACCOUNT,
          optional(string("name"), { from: "`name`: what follows `AWS:<account>/<type>:`" }),
          optional(string("type"), { from: "`name`: the `<type>` in it" }),
          // "Other" leaves the caption to the source: neither a role nor an IAM user is OCSF's plain "User".
          optional(int32("type_id"), { from: FIXED, ids: { captions: { 99: "Other" }, captionIn: "type" } }),
        ]),
        { atLeastOne: ["account", "name", "uid"] },
      ),
    ]),
  ),
);

export function evidencesOf(event: ScoringEvent) {
  const identity = awsIdentityOf(event.name);
  return identity === undefined
    ? null
    : [{ user: { account: awsAccountOf(event), name: identity.name, type: identity.type, type_id: 99 } }];
}
