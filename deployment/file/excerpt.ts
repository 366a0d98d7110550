import { visibleText } from "../../text/visible-text.js";
import type { Span } from "./secrets.js";

/** Characters of a line that are shown whole. */
const WHOLE_LINE = 240;

/** Characters that are shown of a longer line, before the place and in all. */
const BEFORE = 60;
const IN_ALL = 160;

/** Text that never shows what could be a secret, and no control character that a terminal would act on. */
export class MaskedText {
  readonly #text: string;
  readonly #secrets: readonly Span[];

  constructor(text: string, secrets: readonly Span[]) {
    this.#text = text;
    this.#secrets = secrets.toSorted((a, b) => a.from - b.from);
  }

  holdsSecret({ from, to }: Span): boolean {
    return this.#secrets.some((secret) => secret.from < to && from < secret.to);
  }

  /** The text from one offset to another with *** in the place of what could be a secret. */
  between(from: number, to: number): string {
    let shown = "";
    let position = from;
    for (const secret of this.#secrets) {
      if (secret.from >= to) {
        break;
      }
      if (secret.to > position && secret.to > secret.from) {
        shown += `${this.#text.slice(position, Math.max(position, secret.from))}***`;
        position = Math.min(secret.to, to);
      }
    }
    return visibleText(shown + this.#text.slice(position, Math.max(position, to)));
  }

  /**
   * A line with a caret under each character of a span; of a very long line, what is around the span.
   *
   * @param line its number, beginning with 1.
   * @param start offset of the line.
   */
  excerpt(line: number, start: number, span: Span): string {
    const newline = this.#text.indexOf("\n", start);
    const end = newline < 0 ? this.#text.length : newline;
    const long = end - start > WHOLE_LINE;
    const from = long ? Math.max(start, span.from - BEFORE) : start;
    const to = long ? Math.min(end, from + IN_ALL) : end;
    const marked = this.between(span.from, Math.min(span.to, to));
    const before = `${from > start ? "…" : ""}${this.between(from, span.from)}`;
    const after = `${this.between(Math.min(span.to, to), to).replace(/\\u000d$/, "")}${to < end ? "…" : ""}`;
    const gutter = `  ${line} | `;
    const carets = "^".repeat(Math.max(1, marked.length));
    return `${gutter}${before}${marked}${after}`
      .trimEnd()
      .concat(`\n${" ".repeat(gutter.length - 2)}| ${" ".repeat(before.length)}${carets}`);
  }
}
