import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Range,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import type { Path } from "./diagnostics.js";

/** Keys whose values are never repeated, whatever else is said about them. */
const SECRET_KEY = /secret|passw|token|credential|client.?id|(?:private|access|api).?key/i;

/** Characters of the text, from (inclusive) and to (exclusive). */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A place in the file as a person counts. */
interface Place {
  readonly line: number;
  readonly column: number;
  /** Absent where the file as a whole is meant. */
  readonly excerpt?: string;
}

/** Whether a key with this name could hold a secret. */
export function namesSecret(key: string): boolean {
  return SECRET_KEY.test(key);
}

/**
 * The text of a deployment file together with its YAML tree: knows where every field stands, through anchors
 * and merge keys too, and quotes the text without giving away what could be a secret.
 */
export class DeploymentSource {
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  #secrets: readonly Span[];

  constructor(text: string) {
    this.#text = text;
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      merge: true,
      prettyErrors: false,
    });
    this.#secrets = this.#valuesOfSecretKeys();
  }

  /** What the YAML parser objects to, unknown tags included; but for {@link doubledKeys}. */
  get syntaxErrors(): readonly YAMLError[] {
    return [...this.#document.errors, ...this.#document.warnings].filter(
      (error) => this.#doubledKey(error) === undefined,
    );
  }

  /** Keys that stand in their mapping already, with their place. */
  get doubledKeys(): readonly { readonly path: Path; readonly place: Place }[] {
    return this.#document.errors.flatMap((error) => {
      const path = this.#doubledKey(error);
      const [from] = error.pos;
      return path === undefined
        ? []
        : [{ path, place: this.placeOfOffsets(from, from + String(path.at(-1)).length) }];
    });
  }

  /** Aliases (`*name`) without an anchor before them, or inside of what they repeat: name and place. */
  get unusableAliases(): readonly { readonly name: string; readonly place: Place }[] {
    const found: Alias[] = [];
    visit(this.#document, {
      Alias: (_, alias, ancestors) => {
        const target = alias.resolve(this.#document);
        if (target === undefined || ancestors.includes(target)) {
          found.push(alias);
        }
      },
    });
    return found.map((alias) => ({ name: alias.source, place: this.#place(spanOf(alias)) }));
  }

  /** Every text of the file that is a value, with its line. */
  get texts(): readonly { readonly value: string; readonly line: number }[] {
    const found: { value: string; line: number }[] = [];
    visit(this.#document, {
      Scalar: (key, node) => {
        if (key !== "key" && typeof node.value === "string") {
          found.push({ value: node.value, line: this.#lines.linePos(spanOf(node).from).line });
        }
      },
    });
    return found;
  }

  /** The document as plain JavaScript values. */
  toJS(): unknown {
    return this.#document.toJS();
  }

  /** From now on the values at these paths are masked in excerpts. */
  hide(paths: readonly Path[]): void {
    const spans = paths.flatMap((path) => {
      const value = this.#pairAt(path)?.value;
      return isNode(value) ? [spanOf(value)] : [];
    });
    this.#secrets = [...this.#secrets, ...spans];
  }

  /** Where a position that the YAML parser reported stands. */
  placeOfOffsets(from: number, to: number): Place {
    return this.#place({ from, to: Math.max(to, from + 1) });
  }

  /** Where the value of a field stands; where its nearest surrounding field stands when it is missing. */
  placeOfValue(path: Path): Place {
    const node = this.#nodeAt(path);
    if (isScalar(node) && node.range && node.range[0] < node.range[1]) {
      return this.#place(spanOf(node));
    }
    return this.placeOfKey(path);
  }

  /** Where the key of a field stands; where its nearest surrounding field stands when it is missing. */
  placeOfKey(path: Path): Place {
    const key = this.#pairAt(path)?.key;
    if (isNode(key)) {
      return this.#place(spanOf(key));
    }
    const node = typeof path.at(-1) === "number" ? this.#nodeAt(path) : undefined;
    if (node !== undefined) {
      const { from } = spanOf(node);
      return this.#place({ from, to: from + 1 });
    }
    return path.length === 0 ? { line: 1, column: 1 } : this.placeOfKey(path.slice(0, -1));
  }

  /** A path and as many of the further steps as the file has. */
  deepest(path: Path, further: Path): Path {
    const [step, ...rest] = further;
    const next = step === undefined ? undefined : [...path, step];
    return next === undefined || this.#nodeAt(next) === undefined ? path : this.deepest(next, rest);
  }

  /** The value as a person wrote it, on one line and at most 80 characters of it. */
  quote(path: Path): string {
    const node = this.#nodeAt(path);
    if (isMap(node)) {
      return "a mapping";
    }
    if (isSeq(node)) {
      return "a list";
    }
    if (!isScalar(node) || node.value === null) {
      return "nothing";
    }
    const { from, to } = spanOf(node);
    if (this.#secrets.some((secret) => secret.from < to && from < secret.to)) {
      return "a value that is not repeated here";
    }
    const written = this.#text.slice(from, to);
    const line = written.includes("\n") ? JSON.stringify(node.value) : written;
    const shown = withoutUserInfo(line);
    return shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
  }

  #valuesOfSecretKeys(): readonly Span[] {
    const spans: Span[] = [];
    visit(this.#document, {
      Pair: (_, { key, value }) => {
        if (isScalar(key) && namesSecret(String(key.value)) && isScalar(value)) {
          spans.push(spanOf(value));
        }
      },
    });
    return spans;
  }

  #doubledKey({ code, pos }: YAMLError): Path | undefined {
    return code === "DUPLICATE_KEY" ? this.#pathOfKey(pos[0]) : undefined;
  }

  /** Path of the key that begins at this offset. */
  #pathOfKey(offset: number): Path | undefined {
    let found: Path | undefined;
    visit(this.#document, {
      Pair: (_, pair, ancestors) => {
        if (isScalar(pair.key) && pair.key.range?.[0] === offset) {
          const inside = [...ancestors.slice(1), pair];
          found = inside.flatMap((node, index): Path => {
            const parent = inside[index - 1];
            if (isSeq(parent)) {
              return [parent.items.indexOf(node)];
            }
            return isPair(node) && isScalar(node.key) ? [String(node.key.value)] : [];
          });
          return visit.BREAK;
        }
        return undefined;
      },
    });
    return found;
  }

  #nodeAt(path: Path): Node | undefined {
    const last = path.at(-1);
    if (last === undefined) {
      return this.#document.contents ?? undefined;
    }
    if (typeof last === "number") {
      const list = this.#resolve(this.#nodeAt(path.slice(0, -1)));
      const item = isSeq(list) ? list.items[last] : undefined;
      return this.#resolve(item);
    }
    return this.#resolve(this.#pairAt(path)?.value);
  }

  #pairAt(path: Path): Pair | undefined {
    const key = path.at(-1);
    const map = typeof key === "string" ? this.#nodeAt(path.slice(0, -1)) : undefined;
    return isMap(map) ? this.#pairIn(map, String(key)) : undefined;
  }

  #pairIn(map: YAMLMap, key: string): Pair | undefined {
    const own = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
    if (own !== undefined) {
      return own;
    }
    for (const { key: mergeKey, value } of map.items) {
      if (!isScalar(mergeKey) || mergeKey.source !== "<<") {
        continue;
      }
      const merged = this.#resolve(value);
      for (const source of isSeq(merged) ? merged.items : [merged]) {
        const from = this.#resolve(source);
        const pair = isMap(from) ? this.#pairIn(from, key) : undefined;
        if (pair !== undefined) {
          return pair;
        }
      }
    }
    return undefined;
  }

  #resolve(node: unknown): Node | undefined {
    if (isAlias(node)) {
      return node.resolve(this.#document);
    }
    return isNode(node) ? node : undefined;
  }

  #place(span: Span): Place {
    const { line, col } = this.#lines.linePos(span.from);
    return { line, column: col, excerpt: this.#excerpt(line, span) };
  }

  #excerpt(line: number, span: Span): string {
    const lineStart = this.#lines.lineStarts[line - 1] ?? 0;
    const newline = this.#text.indexOf("\n", lineStart);
    const lineEnd = newline < 0 ? this.#text.length : newline;
    const before = this.#masked(lineStart, span.from);
    const marked = this.#masked(span.from, Math.min(span.to, lineEnd));
    const after = this.#masked(Math.min(span.to, lineEnd), lineEnd);
    const gutter = `  ${line} | `;
    const carets = "^".repeat(Math.max(1, marked.length));
    return `${gutter}${before}${marked}${after}`
      .trimEnd()
      .concat(`\n${" ".repeat(gutter.length - 2)}| ${" ".repeat(before.length)}${carets}`);
  }

  /** The text from one offset to another with *** in the place of what could be a secret. */
  #masked(from: number, to: number): string {
    let shown = "";
    let position = from;
    for (const secret of this.#secrets.toSorted((a, b) => a.from - b.from)) {
      if (secret.to <= position || secret.from >= to) {
        continue;
      }
      shown += `${this.#text.slice(position, Math.max(position, secret.from))}***`;
      position = Math.min(secret.to, to);
    }
    return withoutUserInfo(shown + this.#text.slice(position, Math.max(position, to))).replace(/\r$/, "");
  }
}

/** `https://user:password@host` gives a password away. */
function withoutUserInfo(text: string): string {
  return text.replace(/\/\/[^/@\s]+@/g, "//***@");
}

function spanOf(node: Node): Span {
  const [from, to]: Range = node.range ?? [0, 1, 1];
  return { from, to };
}
