import { describe, expect, it } from "vitest";
import { visibleText } from "../../text/visible-text.js";

describe("text made visible", () => {
  it.each([
    ["a terminal's escape", "a\u001B[2Jb", "a\\u001b[2Jb"],
    ["a newline, which would begin another log line", "a\nb\r\tc", "a\\u000ab\\u000d\\u0009c"],
    ["NUL and DEL", "\u0000\u007F", "\\u0000\\u007f"],
    ["C1, which some terminals obey", "\u0080\u009B31m\u009F", "\\u0080\\u009b31m\\u009f"],
    ["line and paragraph separators", "\u2028\u2029", "\\u2028\\u2029"],
    ["bidirectional marks", "\u061C\u200E\u200F", "\\u061c\\u200e\\u200f"],
    [
      "bidirectional embeddings and overrides",
      "\u202A\u202B\u202C\u202D\u202E",
      "\\u202a\\u202b\\u202c\\u202d\\u202e",
    ],
    ["bidirectional isolates", "\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069"],
    ["a byte order mark", "\uFEFFa", "\\ufeffa"],
    ["half a surrogate pair", "\uD83Da\uDE00", "\\ud83da\\ude00"],
  ])("shows %s as an escape", (_what, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it.each(["plain", " ", "ä ß 日本 עברית", "😀", "no\u00A0break", "zero\u200Bwidth\u200Djoin", "C:\\u001b"])(
    "leaves %j alone",
    (text) => {
      expect(visibleText(text)).toBe(text);
    },
  );
});
