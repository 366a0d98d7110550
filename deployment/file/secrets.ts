import { type Document, isAlias, isCollection, isNode, isPair, isScalar, type Node, visit } from "yaml";

/** Characters of the text, from (inclusive) and to (exclusive). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a secret-like key holds in it, all words in one. */
const STEMS = /secret|passw|passphrase|credential|clientid|privatekey|accesskey|apikey|authorization/;

/** Single words that name a secret by themselves. */
const WORDS = /^(?:.*token|tokens|bearer|pwd)$/;

/** A setting of ours that only sounds like one. */
const SETTING = /^stsv2tokens?$/;

/** `https://user:password@host`, and what an address carries in its query or fragment. */
const IN_ADDRESS = [
  /\/\/([^\s"']{1,256})@/g,
  /[?&#][\w.-]{0,40}(?:token|secret|passw|key|sig)[\w.-]{0,40}=([^&\s"'#]{1,2000})/gi,
];

/** A key and what separates it from its value, in text that is no YAML. */
const KEY_IN_TEXT = /([A-Za-z][\w.-]{0,80})["']?\s*[:=]\s*/g;

/** Whether a key with this name could hold a secret. Whole words count, so `stsV2Tokens` does not. */
export function namesSecret(key: string): boolean {
  const words = key
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const joined = words.join("");
  return !SETTING.test(joined) && (STEMS.test(joined) || words.some((word) => WORDS.test(word)));
}

/** A secret-like key as a message repeats it: what is more than words may be a mapping with the secret itself. */
export function shownKey(key: string): string {
  return namesSecret(key) && !/^[\w .-]*$/.test(key) ? "***" : key;
}

/**
 * Where a document holds what could be a secret: every value below a secret-like key, through aliases too, with its
 * tag and anchor, and keys that are no field's name there; and what addresses carry.
 *
 * @param targetOf what an alias repeats.
 * @param isFieldName whether a key is one of the file's own fields.
 */
export function secretSpans(
  text: string,
  document: Document.Parsed,
  targetOf: (node: unknown) => Node | undefined,
  isFieldName: (key: string) => boolean,
): Span[] {
  const spans: Span[] = [];
  const below: Span[] = [];
  const seen = new Set<unknown>();
  const add = (node: Node) => {
    const [from, to] = node.range ?? [0, 0];
    spans.push({ from: from - propertiesBefore(text, from), to });
  };
  const collect = (node: unknown): void => {
    if (seen.has(node)) {
      return;
    }
    seen.add(node);
    if (isAlias(node)) {
      add(node);
      collect(targetOf(node));
    } else if (isPair(node)) {
      if (isNode(node.key) && !(isScalar(node.key) && isFieldName(String(node.key.value)))) {
        add(node.key);
      }
      collect(node.value);
    } else if (isCollection(node)) {
      const [from] = node.range ?? [0];
      const properties = propertiesBefore(text, from);
      spans.push(...(properties === 0 ? [] : [{ from: from - properties, to: from }]));
      for (const item of node.items) {
        collect(item);
      }
    } else if (isScalar(node)) {
      add(node);
    }
  };
  visit(document, {
    Pair: (_, { key, value }) => {
      if (isScalar(key) && namesSecret(String(key.value))) {
        collect(value);
        below.push({ from: key.range?.[0] ?? 0, to: (isNode(value) ? value.range : key.range)?.[2] ?? 0 });
      }
    },
  });
  return [
    ...spans,
    ...addressSpans(text),
    ...commentSpans(text, below),
    ...(document.errors.length === 0 ? [] : textSpans(text)),
  ];
}

/**
 * Comments on a line with a secret-like key, or below one: they may be a secret that begins with #, or one that was
 * commented out.
 *
 * @param below from each secret-like key to the end of its value, in the order of the text.
 */
function commentSpans(text: string, below: readonly Span[]): Span[] {
  const spans: Span[] = [];
  let offset = 0;
  let next = 0;
  let secretUntil = 0;
  for (const line of text.split("\n")) {
    const end = offset + line.length;
    for (let span = below[next]; span !== undefined && span.from <= end; next += 1, span = below[next]) {
      secretUntil = Math.max(secretUntil, span.to);
    }
    const comment = line.search(/(?:^|\s)#/);
    const secret =
      offset < secretUntil || [...line.matchAll(KEY_IN_TEXT)].some(([, key = ""]) => namesSecret(key));
    if (comment >= 0 && secret) {
      spans.push({ from: offset + line.indexOf("#", comment), to: end });
    }
    offset += line.length + 1;
  }
  return spans;
}

/**
 * Secrets of a text that is no YAML: what follows a secret-like key to the end of its line, and lines further in,
 * among which any line counts that a tab indents.
 */
function textSpans(text: string): Span[] {
  const spans: Span[] = [];
  let offset = 0;
  let inside: number | undefined;
  for (const line of text.split("\n")) {
    const indent = line.search(/\S/);
    if (inside !== undefined && (indent < 0 || indent > inside || line.slice(0, indent).includes("\t"))) {
      spans.push({ from: offset, to: offset + line.length });
    } else {
      const secret = [...line.matchAll(KEY_IN_TEXT)].find(([, key = ""]) => namesSecret(key));
      inside = secret === undefined ? undefined : indent;
      if (secret !== undefined) {
        spans.push({ from: offset + secret.index + secret[0].length, to: offset + line.length });
      }
    }
    offset += line.length + 1;
  }
  return spans;
}

function addressSpans(text: string): Span[] {
  return IN_ADDRESS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => {
      const value = match[1] ?? "";
      const from = match.index + match[0].indexOf(value);
      return { from, to: from + value.length };
    }),
  );
}

/** Characters of the tag and the anchor directly before a node. */
function propertiesBefore(text: string, from: number): number {
  return /(?:[&!][^\s,[\]{}]*\s*)*$/.exec(text.slice(Math.max(0, from - 200), from))?.[0].length ?? 0;
}
