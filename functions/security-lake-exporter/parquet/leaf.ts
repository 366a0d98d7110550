import type { LeafType } from "./schema.js";

/**
 * A leaf of the declared columns, and what it holds for a run of records. Only leaves are columns of the file:
 * structs, lists and maps are in it as two levels for each slot of a leaf. A slot is a place where a value could be,
 * one for each record, and below a list or map one for each item.
 */
export interface Leaf {
  readonly type: LeafType;
  readonly place: Place;
  /** The values that are present, slot by slot: an absent one has levels only. */
  readonly values: readonly unknown[];
  readonly levels: Levels;
}

/** A place in the file's schema, and the levels of something that is there. */
export interface Place {
  /** Names from the top of the file's schema. */
  readonly path: readonly string[];
  /** Definition level of what is there; a lower one says how far up the way the null is. */
  readonly definition: number;
  /** Number of lists and maps on the way. */
  readonly repetition: number;
}

/** Two levels for each slot. */
export interface Levels {
  /** How far down the way there is something. */
  readonly definition: Uint8Array;
  /** Which list the slot continues, 0 where it begins a record; empty where no list or map is on the way. */
  readonly repetition: Uint8Array;
}

/** The error for a value that is not what a column declares. It omits the value, which is a customer's. */
export function misfit(path: readonly string[], value: unknown, declared: string): TypeError {
  const found = Array.isArray(value) ? "array" : typeof value;
  return new TypeError(
    `Column ${path.join(".")} declares ${declared} and got a value of type ${found}: ` +
      "correct the mapping, or the declared columns of the profile.",
  );
}
