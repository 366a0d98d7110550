import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Finding, Path } from "./diagnostics.js";
import type { FieldGuide } from "./fields.js";
import { type Field, fieldAt, guideOf, recordKeyOf, shapeOf } from "./guides.js";
import { type DeploymentSource, namesSecret } from "./source.js";

const SECRET_REMEDY =
  "Remove it, and replace it in Vectra if anybody else saw it: a secret never stands in this file. " +
  "The tenant's client id and secret belong in AWS Secrets Manager; " +
  "the outputs of the security-lake stack show the command that puts them there.";

/**
 * Says what a zod issue means for the person who wrote the file.
 *
 * @param schema the schema that raised the issue.
 * @param source the file, for the values as they were written.
 */
export function findingsOf(issue: z.core.$ZodIssue, schema: z.ZodType, source: DeploymentSource): Finding[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") {
    const keys = Object.keys(shapeOf(fieldAt(schema, path).schema));
    return issue.keys.map((key) => unknownKey([...path, key], keys));
  }
  if (issue.code === "invalid_key") {
    const guide = guideOf(recordKeyOf(fieldAt(schema, path.slice(0, -1)).schema));
    return [{ path, key: true, ...guide, problem: "the key is not valid", remedy: remedyFor(guide, "") }];
  }
  const field = fieldAt(schema, path);
  const guide = guideOf(field.schema);
  const value = valueAt(source.toJS(), path);
  return [
    {
      path,
      problem: problemOf(issue, value, source.quote(path)),
      allowed: guide.allowed,
      remedy: remedyOf(issue, field, value, source.quote(path)),
    },
  ];
}

function problemOf(issue: z.core.$ZodIssue, value: unknown, written: string): string {
  if (value === undefined) {
    return "is missing";
  }
  if (value === null) {
    return "is empty";
  }
  if (issue.code === "custom") {
    const keys = typeof value === "object" ? Object.keys(value) : [];
    return keys.length === 0 ? "has no key" : `has ${keys.length} keys (${keys.join(", ")})`;
  }
  if (needsQuotes(issue, value)) {
    return `${written} is a ${typeof value} for YAML, not text`;
  }
  if (Array.isArray(value) && (issue.code === "too_small" || issue.code === "too_big")) {
    return `has ${value.length} entries`;
  }
  return `${written}${lengthNote(issue, value)} is not valid`;
}

function remedyOf(issue: z.core.$ZodIssue, field: Field, value: unknown, written: string): string {
  const key = String(issue.path.at(-1));
  if (typeof value === "string" && namesSecret(key)) {
    return SECRET_REMEDY;
  }
  if (needsQuotes(issue, value)) {
    return `Quote it: "${written}".`;
  }
  if ((value ?? null) === null && z.safeParse(field.schema, {}).success) {
    return `Write "${key}: {}".`;
  }
  const remedy = remedyFor(guideOf(field.schema), typeof value === "string" ? value : "");
  return field.byDefault === undefined
    ? remedy
    : `${remedy} Or leave it out for the default, ${field.byDefault}.`;
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
  return typeof guide.remedy === "string" ? guide.remedy : guide.remedy(value);
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
  const allowed = known.length === 0 ? "no key at all here" : known.join(", ");
  return { path, key: true, problem: "unknown key", allowed, remedy: unknownKeyRemedy(path, key, known) };
}

function unknownKeyRemedy(path: Path, key: string, known: readonly string[]): string {
  if (/access.?key|session.?token/i.test(key)) {
    return "Remove it: AWS credentials come from the environment or the profile of whoever runs Terraform.";
  }
  if (namesSecret(key) || path.includes("secret")) {
    return SECRET_REMEDY;
  }
  const nearest = known.length === 0 ? undefined : closest(key, [...known]);
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
