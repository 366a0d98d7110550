import { categoryOf, DOCUMENTED_FIELDS, isAbsent, type ScoringEvent, scoringEvent } from "./schema.js";

/** Form of `event_timestamp`. */
const TIMESTAMP = scoringEvent.shape.event_timestamp._zod.pattern;

/**
 * Reads an event that is as the API documents it, exactly as the schema does. Nearly all events are, and walking the
 * schema for each takes 15 times as long: as much as mapping and encoding it. A test compares both on random events.
 *
 * @param json with the field names of v3.4.
 * @returns undefined for any other: the schema decides whether it is an event, and what is wrong with it.
 */
export function documentedEvent(json: unknown): ScoringEvent | undefined {
  if (!isObject<ScoringEvent>(json)) {
    return undefined;
  }
  const { id, entity_id, event_timestamp, active_detection_types, last_detection } = json;
  const { name, type, category, severity, urgency_reason, url, is_prioritized } = json;
  const { urgency_score, importance, attack_rating, breadth_contrib, velocity_contrib } = json;
  if (
    !(isId(id) && isId(entity_id) && isString(event_timestamp) && TIMESTAMP.test(event_timestamp)) ||
    !(isTexts(active_detection_types) && isLastDetection(last_detection)) ||
    !(isText(name) && isText(type) && isText(category) && isText(severity)) ||
    !(isText(urgency_reason) && isText(url) && isFlag(is_prioritized)) ||
    !(isNumber(urgency_score) && isNumber(importance) && isNumber(attack_rating)) ||
    !(isNumber(breadth_contrib) && isNumber(velocity_contrib))
  ) {
    return undefined;
  }
  // One literal, so that all events have one layout in memory, which makes every later access to them faster.
  const event: ScoringEvent = {
    id,
    entity_id,
    name: orNull(name),
    type: orNull(type),
    category: categoryOf(orNull(category)),
    severity: orNull(severity),
    urgency_score: orNull(urgency_score),
    urgency_reason: orNull(urgency_reason),
    is_prioritized: orNull(is_prioritized),
    importance: orNull(importance),
    attack_rating: orNull(attack_rating),
    breadth_contrib: orNull(breadth_contrib),
    velocity_contrib: orNull(velocity_contrib),
    active_detection_types: isAbsent(active_detection_types) ? [] : active_detection_types,
    last_detection: isAbsent(last_detection)
      ? null
      : {
          id: orNull(last_detection.id),
          type: orNull(last_detection.type),
          url: orNull(last_detection.url),
        },
    url: orNull(url),
    event_timestamp,
  };
  for (const field in json) {
    // Setting a field called __proto__ would set something else.
    if (!DOCUMENTED_FIELDS.has(field) && field !== "__proto__") {
      event[field] = json[field];
    }
  }
  return event;
}

/** JSON that may be a T, none of whose fields has been checked. */
type Unread<T> = { readonly [Field in keyof T]?: unknown };
type OrAbsent<T> = T | null | undefined | "";
type LastDetection = {
  readonly [Leaf in keyof NonNullable<ScoringEvent["last_detection"]>]?: OrAbsent<
    NonNullable<ScoringEvent["last_detection"]>[Leaf]
  >;
};

function orNull<T>(value: OrAbsent<T>): T | null {
  return isAbsent(value) ? null : value;
}

function isObject<T>(json: unknown): json is Unread<T> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function isId(json: unknown): json is number {
  return Number.isSafeInteger(json);
}

function isString(json: unknown): json is string {
  return typeof json === "string";
}

function isText(json: unknown): json is OrAbsent<string> {
  return isString(json) || isAbsent(json);
}

function isNumber(json: unknown): json is OrAbsent<number> {
  return Number.isFinite(json) || isAbsent(json);
}

function isFlag(json: unknown): json is OrAbsent<boolean> {
  return typeof json === "boolean" || isAbsent(json);
}

function isTexts(json: unknown): json is OrAbsent<string[]> {
  return isAbsent(json) || (Array.isArray(json) && json.every(isString));
}

function isLastDetection(json: unknown): json is OrAbsent<LastDetection> {
  if (isAbsent(json)) {
    return true;
  }
  return (
    isObject<LastDetection>(json) &&
    (isId(json.id) || isAbsent(json.id)) &&
    isText(json.type) &&
    isText(json.url)
  );
}
