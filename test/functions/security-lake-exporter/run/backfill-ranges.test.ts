import { describe, expect, it } from "vitest";
import {
  liveRanges,
  restOf,
  stretchesBeside,
} from "../../../../functions/security-lake-exporter/run/backfill-ranges.js";
import type { CursorMove } from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";

const move = (from: number | null, to: number, others: Partial<CursorMove> = {}): CursorMove => ({
  at: "2026-02-01T12:00:00.000Z",
  by: "operator",
  reason: "test",
  from,
  to,
  ...others,
});

describe("what the live export writes", () => {
  it.each([
    ["is nothing before it begins", undefined, [], []],
    ["is everything from its first cursor on", 100, [], [{ from: 100 }]],
    ["is not what a move forward skips", 100, [move(200, 500)], [{ from: 100, to: 200 }, { from: 500 }]],
    [
      "is everything from where it is moved back to",
      100,
      [move(200, 0)],
      [{ from: 100, to: 200 }, { from: 0 }],
    ],
    [
      "is also what an abandoned window may have put beyond the cursor",
      100,
      [move(200, 500, { givenUpTo: 300 })],
      [{ from: 100, to: 300 }, { from: 500 }],
    ],
    [
      "is what several moves leave of it",
      100,
      [move(200, 500), move(600, 150), move(160, 900)],
      [{ from: 100, to: 200 }, { from: 500, to: 600 }, { from: 150, to: 160 }, { from: 900 }],
    ],
    [
      "is what it was before a restore, which skips nothing",
      100,
      [move(200, 500, { restored: true })],
      [{ from: 100 }],
    ],
    [
      "is what a move after a restore without a checkpoint leaves of it",
      100,
      [move(null, 400, { restored: true }), move(600, 900)],
      [{ from: 100, to: 600 }, { from: 900 }],
    ],
    // As adopting an origin and abandoning a window are noted.
    [
      "is the same after a note that moves nothing",
      100,
      [move(200, 200)],
      [{ from: 100, to: 200 }, { from: 200 }],
    ],
    [
      "begins where a move before the first run has put it",
      500,
      [move(null, 500)],
      [{ from: 500, to: 500 }, { from: 500 }],
    ],
  ])("%s", (_, firstFrom, moves, ranges) => {
    expect(liveRanges({ firstFrom, moves })).toEqual(ranges);
  });
});

describe("what is beside ranges of which one has no end", () => {
  it.each([
    ["is what is before the first", [{ from: 100 }], [{ from: 0, to: 100 }]],
    ["is nothing where they begin at 0", [{ from: 0 }], []],
    [
      "is a gap too",
      [{ from: 100, to: 200 }, { from: 500 }],
      [
        { from: 0, to: 100 },
        { from: 200, to: 500 },
      ],
    ],
    ["is not what another one covers", [{ from: 100, to: 200 }, { from: 0 }], []],
    [
      "is the same in any order, and where they overlap",
      [{ from: 500, to: 600 }, { from: 100, to: 550 }, { from: 900 }, { from: 700, to: 700 }],
      [
        { from: 0, to: 100 },
        { from: 600, to: 700 },
        { from: 700, to: 900 },
      ],
    ],
  ])("%s", (_, ranges, beside) => {
    expect(stretchesBeside(ranges)).toEqual(beside);
  });
});

describe("the rest of stretches", () => {
  const STRETCHES = [{ from: 0, to: 100 }, { from: 200, to: 500 }, { from: 900 }];

  it.each([
    ["is all of them at the beginning", 0, STRETCHES],
    ["begins in the middle of one", 50, [{ from: 50, to: 100 }, { from: 200, to: 500 }, { from: 900 }]],
    ["is without one that is over", 100, [{ from: 200, to: 500 }, { from: 900 }]],
    ["is without those before the cursor", 600, [{ from: 900 }]],
    ["never ends where the last one has no end", 1000, [{ from: 1000 }]],
  ])("%s", (_, cursor, rest) => {
    expect(restOf(STRETCHES, cursor)).toEqual(rest);
  });

  it("is nothing behind an end", () => {
    expect(restOf([{ from: 0, to: 100 }], 100)).toEqual([]);
  });
});
