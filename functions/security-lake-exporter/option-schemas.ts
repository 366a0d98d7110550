import * as z from "zod/mini";
import {
  isRequired,
  isWrittenOut,
  type Option,
  type Options,
  type ValuesOf,
} from "../../facts/options/option.js";

/**
 * Schemas for a group of options: what an option may hold is in facts/, and what is omitted has the option's default. An
 * option whose default the deployer writes out must be there.
 */
export function schemasOf<Group extends Options>(
  options: Group,
): { [Name in keyof Group]: z.ZodMiniType<ValuesOf<Group>[Name & keyof ValuesOf<Group>]> } {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, schemaOf(option)]),
  ) as never;
}

function schemaOf(option: Option): z.ZodMiniType {
  const leaf = leafOf(option);
  if (isRequired(option) || isWrittenOut(option)) {
    return leaf;
  }
  return option.default === undefined ? z.optional(leaf) : z._default(leaf, option.default);
}

function leafOf(option: Option): z.ZodMiniType {
  switch (option.kind) {
    case "flag":
      return z.boolean();
    case "text":
      return z.string().check(z.regex(option.pattern.regex));
    case "number":
      return z.int().check(z.minimum(option.min), z.maximum(option.max));
    default:
      return z.literal(option.values);
  }
}
