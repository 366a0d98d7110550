/**
 * Checks over several values, each written once. Constructs and the deployment file call them through adapters; see
 * docs/adr/0031-a-check-is-one-pure-function.md.
 */

/** What a caller knows of a value. */
export type Value<T> = Known<T> | typeof OMITTED | typeof UNKNOWN;

interface Known<T> {
  readonly state: "known";
  readonly value: T;
}

/** Not set: the default applies. */
export const OMITTED = { state: "omitted" } as const;

/** Set, but not to be judged: Terraform resolves it later, or it is wrong by itself and reported already. */
export const UNKNOWN = { state: "unknown" } as const;

export function known<T>(value: T): Known<T> {
  return { state: "known", value };
}

/** The values of a check by key, each as its caller knows it; of a list, every item. */
export type ValuesOf<T> = {
  readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? readonly Value<Item>[] : Value<T[Key]>;
};

/** What is wrong with values that may each be right by itself. */
export interface CheckFinding<Key = string> {
  /** The value that the finding is reported at. */
  readonly key: Key;
  /** Its item, if the value is a list. */
  readonly index?: number;
  /** A clause that reads well after the value's name and a colon. */
  readonly problem: string;
  /** What is allowed instead, if that is a phrase. */
  readonly allowed?: string;
  /** One or more whole sentences. */
  readonly remedy: string;
}

/** What the caller's readers call a value: a prop, or a field of a file. */
type NameOf<Key> = (key: Key, index?: number) => string;

/**
 * A pure function over several values.
 *
 * @typeParam T the values by key, as they are when all of them are known.
 */
export type Check<T> = (
  values: ValuesOf<T>,
  name: NameOf<keyof T & string>,
) => readonly CheckFinding<keyof T & string>[];

/** The value, or nothing if it is omitted or unknown. */
export function given<T>(value: Value<T>): T | undefined {
  return value.state === "known" ? value.value : undefined;
}

/** The value that applies, or nothing if it is unknown. */
export function effective<T>(value: Value<T>, byDefault: T): T | undefined {
  return value.state === "omitted" ? byDefault : given(value);
}
