import { isAbsent } from "./schema.js";

/*
 * Field names of v3.0 to v3.3, and those that v3.4 has for them. Tenants of every version mix them, so no version
 * decides which ones are read.
 */

const OLDER_FIELDS = { entity_type: "type", entity_importance: "importance" } as const;
/** Fields of an event, and their names in v3.4's `last_detection`. */
const OLDER_LEAVES = {
  last_detection_id: "id",
  last_detection_type: "type",
  last_detection_url: "url",
} as const;

type Json = Record<string, unknown>;

/**
 * An event with the field names of v3.4: where a field is present under both names, the newer one counts.
 *
 * A `last_detection` that lacks a leaf takes it from the older fields, unless these contradict it in another leaf: then
 * they are about another detection. A value of an older field that the result lacks is kept under its older name, as
 * an unknown field.
 *
 * @returns the same object where it has no older name.
 */
export function inNewerNames(json: unknown): unknown {
  if (!isObject(json) || !hasOlderName(json)) {
    return json;
  }
  const event = { ...json };
  for (const [older, newer] of Object.entries(OLDER_FIELDS)) {
    if (isAbsent(event[newer])) {
      event[newer] = event[older];
    }
    forgetRepeated(event, older, event[newer]);
  }
  event["last_detection"] = completed(event["last_detection"], event);
  const lastDetection = event["last_detection"];
  for (const [older, leaf] of Object.entries(OLDER_LEAVES)) {
    forgetRepeated(event, older, isObject(lastDetection) ? lastDetection[leaf] : undefined);
  }
  return event;
}

function completed(lastDetection: unknown, event: Readonly<Json>): unknown {
  if (!isAbsent(lastDetection) && !isObject(lastDetection)) {
    return lastDetection;
  }
  const nested: Json = isAbsent(lastDetection) ? {} : { ...lastDetection };
  const leaves = Object.entries(OLDER_LEAVES).map(([older, leaf]) => [leaf, event[older]] as const);
  const contradicted = leaves.some(
    ([leaf, flat]) => !isAbsent(nested[leaf]) && !isAbsent(flat) && nested[leaf] !== flat,
  );
  if (!contradicted) {
    for (const [leaf, flat] of leaves) {
      nested[leaf] = isAbsent(nested[leaf]) ? flat : nested[leaf];
    }
  }
  return nested;
}

function forgetRepeated(event: Json, older: string, used: unknown): void {
  if (isAbsent(event[older]) || event[older] === used) {
    delete event[older];
  }
}

function hasOlderName(json: Json): boolean {
  return (
    "entity_type" in json ||
    "entity_importance" in json ||
    "last_detection_id" in json ||
    "last_detection_type" in json ||
    "last_detection_url" in json
  );
}

function isObject(json: unknown): json is Json {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
