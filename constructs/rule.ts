import { Token } from "cdktf";
import type { Construct } from "constructs";

/** What a prop may hold, and what to do when it holds something else. */
export interface Rule<T> {
  readonly accepts: (value: T) => boolean;
  /** Completes "must be ...". */
  readonly allowed: string;
  /** A whole sentence. */
  readonly remedy: string;
}

/** A rule for strings that match a pattern as a whole. */
export function matching(pattern: RegExp, allowed: string, remedy: string): Rule<string> {
  return { accepts: (value) => pattern.test(value), allowed, remedy };
}

/** A rule for whole numbers within bounds. */
export function wholeNumber(least: number, most: number, unit: string, remedy: string): Rule<number> {
  return {
    accepts: (value) => Number.isInteger(value) && value >= least && value <= most,
    allowed: `a whole number of ${unit} from ${least} to ${most}`,
    remedy,
  };
}

/**
 * Holds a prop against its rule. Absent values and unresolved tokens pass: what Terraform will put there
 * is not known yet.
 *
 * @throws Error that names the construct, the prop, the value, what is allowed and the remedy.
 */
export function enforce<T extends string | number>(
  construct: Construct,
  prop: string,
  value: T | undefined,
  rule: Rule<T>,
): void {
  if (value === undefined || Token.isUnresolved(value) || rule.accepts(value)) {
    return;
  }
  refuse(construct, prop, JSON.stringify(value), `must be ${rule.allowed}`, rule.remedy);
}

/** {@link enforce} for every element of a list; the error names the element (`trailArns[1]`). */
export function enforceEach(
  construct: Construct,
  prop: string,
  values: readonly string[] | undefined,
  rule: Rule<string>,
): void {
  values?.forEach((value, index) => {
    enforce(construct, `${prop}[${index}]`, value, rule);
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

/** Refuses a prop for a reason that is about more than its own value. */
export function refuse(
  construct: Construct,
  prop: string,
  value: string,
  problem: string,
  remedy: string,
): never {
  throw new Error(`${construct.node.path}: ${prop} is ${value}: ${problem}. ${remedy}`);
}
