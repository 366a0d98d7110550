import { Token } from "cdktf";
import type { Construct } from "constructs";
import type { Pattern } from "../facts/patterns.js";
import { PropError } from "./prop-error.js";

/** What a prop may hold, and what to do when it holds something else. */
export interface Expectation<T> {
  readonly accepts: (value: T) => boolean;
  /** Completes "must be ...". */
  readonly allowed: string;
  /** A whole sentence. */
  readonly remedy: string;
}

/** A string that matches a pattern as a whole. */
export function matching(pattern: RegExp, allowed: string, remedy: string): Expectation<string> {
  return { accepts: (value) => pattern.test(value), allowed, remedy };
}

/**
 * {@link matching} for a pattern that the deployment file asks for, too.
 *
 * @param what noun with article; the form of the pattern follows.
 */
export function following({ regex, form }: Pattern, what: string, remedy: string): Expectation<string> {
  return matching(regex, `${what}: ${form}`, remedy);
}

/** One of a few words. */
export function oneOf(words: readonly string[], remedy: string): Expectation<string> {
  return { accepts: (value) => words.includes(value), allowed: `one of ${words.join(", ")}`, remedy };
}

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number, unit: string, remedy: string): Expectation<number> {
  return {
    accepts: (value) => Number.isInteger(value) && value >= least && value <= most,
    allowed: `a whole number of ${unit} from ${least} to ${most}`,
    remedy,
  };
}

/**
 * Holds a prop against what is expected of it. Absent values and unresolved tokens pass: what Terraform will put there
 * is not known yet.
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
      "Give the value itself.",
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
