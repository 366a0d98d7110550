import { Token } from "cdktf";
import type { Construct } from "constructs";
import { type Check, known, OMITTED, UNKNOWN, type Value, type ValuesOf } from "../facts/checks/check.js";
import { refuse } from "./expectation.js";

/** Props by the keys of a check: absent ones are omitted, unresolved tokens unknown. */
type PropsOf<T> = {
  readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[]
    ? readonly (Item | undefined)[]
    : T[Key] | undefined;
};

/**
 * Which prop each key stands for, of a list which item; a key that is not named here is the prop's own name. Where a
 * value is only a part of the prop's, the prop's own value is shown.
 */
type PropNames<T> = {
  readonly [Key in keyof T]?: T[Key] extends readonly unknown[]
    ? (index: number) => string
    : string | ShownProp;
};

interface ShownProp {
  readonly prop: string;
  readonly shown: unknown;
}

/**
 * Refuses props for the first finding of a check.
 *
 * @throws PropError for the prop that the finding is about.
 */
export function enforceCheck<T extends object>(
  construct: Construct,
  check: Check<T>,
  props: PropsOf<T>,
  names: PropNames<T> = {},
): void {
  const nameOf = (key: keyof T & string, index = 0): string => {
    const name: string | ShownProp | ((index: number) => string) | undefined = names[key];
    if (typeof name === "function") {
      return name(index);
    }
    if (typeof name === "object") {
      return name.prop;
    }
    return Array.isArray(props[key]) ? `${key}[${index}]` : (name ?? key);
  };
  const values = Object.fromEntries(
    Object.entries(props).map(([key, prop]) => [key, Array.isArray(prop) ? asValues(prop) : asValue(prop)]),
  ) as ValuesOf<T>;
  const [first] = check(values, nameOf);
  if (first !== undefined) {
    const { key, index, problem, remedy } = first;
    const name: string | ShownProp | ((index: number) => string) | undefined = names[key];
    const prop: unknown = typeof name === "object" ? name.shown : props[key];
    const value: unknown = Array.isArray(prop) && index !== undefined ? prop[index] : prop;
    refuse(construct, nameOf(key, index), textOf(value), problem, remedy);
  }
}

/** The items of a list; of a list that is a token, nobody knows them. */
function asValues(props: readonly unknown[]): Value<unknown>[] {
  return Token.isUnresolved(props) ? [UNKNOWN] : props.map(asValue);
}

function asValue<T>(prop: T | undefined): Value<T> {
  if (prop === undefined) {
    return OMITTED;
  }
  return Token.isUnresolved(prop) ? UNKNOWN : known(prop);
}

function textOf(value: unknown): string {
  if (value === undefined) {
    return "omitted";
  }
  if (Array.isArray(value) && value.length > 0) {
    return `a list of ${value.length}`;
  }
  return typeof value === "object" && !Array.isArray(value) ? "given" : JSON.stringify(value);
}
