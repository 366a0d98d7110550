/**
 * Characters that a terminal or a viewer interprets instead of showing: C0 including newline and tab, DEL, C1, the line and
 * paragraph separators, the bidirectional marks, embeddings, overrides and isolates, the byte order mark, and unpaired surrogates.
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu;

/**
 * Makes text of any origin safe to show: each control character becomes its escape, such as
 * `\u001b`, so that it cannot clear the screen, start a new log line or reorder the text.
 */
export function visibleText(text: string): string {
  return text.replace(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
