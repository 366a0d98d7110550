import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import type { Path } from "./diagnostics.js";
import { MaskedText } from "./excerpt.js";
import { type Span, secretSpans } from "./secrets.js";
import { aliasTargets, pathTo, spanOf } from "./yaml-tree.js";

/** Repetitions that a file may have through aliases: enough for 200 accounts that share one role, too few for a bomb. */
const MAX_ALIASES = 1000;

/** Duplicate keys that are reported. */
const MAX_DOUBLED = 100;

/** Characters of a value that a message repeats. */
const MAX_QUOTE = 80;

/** A place in the file as a person counts. */
interface Place {
  readonly line: number;
  readonly column: number;
  /** Absent where the file as a whole is meant. */
  readonly excerpt?: string;
}

/**
 * The text of a deployment file together with its YAML tree: knows where every field is, through anchors
 * and merge keys too, and quotes the text without revealing what could be a secret.
 */
export class DeploymentSource {
  readonly isFieldName: (key: string) => boolean;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  readonly #text: string;
  #secrets: readonly Span[];
  #masked: MaskedText;
  #value: { readonly value: unknown } | undefined;

  /**
   * @param isFieldName whether a key is one of the file's own fields; other keys below a secret-like key are masked, too.
   */
  constructor(text: string, isFieldName: (key: string) => boolean = () => false) {
    this.#text = text;
    this.isFieldName = isFieldName;
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      merge: true,
      prettyErrors: false,
      // The parser takes minutes for long mappings; doubledKeys finds them.
      uniqueKeys: false,
      // Nothing is printed; what is wrong is in errors and warnings.
      logLevel: "error",
    });
    this.#targets = aliasTargets(this.#document);
    this.#secrets = secretSpans(text, this.#document, (node) => this.#resolve(node), isFieldName);
    this.#masked = new MaskedText(text, this.#secrets);
  }

  /** What the YAML parser objects to, unknown tags included. */
  get syntaxErrors(): readonly YAMLError[] {
    const errors = [...this.#document.errors, ...this.#document.warnings];
    // After its first unexpected token, the parser objects to every word that follows.
    const lost = errors.findIndex(({ code }) => code === "UNEXPECTED_TOKEN");
    return errors.filter(({ code }, index) => code !== "UNEXPECTED_TOKEN" || index === lost);
  }

  /** Keys that their mapping already has, with their place; at most {@link MAX_DOUBLED} of them. */
  get doubledKeys(): readonly { readonly path: Path; readonly place: Place }[] {
    const found: { path: Path; place: Place }[] = [];
    visit(this.#document, {
      Map: (_, map, ancestors) => {
        const seen = new Set<string>();
        for (const { key } of map.items) {
          const name = isScalar(key) && key.source !== "<<" ? String(key.value) : undefined;
          if (name !== undefined && seen.has(name) && found.length < MAX_DOUBLED) {
            found.push({
              path: [...pathTo([...ancestors, map]), name],
              place: this.#place(spanOf(key as Node)),
            });
          }
          seen.add(name ?? "");
        }
      },
    });
    return found;
  }

  /** Aliases (`*name`) without an earlier anchor, or inside the node that they repeat: name and place. */
  get unusableAliases(): readonly { readonly name: string; readonly place: Place }[] {
    const found: Alias[] = [];
    visit(this.#document, {
      Alias: (_, alias, ancestors) => {
        const target = this.#targets.get(alias);
        if (target === undefined || ancestors.includes(target)) {
          found.push(alias);
        }
      },
    });
    return found.map((alias) => ({
      // The name may be a password that begins with a star.
      name: this.#masked.holdsSecret(spanOf(alias)) ? "***" : alias.source,
      place: this.#place(spanOf(alias)),
    }));
  }

  /** Where the first merge key (`<<`) is. */
  get placeOfMerge(): Place {
    let place: Place = { line: 1, column: 1 };
    visit(this.#document, {
      Pair: (_, { key }) => {
        if (isScalar(key) && key.source === "<<") {
          place = this.#place(spanOf(key));
          return visit.BREAK;
        }
        return undefined;
      },
    });
    return place;
  }

  /** Where the first alias is. */
  get placeOfAliases(): Place {
    const [alias] = this.#targets.keys();
    return alias === undefined ? { line: 1, column: 1 } : this.#place(spanOf(alias));
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

  /**
   * The document as plain JavaScript values.
   *
   * @throws ReferenceError when aliases expand to more values than a file may hold.
   */
  toJS(): unknown {
    this.#value ??= { value: this.#document.toJS({ maxAliasCount: MAX_ALIASES }) };
    return this.#value.value;
  }

  /** Masks the values at these paths in excerpts from now on. */
  hide(paths: readonly Path[]): void {
    const spans = paths.flatMap((path) => {
      const value = this.#pairAt(path)?.value;
      return isNode(value) ? [spanOf(value)] : [];
    });
    this.#secrets = [...this.#secrets, ...spans];
    this.#masked = new MaskedText(this.#text, this.#secrets);
  }

  /** The place of a position that the YAML parser reported. */
  placeOfOffsets(from: number, to: number): Place {
    return this.#place({ from, to: Math.max(to, from + 1) });
  }

  /** Where the value of a field is; if it is missing, where its nearest surrounding field is. */
  placeOfValue(path: Path): Place {
    const node = this.#nodeAt(path);
    if (isScalar(node) && node.range && node.range[0] < node.range[1]) {
      return this.#place(spanOf(node));
    }
    return this.placeOfKey(path);
  }

  /** Where the key of a field is; if it is missing, where its nearest surrounding field is. */
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

  /** A path, extended by as many of the further steps as the file has. */
  deepest(path: Path, further: Path): Path {
    const [step, ...rest] = further;
    const next = step === undefined ? undefined : [...path, step];
    return next === undefined || this.#nodeAt(next) === undefined ? path : this.deepest(next, rest);
  }

  /** The value as a person wrote it, on one line and at most {@link MAX_QUOTE} characters of it. */
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
    if (this.isSecret(path)) {
      return "a value that is not shown here";
    }
    const shown = this.#masked.between(from, Math.min(to, from + MAX_QUOTE)).replaceAll("\\u000a", "\\n");
    return shown.length >= MAX_QUOTE ? `${shown.slice(0, MAX_QUOTE - 1)}…` : shown;
  }

  /** Whether the whole value at a path could be a secret. */
  isSecret(path: Path): boolean {
    const node = this.#nodeAt(path);
    const span = node === undefined ? undefined : spanOf(node);
    return (
      span !== undefined &&
      this.#secrets.some(({ from, to }) => from <= span.from && span.to <= to && from < to)
    );
  }

  /** The text at a path, if there is one. */
  textAt(path: Path): string | undefined {
    const node = this.#nodeAt(path);
    return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
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

  /** The pairs of a mapping by their keys; of a doubled key, the first. */
  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#pairs.get(map);
    if (known !== undefined) {
      return known;
    }
    const pairs = new Map<string, Pair>();
    for (const pair of map.items) {
      if (isScalar(pair.key) && !pairs.has(String(pair.key.value))) {
        pairs.set(String(pair.key.value), pair);
      }
    }
    this.#pairs.set(map, pairs);
    return pairs;
  }

  #pairIn(map: YAMLMap, key: string): Pair | undefined {
    const own = this.#pairsOf(map).get(key);
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
      return this.#targets.get(node);
    }
    return isNode(node) ? node : undefined;
  }

  #place(span: Span): Place {
    const { line, col } = this.#lines.linePos(span.from);
    const start = this.#lines.lineStarts[line - 1] ?? 0;
    return { line, column: col, excerpt: this.#masked.excerpt(line, start, span) };
  }
}
