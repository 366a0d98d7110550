import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Check, type CheckFinding, UNKNOWN, type Value } from "../../../facts/checks/check.js";
import { CHECKS } from "../../../facts/checks/index.js";
import { ACCEPTED } from "./accepted.js";
import { EXAMPLES } from "./examples.js";

type Values = Readonly<Record<string, Value<unknown> | readonly Value<unknown>[]>>;
type Cell = readonly [key: string, index?: number];

const NAMES = Object.keys(CHECKS) as (keyof typeof CHECKS)[];

const ALL = NAMES.flatMap((name) =>
  EXAMPLES[name].map(({ when, values, findings }) => ({ name, when, values: values as Values, findings })),
);

function findingsOf(name: keyof typeof CHECKS, values: Values): readonly CheckFinding[] {
  const check = CHECKS[name] as unknown as Check<Record<string, unknown>>;
  return check(values as never, (key, index) => `<${key}${index === undefined ? "" : `[${index}]`}>`);
}

/** The values that are known, of lists each item. */
function cellsOf(values: Values): Cell[] {
  return Object.entries(values)
    .flatMap(([key, value]): Cell[] => ("state" in value ? [[key]] : value.map((_, index) => [key, index])))
    .filter((cell) => valueIn(values, cell)?.state === "known");
}

function valueIn(values: Values, [key, index]: Cell): Value<unknown> | undefined {
  const value = values[key];
  return value === undefined || "state" in value ? value : value[index ?? 0];
}

function withUnknown(values: Values, cells: readonly Cell[]): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      "state" in value
        ? cells.some(([cell]) => cell === key)
          ? UNKNOWN
          : value
        : value.map((item, index) =>
            cells.some(([cell, at]) => cell === key && at === index) ? UNKNOWN : item,
          ),
    ]),
  );
}

describe("every check", () => {
  it("is in the list by the name of its file", () => {
    const files = readdirSync("facts/checks")
      .filter((file) => !["check.ts", "index.ts"].includes(file))
      .map((file) => file.replace(/\.ts$/, ""));
    expect(NAMES.toSorted()).toEqual(files.toSorted());
  });

  it.each(ALL)("$name finds what is wrong WHEN $when", ({ name, values, findings }) => {
    expect(findingsOf(name, values)).toEqual(findings);
    expect(findings).not.toEqual([]);
  });

  it.each(
    NAMES.flatMap((name) =>
      ACCEPTED[name].map(({ when, values }) => ({ name, when, values: values as Values })),
    ),
  )("$name finds nothing WHEN $when", ({ name, values }) => {
    expect(findingsOf(name, values)).toEqual([]);
  });

  it.each(ALL.flatMap((example) => cellsOf(example.values).map((cell) => ({ ...example, cell }))))(
    "$name finds nothing WHEN $when AND $cell is unknown",
    ({ name, values, cell }) => {
      expect(findingsOf(name, withUnknown(values, [cell]))).toEqual([]);
    },
  );

  it.each(ALL)("$name finds nothing WHEN $when AND every value is unknown", ({ name, values }) => {
    const cells = Object.entries(values).flatMap(([key, value]): Cell[] =>
      "state" in value ? [[key]] : value.map((_, index) => [key, index]),
    );
    expect(findingsOf(name, withUnknown(values, cells))).toEqual([]);
  });
});
