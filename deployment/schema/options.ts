import { z } from "zod";
import {
  isRequired,
  isWrittenOut,
  type Option,
  type Options,
  type ValueOf,
} from "../../facts/options/option.js";
import {
  defaultInFile,
  remedyFor,
  type Sentences,
  type SentencesOf,
} from "../../facts/sentences/sentences.js";
import { fieldGuides, text } from "./fields.js";

/*
 * Fields of the file from the options in facts/: type, bounds, default and sentences come from there. How fields are
 * grouped, and whether they belong to a created or to an existing thing, is up to the schema.
 */

/** The schema of what an option holds. */
type LeafOf<O extends Option> = O extends { readonly kind: "flag" }
  ? z.ZodBoolean
  : O extends { readonly kind: "number" }
    ? z.ZodInt
    : O extends { readonly kind: "choice" }
      ? z.ZodType<ValueOf<O>, ValueOf<O>>
      : z.ZodString;

/** A field that may be omitted, and is then absent. */
type SparseField<O extends Option> = O extends { readonly required: true } | { readonly writtenOut: true }
  ? Field<O>
  : z.ZodOptional<LeafOf<O>>;

/** A field that may be omitted, and then has its default, if there is one. */
type Field<O extends Option> = O extends { readonly required: true }
  ? LeafOf<O>
  : O extends { readonly default: unknown }
    ? z.ZodDefault<LeafOf<O>>
    : z.ZodOptional<LeafOf<O>>;

/** A field for an option; what is omitted has the option's default. */
export function field<O extends Option>(option: O, sentences: Sentences): Field<O> {
  const leaf = described(leafOf(option, sentences), option, sentences);
  if (isRequired(option)) {
    return leaf as never;
  }
  return (option.default === undefined ? leaf.optional() : leaf.default(option.default as never)) as never;
}

/** Fields for a group of options; what is omitted has the option's default. */
export function fields<Group extends Options>(
  options: Group,
  sentences: SentencesOf<Group>,
): { [Name in keyof Group]: Field<Group[Name]> } {
  return mapped(options, (name) => field(options[name] as Option, sentences[name])) as never;
}

/**
 * Fields for options of a tenant: what is omitted stays absent, and takes no room in the 4 KB of Lambda's environment,
 * unless its default is written out. Schema and reference show the default all the same.
 */
export function sparseFields<Group extends Options>(
  options: Group,
  sentences: SentencesOf<Group>,
): { [Name in keyof Group]: SparseField<Group[Name]> } {
  return mapped(options, (name) => {
    const option: Option = options[name] as Option;
    if (isRequired(option) || option.default === undefined || isWrittenOut(option)) {
      return field(option, sentences[name]);
    }
    const leaf = described(leafOf(option, sentences[name]), option, sentences[name]);
    return leaf.optional().meta({ default: option.default });
  }) as never;
}

function mapped<Group extends Options>(
  options: Group,
  schemaOf: (name: keyof Group & string) => z.ZodType,
): Record<string, z.ZodType> {
  return Object.fromEntries(Object.keys(options).map((name) => [name, schemaOf(name)]));
}

function described(leaf: z.ZodType, option: Option, { description }: Sentences): z.ZodType {
  const elsewhere = defaultInFile(option);
  return leaf.describe(elsewhere === undefined ? description : `${description} Default: ${elsewhere}.`);
}

function leafOf(option: Option, sentences: Sentences): z.ZodType {
  switch (option.kind) {
    case "flag":
      return z.boolean();
    case "text":
      return text(option.pattern, { remedy: sentences.remedy });
    case "number":
      return z
        .int()
        .min(option.min)
        .max(option.max)
        .register(fieldGuides, {
          allowed: `a whole number from ${option.min} to ${option.max}, without quotes`,
          remedy: remedyFor(option, sentences),
        });
    default:
      return choice(option.values).register(fieldGuides, {
        allowed: option.values.join(", "),
        remedy: remedyFor(option, sentences),
      });
  }
}

/** An enumeration of words, or of numbers, which JSON Schema writes as one, too. */
function choice(values: readonly string[] | readonly number[]): z.ZodType {
  return values.every((value) => typeof value === "string") ? z.enum(values) : z.literal([...values]);
}
