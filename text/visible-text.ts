/**
 * What a terminal or a viewer acts on instead of showing: C0 with newline and tab, DEL, C1, the line and paragraph
 * separators, the bidirectional marks, embeddings, overrides and isolates, the byte order mark, and half a surrogate pair.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu;

/**
 * Text that somebody else wrote, fit to be shown to a person: each control character becomes its escape, such as
 * `\u001b`, so that it can neither clear a screen, begin a new line of a log nor change the order of what is read.
 */
export function visibleText(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
