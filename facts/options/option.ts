import type { Pattern } from "../patterns.js";

/**
 * Options as data. An option here is a leaf: one value, with what it may be and what applies when it is omitted. How
 * leaves are grouped (create, existing, own) is the business of the deployment's schema and of the constructs' props;
 * see docs/adr/0030-facts-are-leaves.md.
 */
export type Option = TextOption | NumberOption | ChoiceOption | FlagOption;

/** Options by name, as the constructs' props and the deployment file call them. */
export type Options = Readonly<Record<string, Option>>;

interface TextOption {
  readonly kind: "text";
  readonly pattern: Pattern;
  /** Whether it cannot be omitted. */
  readonly required?: true;
  readonly default?: string;
  /** What applies when it is omitted, where that differs by place. */
  readonly defaultByPlace?: DefaultByPlace;
}

/** A whole number. */
export interface NumberOption {
  readonly kind: "number";
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly required?: true;
  readonly default?: number;
}

interface ChoiceOption {
  readonly kind: "choice";
  readonly values: readonly string[] | readonly number[];
  readonly required?: true;
  readonly default?: string | number;
  /** As of a flag. */
  readonly writtenOut?: true;
}

interface FlagOption {
  readonly kind: "flag";
  readonly default: boolean;
  /** Of a tenant: whether the default is written to the function's environment; other defaults take no room there. */
  readonly writtenOut?: true;
}

interface DefaultByPlace {
  readonly construct: typeof MUST_BE_GIVEN;
  /** Path of another field of the deployment file. */
  readonly deploymentFile: string;
  readonly commandLine: string;
}

export const MUST_BE_GIVEN = "must be given";

/** Whether the option cannot be omitted, wherever it is set. */
export function isRequired(option: Option): boolean {
  return option.kind !== "flag" && option.required === true;
}

/** Whether the option's default is written to the function's environment. */
export function isWrittenOut(option: Option): boolean {
  return (option.kind === "flag" || option.kind === "choice") && option.writtenOut === true;
}

/** What an option holds. */
export type ValueOf<O extends Option> = O extends { readonly kind: "flag" }
  ? boolean
  : O extends { readonly kind: "number" }
    ? number
    : O extends { readonly kind: "choice"; readonly values: readonly (infer Value)[] }
      ? Value
      : string;

/** Whether an option always has a value: one is required, or there is a default. */
type HasValue<O> = O extends { readonly required: true } | { readonly default: unknown } ? true : false;

/** A group of options, each with its default filled in. */
export type ValuesOf<Group extends Options> = {
  readonly [Name in keyof Group as HasValue<Group[Name]> extends true ? Name : never]: ValueOf<Group[Name]>;
} & {
  readonly [Name in keyof Group as HasValue<Group[Name]> extends true ? never : Name]?:
    | ValueOf<Group[Name]>
    | undefined;
};

/** The same as it is given: what has a default may be omitted. */
export type GivenOf<Group extends Options> = {
  readonly [Name in keyof Group as Group[Name] extends { readonly required: true } ? Name : never]: ValueOf<
    Group[Name]
  >;
} & {
  readonly [Name in keyof Group as Group[Name] extends { readonly required: true } ? never : Name]?:
    | ValueOf<Group[Name]>
    | undefined;
};
