import type { z } from "zod";
import { type Finding, formatPath, type Path } from "../file/diagnostics.js";
import type { deploymentSchema } from "./deployment.js";

/** A deployment as a person writes it, fields with a default optional. */
export type DeploymentInput = z.input<typeof deploymentSchema>;

/** What is sound of a value: everything may be missing, but what is there has its type and shape. */
export type Sound<T> = T extends readonly (infer Item)[]
  ? readonly (Sound<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Sound<T[Key]> | undefined }
    : T;

/**
 * A deployment without the fields that are already known to be wrong. Constraints look at what remains, so that one
 * wrong account id does not hide that two tenants have one name.
 *
 * @param value what was read from the file.
 * @param findings everything that the schema objects to in it.
 */
export function soundPartOf(value: unknown, findings: readonly Finding[]): Sound<DeploymentInput> {
  const faulty = new Set(findings.map(({ path }) => formatPath(path)));
  const copy = (part: unknown, path: Path): unknown => {
    if (faulty.has(formatPath(path))) {
      return undefined;
    }
    if (Array.isArray(part)) {
      return part.map((item, index) => copy(item, [...path, index]));
    }
    if (typeof part === "object" && part !== null) {
      return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, copy(item, [...path, key])]));
    }
    return part;
  };
  // What the schema does not object to has the type that it declares.
  return (copy(value, []) ?? {}) as Sound<DeploymentInput>;
}
