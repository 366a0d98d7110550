/** So many of the values that were sent last are remembered: those of the tokens and secrets before a rotation too. */
const REMEMBERED = 16;

/**
 * What was sent to a tenant and must not be shown: a tenant, or a proxy on the way, may send it back in the text of an
 * error. It is kept for that alone.
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
    // A longer value first: the Basic value of a client may contain its id.
    const secrets = [...this.#names].toSorted(([one], [other]) => other.length - one.length);
    if (secrets.length === 0) {
      return text;
    }
    const pattern = new RegExp(secrets.map(([value]) => `(${patternOf(value)})`).join("|"), "giu");
    return text.replace(pattern, (...matched) => {
      const index = matched.slice(1, secrets.length + 1).findIndex((group) => group !== undefined);
      return `[${secrets[index]?.[1]}]`;
    });
  }
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** The other alphabet of Base64, and what a form makes of a space. */
const OTHER_FORMS: Readonly<Record<string, string>> = { "+": "-", "/": "_", " ": "\\+" };

/** A value that is shorter may be a word or part of one, `client` in `invalid_client`: it counts where it stands alone. */
const UNMISTAKABLE_LENGTH = 8;

function patternOf(value: string): string {
  const pattern = [...value].map(characterPattern).join("");
  return value.length < UNMISTAKABLE_LENGTH ? `(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])` : pattern;
}

/** A character as it is, or as URLs, JSON and HTML write it; in a URL within a URL, % itself is encoded. */
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
