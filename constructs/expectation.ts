import { Token } from "cdktf";
import type { Construct } from "constructs";
import {
  isRequired,
  MUST_BE_GIVEN,
  type NumberOption,
  type Option,
  type Options,
} from "../facts/options/option.js";
import type { Pattern } from "../facts/patterns.js";
import { formatOf } from "../facts/sentences/formats.js";
import { orOmit, remedyFor, type Sentences, type SentencesOf } from "../facts/sentences/sentences.js";
import { PropError } from "./prop-error.js";

/** What a prop may hold, and what to do when it holds something else. */
export interface Expectation<T> {
  readonly accepts: (value: T) => boolean;
  /** Completes "must be ...". */
  readonly allowed: string;
  /** One or more whole sentences. */
  readonly remedy: string;
}

/** A text of a form; noun and remedy are by default those of its format. */
export function ofFormat(pattern: Pattern, remedy?: string): Expectation<string> {
  const { regex, form } = pattern;
  const { noun, remedy: usual } = formatOf(pattern);
  return {
    accepts: (value) => regex.test(value),
    allowed: form.startsWith("such as ") ? `${noun} ${form}` : `${noun}: ${form}`,
    remedy: remedy ?? usual,
  };
}

/** One of a few values. */
export function oneOf<T extends string | number>(values: readonly T[], remedy: string): Expectation<T> {
  return { accepts: (value) => values.includes(value), allowed: `one of ${values.join(", ")}`, remedy };
}

/** What an option may hold; nothing is expected of a flag. */
function ofOption(option: Option, sentences: Sentences): Expectation<never> | undefined {
  if (option.kind === "flag") {
    return undefined;
  }
  const own = remedyFor(option, sentences);
  const remedy = option.default === undefined ? own : `${own} ${orOmit(option.default)}`;
  switch (option.kind) {
    case "text":
      return ofFormat(option.pattern, remedy);
    case "choice":
      return oneOf<string | number>(option.values, remedy);
    default:
      return wholeNumber(option, remedy);
  }
}

function wholeNumber({ unit, min, max }: NumberOption, remedy: string): Expectation<number> {
  return {
    accepts: (value) => Number.isInteger(value) && value >= min && value <= max,
    allowed: `a whole number of ${unit} from ${min} to ${max}`,
    remedy,
  };
}

/**
 * Holds every option of a group against what is expected of it.
 *
 * @param prefix what the error writes before the option's name: `tenants[0].`
 * @throws PropError, see {@link enforce}.
 */
export function enforceOptions<Group extends Options>(
  construct: Construct,
  prefix: string,
  values: { readonly [Name in keyof Group]?: unknown } | undefined,
  options: Group,
  sentences: SentencesOf<Group>,
): void {
  for (const name of Object.keys(options) as (keyof Group & string)[]) {
    const option = options[name] as Option;
    if (values !== undefined && values[name] === undefined && isRequiredProp(option)) {
      refuseOmitted(construct, `${prefix}${name}`);
    }
    const expectation = ofOption(option, sentences[name]);
    if (expectation !== undefined) {
      enforce(construct, `${prefix}${name}`, values?.[name] as never, expectation);
    }
  }
}

/** Whether a construct's prop for the option cannot be omitted. */
function isRequiredProp(option: Option): boolean {
  return isRequired(option) || (option.kind === "text" && option.defaultByPlace?.construct === MUST_BE_GIVEN);
}

/**
 * Refuses a required prop that is `undefined` all the same, such as an unset environment variable behind `!`.
 *
 * @throws PropError always.
 */
export function refuseOmitted(construct: Construct, prop: string): never {
  refuse(construct, prop, "undefined", "is required", "Set it; check the variable that it is taken from.");
}

/**
 * Holds a prop against what is expected of it. Absent values and unresolved tokens pass: their values are
 * unknown until Terraform runs.
 *
 * @throws PropError that names the construct, the prop, the value, what is allowed and the remedy.
 */
export function enforce<T extends string | number>(
  construct: Construct,
  prop: string,
  value: T | undefined,
  expectation: Expectation<T>,
): void {
  if (value === undefined || Token.isUnresolved(value) || expectation.accepts(value)) {
    return;
  }
  refuse(construct, prop, JSON.stringify(value), `must be ${expectation.allowed}`, expectation.remedy);
}

/** {@link enforce} for every element of a list; the error names the element (`trailArns[1]`). */
export function enforceEach(
  construct: Construct,
  prop: string,
  values: readonly string[] | undefined,
  expectation: Expectation<string>,
): void {
  values?.forEach((value, index) => {
    enforce(construct, `${prop}[${index}]`, value, expectation);
  });
}

/** Refuses an empty list. */
export function enforceSome(
  construct: Construct,
  prop: string,
  values: readonly unknown[],
  remedy: string,
): void {
  if (values.length === 0) {
    refuse(construct, prop, "[]", "must not be empty", remedy);
  }
}

/**
 * Refuses a token, which Terraform resolves later than this value is needed.
 *
 * @param reason what it is needed for, as a whole clause.
 */
export function enforceKnown(construct: Construct, prop: string, value: unknown, reason: string): void {
  if (Token.isUnresolved(value)) {
    refuse(
      construct,
      prop,
      "a token",
      `must be known when the stack is synthesized: ${reason}`,
      "Pass the value itself.",
    );
  }
}

/**
 * Refuses a prop for a reason that is about more than its own value.
 *
 * @throws PropError always.
 */
export function refuse(
  construct: Construct,
  prop: string,
  value: string,
  problem: string,
  remedy: string,
): never {
  throw new PropError(construct, prop, value, problem, remedy);
}
