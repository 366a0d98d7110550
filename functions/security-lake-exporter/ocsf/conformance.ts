import type { Attribute, AttributeColumn, AttributeRules, Ids } from "./attributes.js";
import type { OcsfProfile, OcsfRecord } from "./profile.js";

/** Where a record departs from its profile's declaration. */
export interface Violation {
  /** Path of the attribute, for example `finding.uid` or `resources[].name`. */
  readonly attribute: string;
  /** What is wrong with it, without the value of a string, which may be an account's name. */
  readonly problem: string;
}

/** OCSF's `string_t` holds at most this many characters. */
export const MAX_STRING_LENGTH = 65_535;

const INT32_LIMIT = 2 ** 31;
/** Earlier times are seconds or zero mistaken for milliseconds, later ones are microseconds. */
const EARLIEST_TIME = Date.UTC(2010, 0, 1);
const LATEST_TIME = Date.UTC(2100, 0, 1);
/** The id whose caption is the source's own word. */
const OTHER = 99;

/**
 * A check of records against what their profile declares: required attributes, types and ranges, ids and their
 * captions, the class's arithmetic, a plausible time. It is pure and does not read the clock, so that a window
 * that is written again is judged the same. Prepared once for a profile, it takes microseconds per record.
 *
 * @returns a function that returns the violations of a record; a record with any must not be uploaded.
 */
export function conformanceCheck(profile: OcsfProfile): (record: OcsfRecord) => readonly Violation[] {
  const checkAttributes = checkOfFields(profile.columns, "");
  return (record) => {
    const found: Violation[] = [];
    checkAttributes(record, found);
    checkClass(record, profile, found);
    checkTime(record.time, found);
    return found;
  };
}

type Check<T = unknown> = (value: T, found: Violation[]) => void;
type Fields = Readonly<Record<string, unknown>>;

function checkOfFields(attributes: readonly Attribute[], parent: string): Check<Fields> {
  const declared = attributes.map((attribute) => {
    const { name, rules } = attribute;
    const path = parent + name;
    return {
      name,
      check: checkOf(attribute, rules, path),
      checkId: rules.ids === undefined ? undefined : checkOfId(name, rules.ids, parent),
      missing: rules.required ? { attribute: path, problem: "is required" } : undefined,
    };
  });
  const byName = new Map(declared.map((attribute) => [attribute.name, attribute]));
  return (fields, found) => {
    let position = 0;
    let known = 0;
    // Iterates over the record, because V8 then finds the values without looking up their names; and mappings write them in
    // the declared order, so that their declarations need no look-up either.
    for (const name in fields) {
      const next = declared[position];
      const attribute = next?.name === name ? next : byName.get(name);
      position += 1;
      if (attribute === undefined) {
        found.push({ attribute: parent + name, problem: "is not declared by the profile" });
        continue;
      }
      known += 1;
      const value = fields[name];
      if (value !== null && value !== undefined) {
        attribute.check(value, found);
        attribute.checkId?.(fields, found);
      } else if (attribute.missing !== undefined) {
        found.push(attribute.missing);
      }
    }
    if (known < declared.length) {
      for (const { name, missing } of declared) {
        if (missing !== undefined && !(name in fields)) {
          found.push(missing);
        }
      }
    }
  };
}

function checkOf(column: AttributeColumn, rules: AttributeRules, path: string): Check {
  const must = (be: string): Violation => ({ attribute: path, problem: `must be ${be}` });
  switch (column.type) {
    case "string": {
      const wrong = must("a string");
      const limit = rules.json === true ? Number.POSITIVE_INFINITY : MAX_STRING_LENGTH;
      return (value, found) => {
        if (typeof value !== "string") {
          found.push(wrong);
        } else if (value.length > limit) {
          const problem = `must have at most ${limit} characters, and has ${value.length}`;
          found.push({ attribute: path, problem });
        }
      };
    }
    case "int32":
      return checkThat(isInt32, must("a whole number of 32 bits"));
    case "int64":
      return checkThat(Number.isSafeInteger, must("a whole number below 2^53"));
    case "boolean":
      return checkThat((value) => typeof value === "boolean", must("true or false"));
    case "stringMap":
      return checkThat(isStringMap, must("a map of strings"));
    case "list": {
      const wrong = must("a list");
      const checkElement = checkOf(column.element, {}, `${path}[]`);
      return (value, found) => {
        if (Array.isArray(value)) {
          for (const element of value) {
            checkElement(element, found);
          }
        } else {
          found.push(wrong);
        }
      };
    }
    case "struct":
      return checkOfStruct(column.fields, rules, path);
  }
}

function checkOfStruct(
  attributes: readonly Attribute[],
  { atLeastOne = [] }: AttributeRules,
  path: string,
): Check {
  const checkFields = checkOfFields(attributes, `${path}.`);
  const names = attributes.map(({ name }) => name);
  return (value, found) => {
    if (!isObject(value)) {
      found.push({ attribute: path, problem: "must be a struct" });
    } else if (!hasOne(value, names)) {
      // Readers treat it as a struct that lacks its required members.
      found.push({ attribute: path, problem: "has no member: it must be null" });
    } else {
      if (atLeastOne.length > 0 && !hasOne(value, atLeastOne)) {
        found.push({ attribute: path, problem: `must have one of ${atLeastOne.join(", ")}` });
      }
      checkFields(value, found);
    }
  };
}

function hasOne(fields: Fields, names: readonly string[]): boolean {
  for (const name of names) {
    if (fields[name] !== null && fields[name] !== undefined) {
      return true;
    }
  }
  return false;
}

function checkOfId(name: string, { captions, captionIn }: Ids, parent: string): Check<Fields> {
  const captionById = new Map(Object.entries(captions).map(([id, caption]) => [Number(id), caption]));
  return (fields, found) => {
    const id = Number(fields[name]);
    const caption = captionById.get(id);
    if (caption === undefined) {
      const allowed = [...captionById.keys()].join(", ");
      found.push({ attribute: parent + name, problem: `is ${id}, and may be ${allowed}` });
    } else if (captionIn !== undefined && id !== OTHER && fields[captionIn] !== caption) {
      const problem = `must be "${caption}" where ${name} is ${id}`;
      found.push({ attribute: parent + captionIn, problem });
    }
  };
}

function checkClass(record: OcsfRecord, { classUid, version }: OcsfProfile, found: Violation[]): void {
  const expect = (attribute: string, actual: unknown, expected: number | string) => {
    if (actual !== expected) {
      found.push({ attribute, problem: `must be ${expected}` });
    }
  };
  expect("class_uid", record["class_uid"], classUid);
  expect("category_uid", record["category_uid"], Math.floor(classUid / 1000));
  expect("type_uid", record["type_uid"], classUid * 100 + Number(record["activity_id"]));
  const metadata = record["metadata"];
  expect("metadata.version", isObject(metadata) ? metadata["version"] : undefined, version);
}

function checkTime(time: number, found: Violation[]): void {
  if (Number.isSafeInteger(time) && (time < EARLIEST_TIME || time >= LATEST_TIME)) {
    found.push({ attribute: "time", problem: "must be milliseconds between 2010 and 2100" });
  }
}

function checkThat(holds: (value: unknown) => boolean, violation: Violation): Check {
  return (value, found) => {
    if (!holds(value)) {
      found.push(violation);
    }
  };
}

function isInt32(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= -INT32_LIMIT && Number(value) < INT32_LIMIT;
}

function isStringMap(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
