import type { z } from "zod";

type Schema = z.core.JSONSchema.BaseSchema;

/** A key of deployment.yaml: `securityLake.exporter.tenants.url`, without a mark for lists. */
export interface Option {
  readonly path: string;
  /** The default; undefined if the schema names none. */
  readonly default: unknown;
}

/** Policy statements follow AWS's grammar; their keys are not options. */
const FOREIGN = new Set(["policyStatements", "currentStatements"]);

/** Every key that a JSON Schema without references describes, parents before their children. */
export function optionsOf(schema: Schema, prefix = ""): readonly Option[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const child = value as Schema;
    const path = `${prefix}${key}`;
    const below = FOREIGN.has(key) ? [] : optionsOf(child, `${path}.`);
    return [{ path, default: child.default }, ...below];
  });
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])] as Schema[];
  const items = schema.items === undefined ? [] : [schema.items as Schema];
  const deeper = [...branches, ...items].flatMap((branch) => optionsOf(branch, prefix));
  const known = new Set(own.map(({ path }) => path));
  return [...own, ...deeper.filter(({ path }) => !known.has(path))];
}

/** The values that a file gives to each key, by the same paths; all entries of a list together. */
export function settingsOf(value: unknown): ReadonlyMap<string, readonly unknown[]> {
  const settings = new Map<string, unknown[]>();
  collect(value, "", settings);
  return settings;
}

function collect(value: unknown, prefix: string, settings: Map<string, unknown[]>): void {
  if (Array.isArray(value)) {
    for (const entry of value) {
      collect(entry, prefix, settings);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const path = `${prefix}${key}`;
      settings.set(path, [...(settings.get(path) ?? []), child]);
      collect(child, `${path}.`, settings);
    }
  }
}
