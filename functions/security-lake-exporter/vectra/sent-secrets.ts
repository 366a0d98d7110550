/** Maximum number of remembered values, the most recent ones: enough for tokens and secrets from before a rotation. */
const REMEMBERED = 16;

/**
 * Values that were sent to a tenant and must not be shown: a tenant, or a proxy on the way, may send them back in the text of
 * an error. They are kept for that purpose only.
 */
export class SentSecrets {
  /** Names by value, the oldest first. */
  readonly #names = new Map<string, string>();

  /** @param name what is shown in its place, in brackets. */
  add(name: string, value: string): void {
    this.#names.delete(value);
    if (value !== "") {
      this.#names.set(value, name);
    }
    const [oldest] = this.#names.keys();
    if (oldest !== undefined && this.#names.size > REMEMBERED) {
      this.#names.delete(oldest);
    }
  }

  /** The text with a name in place of each value, however its characters are encoded: `[client_secret]`. */
  mask(text: string): string {
    const parts: string[] = [];
    let shownUpTo = 0;
    for (const { start, end, name } of this.#found(text)) {
      parts.push(text.slice(shownUpTo, start), `[${name}]`);
      shownUpTo = end;
    }
    return parts.join("") + text.slice(shownUpTo);
  }

  /** In the order of the text; none overlaps the one before. */
  #found(text: string): readonly Found[] {
    // A longer one first: the Basic value of a client may contain its id.
    const sorted = [...this.#names]
      .flatMap(([value, name]) => placesOf(value, text).map((place) => ({ ...place, name })))
      .toSorted((one, other) => one.start - other.start || other.end - one.end);
    const found: Found[] = [];
    for (const each of sorted) {
      const start = Math.max(each.start, found.at(-1)?.end ?? 0);
      if (start < each.end) {
        found.push({ ...each, start });
      }
    }
    return found;
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
}

interface Found extends Place {
  readonly name: string;
}

/** A token may have thousands of characters; a regular expression for all of them would be too large for Node. */
const HEAD_LENGTH = 64;

/** Where a value is in a text. A text that begins like a long value counts as far as it matches: it may be truncated. */
function placesOf(value: string, text: string): readonly Place[] {
  // Base64 is written without its padding too.
  const [, unpadded = value] = /^(.+?)={0,2}$/s.exec(value) ?? [];
  const head = [...unpadded].slice(0, HEAD_LENGTH);
  const tail = [...value].slice(head.length);
  return [...text.matchAll(headPattern(head.join("")))].map(({ 0: match, index }) => ({
    start: index,
    end: endOf(tail, text, index + match.length),
  }));
}

/** Index after the characters that are in the text from `start` on. */
function endOf(characters: readonly string[], text: string, start: number): number {
  const patterns = new Map<string, RegExp>();
  let end = start;
  for (const character of characters) {
    const pattern = patterns.get(character) ?? new RegExp(characterPattern(character), "yiu");
    patterns.set(character, pattern);
    pattern.lastIndex = end;
    if (!pattern.test(text)) {
      return end;
    }
    end = pattern.lastIndex;
  }
  return end;
}

/** A shorter value may be part of a word, as `client` in `invalid_client`: it counts only as a whole word. */
const UNMISTAKABLE_LENGTH = 8;

function headPattern(head: string): RegExp {
  const pattern = [...head].map(characterPattern).join("");
  const isUnmistakable = head.length >= UNMISTAKABLE_LENGTH;
  return new RegExp(isUnmistakable ? pattern : `(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])`, "giu");
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** The other alphabet of Base64, and a space in a form. */
const OTHER_FORMS: Readonly<Record<string, string>> = { "+": "-", "/": "_", " ": "\\+" };

/** A character as is, or as encoded in URLs, JSON and HTML; in a URL within a URL, % itself is encoded. */
function characterPattern(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  const percent = [...Buffer.from(character)].map((byte) => `%(?:25){0,3}${twoDigits(byte)}`).join("");
  const json = Array.from({ length: character.length }, (_, index) =>
    character.charCodeAt(index).toString(16).padStart(4, "0"),
  ).map((unit) => `\\\\{1,3}u${unit}`);
  const entity = NAMED_ENTITIES[character];
  const other = OTHER_FORMS[character];
  const forms = [
    percent,
    json.join(""),
    `\\\\{0,3}\\u{${hex}}`,
    `&#x0{0,4}${hex};`,
    `&#0{0,4}${code};`,
    ...(entity === undefined ? [] : [entity]),
    ...(other === undefined ? [] : [other]),
  ];
  return `(?:${forms.join("|")})`;
}

function twoDigits(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
