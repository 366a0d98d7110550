import { z } from "zod";
import { deploymentSchema } from "./deployment.js";
import { guideOf, shapeOf, unwrap } from "./guides.js";

/** A mapping of the file, with everything that the reference says about it. */
interface Section {
  /** Path of the mapping, lists as `[]`; empty for the file as a whole. */
  readonly path: string;
  readonly schema: z.core.$ZodType;
}

/**
 * Every key of a deployment file as Markdown, one table for each mapping, written from the schema: what it is,
 * what is allowed, and what applies when it is omitted.
 */
export function deploymentReference(): string {
  // Mappings that are alike, such as the accounts, share a table.
  const pathsByTable = new Map<string, string[]>();
  for (const { path, schema } of sectionsOf({ path: "", schema: deploymentSchema })) {
    const table = tableOf(schema);
    pathsByTable.set(table, [...(pathsByTable.get(table) ?? []), path]);
  }
  return [
    "# Every key of deployment.yaml",
    "",
    "Written by `npm run schema` from `deployment/schema/deployment.ts`; editors show the same. `examples/` has a file for each",
    "situation.",
    "",
    ...[...pathsByTable].flatMap(([table, paths]) => [`## ${headingOf(paths)}`, "", table, ""]),
  ].join("\n");
}

function headingOf(paths: readonly string[]): string {
  return paths.map((path) => (path === "" ? "The file" : `\`${path}\``)).join(", ");
}

function* sectionsOf(section: Section): Iterable<Section> {
  const { path, schema } = section;
  const inner = unwrap({ schema }).schema;
  if (inner instanceof z.ZodArray) {
    yield* sectionsOf({ path: `${path}[]`, schema: inner.element });
    return;
  }
  if (!(inner instanceof z.ZodObject) || Object.keys(inner.shape).length === 0) {
    return;
  }
  yield { path, schema: inner };
  for (const [key, child] of Object.entries(shapeOf(inner))) {
    yield* sectionsOf({ path: path === "" ? key : `${path}.${key}`, schema: child });
  }
}

function tableOf(schema: z.core.$ZodType): string {
  const rows = Object.entries(shapeOf(schema)).map(([key, child]) => {
    const field = unwrap({ schema: child });
    return `| \`${key}\` | ${cell(descriptionOf(child))} | ${cell(guideOf(field.schema).allowed)} | ${defaultOf(child, field.byDefault)} |`;
  });
  return ["| key | what it is | allowed | default |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The outermost description: that of a field takes precedence over that of its type. */
function descriptionOf(schema: z.core.$ZodType): string {
  const own = z.globalRegistry.get(schema)?.description;
  const wrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return own ?? (wrapped ? descriptionOf(schema.unwrap()) : "");
}

function defaultOf(schema: z.core.$ZodType, byDefault: unknown): string {
  if (byDefault !== undefined) {
    return `\`${JSON.stringify(byDefault)}\``;
  }
  if (schema instanceof z.ZodPrefault) {
    return `\`${JSON.stringify(schema.def.defaultValue)}\``;
  }
  return schema instanceof z.ZodOptional ? "optional" : "required";
}

/** `<region>` is no HTML. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<");
}
