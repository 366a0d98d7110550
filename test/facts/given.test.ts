import { describe, expect, it } from "vitest";
import { given } from "../../facts/given.js";

describe("given", () => {
  it("omits what is undefined, and nothing else that is falsy", () => {
    const options: { key?: string | undefined; size?: number | undefined } = { key: undefined, size: 0 };

    expect(Object.keys(given(options))).toEqual(["size"]);
    expect(given({ text: "", off: false, nothing: null, none: undefined })).toEqual({
      text: "",
      off: false,
      nothing: null,
    });
  });

  it("keeps the order of the keys", () => {
    expect(Object.keys(given({ b: 1, a: undefined, c: 2 }))).toEqual(["b", "c"]);
  });
});
