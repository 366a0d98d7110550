import { int32, string, struct } from "../../parquet/schema.js";
import type { ScoringEvent } from "../../vectra/schema.js";
import { FIXED, optional, required } from "../attributes.js";

/** The detection model behind the event: that of the account's last detection. */
export const ANALYTIC = optional(
  struct("analytic", [
    optional(string("name"), { from: "`last_detection.type`" }),
    optional(string("type"), { from: FIXED }),
    required(int32("type_id"), { from: FIXED, ids: { captions: { 2: "Behavioral" }, captionIn: "type" } }),
  ]),
  { atLeastOne: ["name", "uid"] },
);

/** Null without a last detection, whose type then is empty. Vectra calls its models behavior detection. */
export function analyticOf({ last_detection }: ScoringEvent) {
  const name = last_detection?.type ?? "";
  return name === "" ? null : { name, type: "Behavioral", type_id: 2 };
}
