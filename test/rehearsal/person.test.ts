import { expect, it } from "vitest";
import { brief } from "../../rehearsal/person.js";

it("GIVEN an attribute of a checkpoint THEN it takes one short line: long lists are counted", () => {
  expect(brief(4795)).toBe("4795");
  expect(brief("acme#v3.4")).toBe("acme#v3.4");
  expect(brief(true)).toBe("true");
  expect(brief({ from: 1, to: 2 })).toBe('{"from":1,"to":2}');
  expect(brief(["4500", "4501"])).toBe('["4500","4501"]');
  const keys = Array.from({ length: 148 }, (_, index) => String(4500 + index));
  expect(brief(JSON.stringify(keys))).toBe('148 values, "4500" to "4647"');
  expect(brief(keys)).toBe('148 values, "4500" to "4647"');
  expect(brief("x".repeat(101))).toBe(`${"x".repeat(99)}…`);
});
