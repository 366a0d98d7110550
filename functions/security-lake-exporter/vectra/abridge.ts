import type { AnswerLimits } from "./answer.js";
import { JsonScan } from "./json-scan.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** The response, its list, an element of the list: anything nested deeper is left out. */
const KEPT_LEVELS = 3;
/** Replaces what is left out. */
const LEFT_OUT = Buffer.from('"(left out: too long)"');
/** Far more fields than a response and its elements have. */
const MAX_CUTS = 10_000;

/**
 * JSON of a response without the lists and objects that are fields of its elements, so that an event that cannot be parsed
 * can still be identified.
 *
 * @returns undefined where that has too many values too.
 */
export function abridged(bytes: Buffer, limits: AnswerLimits): string | undefined {
  const kept: Buffer[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (OPENING.has(byte)) {
      depth += 1;
      if (depth === KEPT_LEVELS + 1) {
        kept.push(bytes.subarray(from, at), LEFT_OUT);
        from = bytes.length;
      }
    } else if (CLOSING.has(byte)) {
      if (depth === KEPT_LEVELS + 1) {
        from = at + 1;
      }
      depth -= 1;
    }
    if (kept.length > 2 * MAX_CUTS) {
      return undefined;
    }
  }
  const text = Buffer.concat([...kept, bytes.subarray(from)]);
  const scan = new JsonScan();
  scan.push(text);
  return scan.values < limits.values ? text.toString("utf8") : undefined;
}

/** Index of the quote that ends the string which begins at `start`, or of the last byte. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) {
    at += bytes[at] === BACKSLASH ? 2 : 1;
  }
  return at;
}
