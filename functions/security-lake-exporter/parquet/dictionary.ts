import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import type { EncodedValues } from "./plain.js";
import { fillRuns, type Runs } from "./runs.js";

/** Distinct values, and for each value which one of them it is. */
export interface Dictionary {
  /** In the order in which they first occur. */
  readonly entries: readonly unknown[];
  readonly indexes: Uint32Array;
}

/** At each so many entries, a dictionary that does not pay so far is given up. */
const TRIAL = 1024;

/**
 * The dictionary of a leaf's values; undefined where it would not pay, because each entry is used less than
 * twice on average.
 */
export function dictionaryOf(values: Runs<unknown>): Dictionary | undefined {
  const { items, counts, length } = values;
  const positions = new Map<unknown, number>();
  const runIndexes: number[] = [];
  let seen = 0;
  for (let run = 0; run < items.length; run += 1) {
    const known = positions.get(items[run]);
    const index = known ?? positions.size;
    runIndexes.push(index);
    seen += counts[run] ?? 0;
    if (known === undefined) {
      positions.set(items[run], index);
      if (positions.size % TRIAL === 0 && 2 * positions.size > seen) {
        return undefined;
      }
    }
  }
  const pays = length > 0 && 2 * positions.size <= length;
  return pays
    ? { entries: [...positions.keys()], indexes: fillRuns(new Uint32Array(length), runIndexes, counts) }
    : undefined;
}

/** Parquet's RLE_DICTIONARY encoding: the bit width, then runs and bit-packed groups of indexes. */
export function dictionaryIndexes({ entries, indexes }: Dictionary): EncodedValues {
  // No bits at all for a single entry: then a run is only its length.
  const bitWidth = 32 - Math.clz32(entries.length - 1);
  return {
    // At most what bit-packing takes, in groups of eight, and now and then the header of a run.
    size: (from, to) => 16 + Math.ceil(((to - from) * (bitWidth + 2)) / 8),
    body: (from, to) => {
      const writer = new ByteWriter();
      writer.appendUint8(bitWidth);
      writeRleBitPackedHybrid(writer, indexes.subarray(from, to), bitWidth);
      return writer.getBytes();
    },
  };
}
