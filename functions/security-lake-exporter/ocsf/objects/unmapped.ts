import { string, stringMap } from "../../parquet/schema.js";
import { jsonText } from "../../state/json-text.js";
import { asItCame } from "../../vectra/read-event.js";
import { DOCUMENTED_FIELDS, type ScoringEvent } from "../../vectra/schema.js";
import { optional } from "../attributes.js";
import { MAX_STRING_LENGTH } from "../conformance.js";
import type { MappingContext } from "../profile.js";

/** Fields that no OCSF attribute of any profile has a place for. */
const NOWHERE_ELSE = ["attack_rating", "breadth_contrib", "is_prioritized", "velocity_contrib"] as const;

/** @param more what else a profile puts here, in the words of the mapping table. */
export const unmappedColumn = (...more: readonly string[]) =>
  optional(stringMap("unmapped"), {
    from: [...NOWHERE_ELSE.map((field) => `\`${field}\``), ...more, "fields unknown to this version"].join(
      ", ",
    ),
  });

/**
 * Fields that OCSF has no attribute for, under Vectra's names, each as a string. Fields unknown to this version
 * are kept too: a tenant may be newer than the exporter. So are older fields that contradict the newer one.
 *
 * @param more further fields, for profiles that have no attribute for them.
 * @returns null when there is nothing.
 */
export function unmappedOf(event: ScoringEvent, more: Readonly<Record<string, unknown>>) {
  const unmapped: Record<string, string> = {};
  let empty = true;
  const add = (field: string, value: unknown) => {
    if (value !== null && value !== undefined && value !== "") {
      unmapped[field] = typeof value === "object" ? jsonText(value) : String(value);
      empty = false;
    }
  };
  for (const field of NOWHERE_ELSE) {
    add(field, event[field]);
  }
  for (const field in more) {
    add(field, more[field]);
  }
  // An event has every documented field; most have no others, and need not be searched.
  if (Object.keys(event).length > DOCUMENTED_FIELDS.size) {
    for (const field in event) {
      if (!DOCUMENTED_FIELDS.has(field)) {
        add(field, event[field]);
      }
    }
  }
  return empty ? null : unmapped;
}

export const RAW_DATA = optional(string("raw_data"), {
  from: "the event as JSON, as it came, if enabled",
});

/** Off by default: it doubles what the lake stores. Null for an event that is too long for OCSF's strings. */
export function rawDataOf(event: ScoringEvent, { rawData = false }: MappingContext): string | null {
  const json = rawData ? jsonText(asItCame(event)) : null;
  return json !== null && json.length <= MAX_STRING_LENGTH ? json : null;
}
