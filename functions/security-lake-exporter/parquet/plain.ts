import { type Leaf, misfit } from "./leaf.js";

/** Encoded values of which any run can be taken as the body of a page. Indexes count values, not slots. */
export interface EncodedValues {
  /** Bytes of the values from index `from` up to, and without, index `to`. */
  size(from: number, to: number): number;
  /** Those bytes. */
  body(from: number, to: number): Uint8Array;
}

/**
 * Parquet's PLAIN encoding, little-endian throughout.
 *
 * @throws TypeError for a value that is not of the leaf's type; RangeError for a number that it cannot hold.
 */
export function plain(leaf: Leaf, values: readonly unknown[]): EncodedValues {
  switch (leaf.type) {
    case "string":
      return plainStrings(leaf, values);
    case "int32":
      return plainInt32(leaf, values);
    case "int64":
      return plainInt64(leaf, values);
    case "boolean":
      return plainBooleans(leaf, values);
  }
}

/** Each string as the length of its UTF-8, 4 bytes, and the UTF-8. */
function plainStrings(leaf: Leaf, values: readonly unknown[]): EncodedValues {
  const strings = values as readonly string[];
  let room = 0;
  for (const value of values) {
    if (typeof value !== "string") {
      throw misfit(leaf.place.path, value, "a string");
    }
    // The longest UTF-8 of that many UTF-16 units: write() silently truncates what does not fit.
    room += 4 + 3 * value.length;
  }
  // Most of it is never touched, and untouched pages take no memory.
  const bytes = Buffer.allocUnsafe(room);
  const starts = new Uint32Array(strings.length + 1);
  let end = 0;
  for (const [index, text] of strings.entries()) {
    const length = bytes.write(text, end + 4);
    bytes.writeUInt32LE(length, end);
    end += 4 + length;
    starts[index + 1] = end;
  }
  const startOf = (index: number) => starts[index] ?? end;
  return {
    size: (from, to) => startOf(to) - startOf(from),
    body: (from, to) => bytes.subarray(startOf(from), startOf(to)),
  };
}

function plainInt32(leaf: Leaf, values: readonly unknown[]): EncodedValues {
  const bytes = Buffer.allocUnsafe(4 * values.length);
  values.forEach((value, index) => {
    bytes.writeInt32LE(integer(leaf, value, -(2 ** 31), 2 ** 31 - 1), 4 * index);
  });
  return fixedWidth(bytes, 4);
}

function plainInt64(leaf: Leaf, values: readonly unknown[]): EncodedValues {
  const bytes = Buffer.allocUnsafe(8 * values.length);
  values.forEach((value, index) => {
    const whole = integer(leaf, value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    // Two's complement by halves: `>>>` takes the number modulo 2^32. A BigInt for each would cost more than the rest.
    bytes.writeUInt32LE(whole >>> 0, 8 * index);
    bytes.writeInt32LE(Math.floor(whole / 2 ** 32), 8 * index + 4);
  });
  return fixedWidth(bytes, 8);
}

function integer(leaf: Leaf, value: unknown, lowest: number, highest: number): number {
  if (typeof value !== "number") {
    throw misfit(leaf.place.path, value, "a whole number");
  }
  if (!Number.isInteger(value) || value < lowest || value > highest) {
    throw new RangeError(
      `Column ${leaf.place.path.join(".")} declares a whole number from ${lowest} to ${highest} and got ${value}: ` +
        "correct the mapping, or declare a wider column.",
    );
  }
  return value;
}

function fixedWidth(bytes: Uint8Array, width: number): EncodedValues {
  return {
    size: (from, to) => (to - from) * width,
    body: (from, to) => bytes.subarray(from * width, to * width),
  };
}

/** One bit each, the lowest bit first; a page begins with a whole byte, so bits are packed for each page. */
function plainBooleans(leaf: Leaf, values: readonly unknown[]): EncodedValues {
  const size = (from: number, to: number) => Math.ceil((to - from) / 8);
  return {
    size,
    body: (from, to) => {
      const bytes = new Uint8Array(size(from, to));
      for (let index = from; index < to; index += 1) {
        const value = values[index];
        if (typeof value !== "boolean") {
          throw misfit(leaf.place.path, value, "true or false");
        }
        const bit = index - from;
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (Number(value) << (bit & 7));
      }
      return bytes;
    },
  };
}
