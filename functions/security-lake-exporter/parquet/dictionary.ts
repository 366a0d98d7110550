import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import type { EncodedValues } from "./plain.js";

/** Distinct values, and for each value the index of its entry. */
export interface Dictionary {
  /** In the order in which they first occur. */
  readonly entries: readonly unknown[];
  readonly indexes: Uint32Array;
}

/** Number of entries after which, each time, a dictionary that is not worth it is abandoned. */
const TRIAL = 1024;

/**
 * The dictionary of a leaf's values; undefined where it is not worth it, because each entry is used less than
 * twice on average.
 */
export function dictionaryOf(values: readonly unknown[]): Dictionary | undefined {
  const positions = new Map<unknown, number>();
  const indexes = new Uint32Array(values.length);
  let index = 0;
  for (let next = 0; next < values.length; next += 1) {
    const value = values[next];
    // Many leaves hold the same value throughout, and a look-up takes several times as long as the comparison.
    if (next === 0 || value !== values[next - 1]) {
      const known = positions.get(value);
      index = known ?? positions.size;
      if (known === undefined) {
        positions.set(value, index);
        if (positions.size % TRIAL === 0 && 2 * positions.size > next) {
          return undefined;
        }
      }
    }
    indexes[next] = index;
  }
  const pays = values.length > 0 && 2 * positions.size <= values.length;
  return pays ? { entries: [...positions.keys()], indexes } : undefined;
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
