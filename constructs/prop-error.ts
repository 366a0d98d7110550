import type { IConstruct } from "constructs";

/** Known to every copy of this package that is loaded, so that one copy recognizes another's errors. */
const BRAND = Symbol.for("vectra-cdr-cdktf.PropError");

/**
 * A prop that holds what it must not. The message is for a person; its parts are for a program that reports them
 * elsewhere.
 *
 * Two copies of this package have two classes of this name. {@link isPropError} (and `instanceof`, which asks it)
 * recognizes the errors of both.
 */
export class PropError extends Error {
  /** Whether a value is a `PropError`, of this copy of the package or of another one. */
  static isPropError(value: unknown): value is PropError {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  /** A subclass asks for its own prototype, as any class does: the brand says nothing about it. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits the method, and is what is asked.
    if (this === PropError) {
      return PropError.isPropError(value);
    }
    // biome-ignore lint/complexity/noThisInStatic: the same.
    return Function.prototype[Symbol.hasInstance].call(this as typeof PropError, value);
  }

  override readonly name = "PropError";
  /** Path of the construct in its app. */
  readonly construct: string;
  readonly prop: string;
  /** The value as text. */
  readonly value: string;
  /** What is wrong, or what is allowed. */
  readonly problem: string;
  /** One or more whole sentences. */
  readonly remedy: string;
  readonly [BRAND] = true;

  constructor(construct: IConstruct, prop: string, value: string, problem: string, remedy: string) {
    super(`${construct.node.path}: ${prop} is ${value}: ${problem}. ${remedy}`);
    this.construct = construct.node.path;
    this.prop = prop;
    this.value = value;
    this.problem = problem;
    this.remedy = remedy;
  }
}
