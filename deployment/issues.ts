import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { type Finding, formatPath, type Path } from "./diagnostics.js";
import { type FieldGuide, fieldGuides } from "./fields.js";
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

interface Field {
  readonly schema: z.core.$ZodType;
  /** The default as JSON, if the field has a simple one. */
  readonly byDefault?: string;
}

/** The innermost schema of the field at this path: without optional, default and the like around it. */
function fieldAt(schema: z.core.$ZodType, path: Path): Field {
  const field = unwrap({ schema });
  const [step, ...rest] = path;
  if (step === undefined) {
    return field;
  }
  const inner = field.schema;
  if (inner instanceof z.ZodArray) {
    return fieldAt(inner.element, rest);
  }
  if (inner instanceof z.ZodRecord) {
    return fieldAt(inner.valueType, rest);
  }
  const next = shapeOf(inner)[step];
  if (next === undefined) {
    throw new Error(`The schema of a deployment has no field ${formatPath(path)}`);
  }
  return fieldAt(next, rest);
}

function unwrap(field: Field): Field {
  const { schema } = field;
  if (schema instanceof z.ZodDefault) {
    return unwrap({ schema: schema.unwrap(), byDefault: JSON.stringify(schema.def.defaultValue) });
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) {
    return unwrap({ ...field, schema: schema.unwrap() });
  }
  return field;
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  return schema instanceof z.ZodObject ? schema.shape : {};
}

function recordKeyOf(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodRecord ? schema.keyType : schema;
}

/** The guide of a schema; for schemas without one of their own, what their type says. */
function guideOf(schema: z.core.$ZodType): FieldGuide {
  const own = fieldGuides.get(schema);
  if (own !== undefined) {
    return own;
  }
  const see = "examples/organization/deployment.yaml shows a complete file.";
  if (schema instanceof z.ZodObject) {
    const keys = Object.keys(schema.shape);
    return keys.length === 0
      ? { allowed: "{}", remedy: "Write {}." }
      : { allowed: `a mapping with ${keys.join(", ")}`, remedy: see };
  }
  if (schema instanceof z.ZodRecord) {
    return { allowed: "a mapping of names to values", remedy: see };
  }
  if (schema instanceof z.ZodArray) {
    return { allowed: 'a list, each entry after "- "', remedy: see };
  }
  if (schema instanceof z.ZodBoolean) {
    return { allowed: "true or false, without quotes", remedy: "Write one of the two." };
  }
  if (schema instanceof z.ZodNumber) {
    const allowed = `a whole number from ${schema.minValue} to ${schema.maxValue}, without quotes`;
    return { allowed, remedy: "Correct the number." };
  }
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral) {
    const values = schema instanceof z.ZodEnum ? schema.options : [...schema.values];
    return { allowed: values.join(", "), remedy: "Choose one of them." };
  }
  throw new Error(`The schema type ${schema._zod.def.type} has no words for its errors yet`);
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
