/** Strings that readers and writers get wrong, each of another kind. */
export const strings = {
  empty: "",
  blank: " ",
  unicode: "Ünïcödé – 高 – 😀 – עברית – e\u0301",
  controls: "NUL \u0000 BEL \u0007 TAB \t CR LF \r\n DEL \u007f LS \u2028",
  syntax: `"', \\ \\u0041 % ; -- {}[] \${x}`,
  edges: "\ufeff\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}",
  noValue: "null",
} as const;

export const int32 = { lowest: -2_147_483_648, highest: 2_147_483_647 } as const;

/** Of 64 bits, as far as a JavaScript number reaches: 2^53 - 1 either way. */
export const int64 = { lowest: -9_007_199_254_740_991, highest: 9_007_199_254_740_991 } as const;

/** Text of a kilobyte that no other number has, so that a thousand of them fill a page. */
export function kilobyte(number: number): string {
  return `${number} ${"é😀".repeat(170)}`;
}
