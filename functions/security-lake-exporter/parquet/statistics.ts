import type { Statistics } from "hyparquet";
import type { Leaf } from "./leaf.js";
import type { EncodedValues } from "./plain.js";

/** The entries of a dictionary, and their PLAIN encoding. */
export interface EncodedEntries {
  readonly entries: readonly unknown[];
  readonly encoded: EncodedValues;
}

/**
 * What the footer says about a column chunk, so that readers can skip it: its nulls, and its bounds where
 * they are cheap: for numbers, `time` above all, and for strings that are in a dictionary.
 */
export function statisticsOf(
  { type, values, levels }: Leaf,
  dictionary: EncodedEntries | undefined,
): Statistics {
  const nulls = { null_count: BigInt(levels.definition.length - values.length) };
  switch (type) {
    case "boolean":
      return nulls;
    case "string":
      return dictionary === undefined
        ? nulls
        : { ...nulls, ...boundsOf(utf8Of(dictionary), (a, b) => Buffer.compare(a, b)) };
    default:
      // They are numbers: the encoder accepted them.
      return {
        ...nulls,
        ...boundsOf((dictionary?.entries ?? values) as readonly number[], (a, b) => a - b),
      };
  }
}

/** Parquet orders strings by their UTF-8; JavaScript's own order differs beyond the basic plane. */
function utf8Of({ entries, encoded }: EncodedEntries): readonly Uint8Array[] {
  const lengthPrefix = 4;
  return entries.map((_, index) => encoded.body(index, index + 1).subarray(lengthPrefix));
}

function boundsOf<T extends number | Uint8Array>(
  values: readonly T[],
  compare: (a: T, b: T) => number,
): Statistics {
  const [first] = values;
  if (first === undefined) {
    return {};
  }
  let least: T = first;
  let greatest: T = first;
  for (const value of values) {
    if (compare(value, least) < 0) {
      least = value;
    } else if (compare(value, greatest) > 0) {
      greatest = value;
    }
  }
  return { min_value: least, max_value: greatest };
}
