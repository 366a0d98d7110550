import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { orOmit } from "../../facts/sentences/sentences.js";
import { type Finding, type Path, shortened } from "../file/diagnostics.js";
import { namesSecret, shownKey } from "../file/secrets.js";
import type { DeploymentSource } from "../file/source.js";
import type { FieldGuide } from "./fields.js";
import { type Field, fieldAt, guideOf, isFieldName, recordKeyOf, shapeOf } from "./guides.js";

const SECRET_REMEDY =
  "Remove it, and replace it in Vectra if anyone else may have seen it: secrets do not belong in this file. " +
  "The tenant's client id and secret belong in AWS Secrets Manager; " +
  "the outputs of the security-lake stack show the command that stores them.";

/** Keys that a message lists. */
const MAX_KEYS = 8;

/** Unknown keys of one mapping that are reported. */
const MAX_UNKNOWN = 200;

/** Characters of a word that are compared with the known keys. */
const MAX_WORD = 64;

/**
 * Translates a zod issue for the author of the file.
 *
 * @param schema the schema that raised the issue.
 * @param source the file, for the values as they were written.
 */
export function findingsOf(issue: z.core.$ZodIssue, schema: z.ZodType, source: DeploymentSource): Finding[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") {
    const keys = Object.keys(shapeOf(fieldAt(schema, path).schema));
    return issue.keys.slice(0, MAX_UNKNOWN).map((key) => unknownKey([...path, key], keys));
  }
  if (issue.code === "invalid_key") {
    const guide = guideOf(recordKeyOf(fieldAt(schema, path.slice(0, -1)).schema));
    return [{ path, key: true, ...guide, problem: "is not a valid key", remedy: remedyFor(guide, "") }];
  }
  const field = fieldAt(schema, path);
  const guide = guideOf(field.schema);
  const value = valueAt(source.toJS(), path);
  return [
    {
      path,
      problem: problemOf(issue, value, source.quote(path), path),
      allowed: guide.allowed,
      remedy: remedyOf(issue, field, value, source.isSecret(path) ? undefined : source.quote(path)),
    },
  ];
}

function problemOf(issue: z.core.$ZodIssue, value: unknown, written: string, path: Path): string {
  if (value === undefined) {
    return "is missing";
  }
  if (value === null) {
    return "is empty";
  }
  if (issue.code === "custom") {
    const keys = typeof value === "object" ? shownKeys(Object.keys(value), path) : [];
    const count = keys.length === 0 ? 0 : Object.keys(value).length;
    return count === 0 ? "has no key" : `has ${count} ${count === 1 ? "key" : "keys"} (${keys.join(", ")})`;
  }
  if (needsQuotes(issue, value)) {
    return `YAML reads ${written} as a ${typeof value}, not text`;
  }
  if (Array.isArray(value) && (issue.code === "too_small" || issue.code === "too_big")) {
    return `has ${value.length} entries`;
  }
  return `${written}${lengthNote(issue, value)} is not valid`;
}

function remedyOf(
  issue: z.core.$ZodIssue,
  field: Field,
  value: unknown,
  written: string | undefined,
): string {
  const key = String(issue.path.at(-1));
  if (typeof value === "string" && namesSecret(key)) {
    return SECRET_REMEDY;
  }
  if (needsQuotes(issue, value)) {
    return written === undefined ? "Quote it." : `Quote it: "${written}".`;
  }
  if ((value ?? null) === null && z.safeParse(field.schema, {}).success) {
    return `Write "${key}: {}".`;
  }
  const remedy = remedyFor(guideOf(field.schema), typeof value === "string" ? value : "");
  return field.byDefault === undefined ? remedy : `${remedy} ${orOmit(field.byDefault)}`;
}

/** Below a secret-like key a secret may have been written where a key belongs. */
function shownKeys(keys: readonly string[], path: Path): string[] {
  const secret = path.some((step) => namesSecret(String(step)));
  const shown = keys
    .slice(0, MAX_KEYS)
    .map((key) => (secret && !isFieldName(key) ? "***" : shortened(shownKey(key))));
  return keys.length > MAX_KEYS ? [...shown, "…"] : shown;
}

/** YAML reads 011111111111 as a number and drops the zero. */
function needsQuotes(issue: z.core.$ZodIssue, value: unknown): boolean {
  return (
    issue.code === "invalid_type" &&
    issue.expected === "string" &&
    (typeof value === "number" || typeof value === "boolean")
  );
}

function remedyFor(guide: FieldGuide, value: string): string {
  return typeof guide.remedy === "string" ? guide.remedy : guide.remedy(value.slice(0, MAX_WORD));
}

/** Counts what a reader would count by hand: digits of a number, characters of something too short or long. */
function lengthNote(issue: z.core.$ZodIssue, value: unknown): string {
  if (typeof value !== "string" || issue.code !== "invalid_format") {
    return "";
  }
  if (/^\d+$/.test(value)) {
    return ` (${value.length} digits)`;
  }
  return value.length === 1 ? " (1 character)" : ` (${value.length} characters)`;
}

function unknownKey(path: Path, known: readonly string[]): Finding {
  const key = String(path.at(-1));
  const remedy = unknownKeyRemedy(path, key, known);
  return known.length === 0
    ? { path, key: true, problem: "unknown key; no keys are allowed here", remedy }
    : { path, key: true, problem: "unknown key", allowed: known.join(", "), remedy };
}

function unknownKeyRemedy(path: Path, key: string, known: readonly string[]): string {
  if (/access.?key|session.?token/i.test(key)) {
    return "Remove it: Terraform takes AWS credentials from its environment or profile.";
  }
  if (namesSecret(key) || path.includes("secret")) {
    return SECRET_REMEDY;
  }
  const nearest = known.length === 0 || key.length > MAX_WORD ? undefined : closest(key, [...known]);
  // More than a third of a word wrong is another word, not a slip.
  return nearest !== undefined && distance(key, nearest) <= Math.max(2, Math.ceil(nearest.length / 3))
    ? `Did you mean ${nearest}?`
    : "Remove it.";
}

function valueAt(value: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    return value;
  }
  return typeof value === "object" && value !== null && Object.hasOwn(value, step)
    ? valueAt((value as Record<string | number, unknown>)[step], rest)
    : undefined;
}
