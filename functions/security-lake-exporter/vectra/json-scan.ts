const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
/** Bit that a brace has and the bracket of the same direction lacks. */
const BRACE_BIT = 0x20;

/**
 * Counts the values of a JSON text while its bytes arrive, so that no text is parsed that would fill the memory: three bytes
 * become an object, and one byte a level of nesting. Whether the text is JSON at all is for JSON.parse to decide.
 */
export class JsonScan {
  #values = 0;
  #separators = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInList = false;

  /** Values so far, except the first: each comma, and each opening bracket or brace, adds one. */
  get values(): number {
    return this.#values;
  }

  /** Commas so far between the elements of lists that are fields of the response itself, such as `events`. */
  get separators(): number {
    return this.#separators;
  }

  /** Takes the next bytes. In UTF-8 every byte of a character beyond ASCII is above 127: none of them counts here. */
  push(bytes: Uint8Array): void {
    const { length } = bytes;
    // Fields are slower than variables, and this loop sees every byte.
    let values = this.#values;
    let separators = this.#separators;
    let depth = this.#depth;
    let isInString = this.#isInString;
    let isInList = this.#isInList;
    let at = this.#isEscaped ? 1 : 0;
    while (at < length) {
      let byte = bytes[at] ?? 0;
      at += 1;
      if (isInString) {
        while (byte !== QUOTE && byte !== BACKSLASH && at < length) {
          byte = bytes[at] ?? 0;
          at += 1;
        }
        isInString = byte !== QUOTE;
        at += byte === BACKSLASH ? 1 : 0;
      } else if (byte === QUOTE) {
        isInString = true;
      } else if (byte === COMMA) {
        values += 1;
        separators += depth === 2 && isInList ? 1 : 0;
      } else if ((byte | BRACE_BIT) === OPENING_BRACE) {
        values += 1;
        depth += 1;
        isInList = depth === 2 ? byte === OPENING_BRACKET : isInList;
      } else if ((byte | BRACE_BIT) === CLOSING_BRACE) {
        depth -= 1;
      }
    }
    // A backslash that was the last byte escapes the first one of the next.
    this.#isEscaped = at > length;
    this.#values = values;
    this.#separators = separators;
    this.#depth = depth;
    this.#isInString = isInString;
    this.#isInList = isInList;
  }
}
