import { describe, expect, it } from "vitest";
import {
  liveRanges,
  restOf,
  stretchesBeside,
} from "../../../../functions/security-lake-exporter/run/backfill-ranges.js";

const NOTE = { at: "2026-02-01T12:00:00.000Z", by: "operator", reason: "test" };

describe("GIVEN what operators have done to a live export that began at 100", () => {
  it.each([
    ["nothing", [], [{ from: 100 }]],
    ["a move forward", [{ from: 200, to: 500 }], [{ from: 100, to: 200 }, { from: 500 }]],
    ["a move back", [{ from: 200, to: 150 }], [{ from: 100, to: 200 }, { from: 150 }]],
    [
      "a move that has given up a window",
      [{ from: 200, to: 500, givenUpTo: 260 }],
      [{ from: 100, to: 260 }, { from: 500 }],
    ],
    ["a restore, which skips nothing", [{ from: 200, to: 500, restored: true }], [{ from: 100 }]],
    [
      "a restore without a checkpoint, and a move forward after it",
      [
        { from: null, to: 400, restored: true },
        { from: 600, to: 900 },
      ],
      [{ from: 100, to: 600 }, { from: 900 }],
    ],
  ])("WHEN it is %s THEN its ranges are", (_, moves, ranges) => {
    expect(liveRanges({ firstFrom: 100, moves: moves.map((move) => ({ ...NOTE, ...move })) })).toEqual(
      ranges,
    );
  });

  it("WHEN it has not begun THEN it has no range", () => {
    expect(liveRanges({ firstFrom: undefined, moves: [] })).toEqual([]);
  });
});

it("GIVEN ranges WHEN the stretches beside them are asked for THEN these are the gaps, the first one from 0 on", () => {
  expect(stretchesBeside([{ from: 500 }, { from: 100, to: 200 }, { from: 150, to: 260 }])).toEqual([
    { from: 0, to: 100 },
    { from: 260, to: 500 },
  ]);
});

it("GIVEN stretches WHEN a cursor is within one THEN the rest begins there", () => {
  const stretches = [{ from: 0, to: 100 }, { from: 260, to: 500 }, { from: 900 }];

  expect(restOf(stretches, 300)).toEqual([{ from: 300, to: 500 }, { from: 900 }]);
});
