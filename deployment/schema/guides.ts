import { z } from "zod";
import { formatPath, type Path } from "../file/diagnostics.js";
import { deploymentSchema } from "./deployment.js";
import { type FieldGuide, fieldGuides } from "./fields.js";

/** A field of the schema without the wrappers that make it optional. */
export interface Field {
  readonly schema: z.core.$ZodType;
  /** The default, if it is one value. */
  readonly byDefault?: unknown;
}

/** The innermost schema of the field at this path, without optional, default and the like around it. */
export function fieldAt(schema: z.core.$ZodType, path: Path): Field {
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
  if (inner instanceof z.ZodUnion) {
    // Which of its kinds is meant is unknown; the union itself says what is allowed.
    return field;
  }
  const next = shapeOf(inner)[step];
  if (next === undefined) {
    throw new Error(`The schema of a deployment has no field ${formatPath(path)}`);
  }
  return fieldAt(next, rest);
}

/** {@link fieldAt} of the schema itself. */
export function unwrap(field: Field): Field {
  const { schema } = field;
  if (schema instanceof z.ZodDefault) {
    return unwrap({ schema: schema.unwrap(), byDefault: schema.def.defaultValue });
  }
  // A default that is filled in elsewhere, see options.ts.
  const elsewhere = z.globalRegistry.get(schema)?.["default"];
  if (schema instanceof z.ZodOptional && elsewhere !== undefined) {
    return unwrap({ schema: schema.unwrap(), byDefault: elsewhere });
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) {
    return unwrap({ ...field, schema: schema.unwrap() });
  }
  return field;
}

/** The keys of a mapping with their schemas; of a union, those of every mapping in it. */
export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  if (schema instanceof z.ZodUnion) {
    return Object.assign({}, ...schema.options.map(shapeOf));
  }
  return schema instanceof z.ZodObject ? schema.shape : {};
}

let fieldNames: ReadonlySet<string> | undefined;

/** Whether a key is a field of the file, wherever that is. */
export function isFieldName(key: string): boolean {
  fieldNames ??= new Set(namesBelow(deploymentSchema));
  return fieldNames.has(key);
}

function namesBelow(schema: z.core.$ZodType): string[] {
  const inner = unwrap({ schema }).schema;
  if (inner instanceof z.ZodArray) {
    return namesBelow(inner.element);
  }
  if (inner instanceof z.ZodRecord) {
    return namesBelow(inner.valueType);
  }
  return Object.entries(shapeOf(inner)).flatMap(([name, child]) => [name, ...namesBelow(child)]);
}

/** What the keys of a record must be. */
export function recordKeyOf(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodRecord ? schema.keyType : schema;
}

/** The guide of a schema; for schemas without one of their own, what their type says. */
export function guideOf(schema: z.core.$ZodType): FieldGuide {
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
  if (schema instanceof z.ZodString) {
    return { allowed: "text", remedy: "Write text, in quotes if YAML reads it as something else." };
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
  throw new Error(`The schema type ${schema._zod.def.type} has no guide for its errors yet`);
}
