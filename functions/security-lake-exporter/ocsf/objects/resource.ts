import { list, string, struct } from "../../parquet/schema.js";
import type { ScoringEvent } from "../../vectra/schema.js";
import { optional } from "../attributes.js";

/** What the finding is about: the account that was scored. */
export const RESOURCES = optional(
  list(
    "resources",
    struct("element", [
      // OCSF: "as defined by the event source". Vectra publishes no names for its three numbers.
      optional(string("criticality"), { from: "`importance`" }),
      optional(string("name"), { from: "`name`" }),
      optional(string("type"), { from: "`type`" }),
      optional(string("uid"), { from: "`entity_id`" }),
    ]),
  ),
);

export function resourcesOf({ importance, name, type, entity_id }: ScoringEvent) {
  return [
    { criticality: importance === null ? null : String(importance), name, type, uid: String(entity_id) },
  ];
}
