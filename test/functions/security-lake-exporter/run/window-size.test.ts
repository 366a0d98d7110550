import { describe, expect, it } from "vitest";
import { WindowSize } from "../../../../functions/security-lake-exporter/run/window-size.js";

describe("the number of events that a run takes at once", () => {
  it("is the limit as long as their work is little enough", () => {
    const size = new WindowSize(10_000);
    size.taken(10_000, 3_999_999);
    size.taken(1, 5000);

    expect(size.events).toBe(10_000);
  });

  it.each([
    ["half where their work is a little too much", 10_000, 4_400_000, 5000],
    ["what fills nine tenths of 4 MB where it is far too much", 10_000, 40_000_000, 900],
    ["one where two are", 2, 9_000_000, 1],
    ["one where three are several times that", 3, 90_000_000, 1],
  ])("becomes %s", (_, events, bytes, expected) => {
    const size = new WindowSize(10_000);

    expect(size.shrink(events, bytes)).toBe(true);
    expect(size.events).toBe(expected);
  });

  it("stays small for the next windows, and grows by a quarter where their work becomes less", () => {
    const size = new WindowSize(10_000);
    size.shrink(10_000, 40_000_000);
    size.taken(900, 3_600_000);
    expect(size.events).toBe(900);

    size.taken(900, 900_000);
    expect(size.events).toBe(1125);

    size.taken(1125, 3_750_000);
    expect(size.events).toBe(1125);
  });

  it("does not grow beyond the limit", () => {
    const size = new WindowSize(100);
    size.shrink(100, 4_100_000);
    for (let window = 0; window < 9; window += 1) {
      size.taken(50, 1000);
    }

    expect(size.events).toBe(100);
  });

  it("shrinks until the tenant gives no fewer events, which are then taken at once in the rest of the run", () => {
    const size = new WindowSize(10_000);
    expect(size.shrink(3000, 15_000_000)).toBe(true);
    expect(size.shrink(1000, 5_000_000)).toBe(true);
    expect(size.shrink(1000, 5_000_000)).toBe(false);
    size.taken(1000, 5_000_000);

    expect(size.shrink(1000, 6_000_000)).toBe(false);
    expect(size.shrink(1001, 6_000_000)).toBe(true);
  });

  it("shrinks again for a later window that is as large as one before", () => {
    const size = new WindowSize(10_000);
    size.shrink(1000, 5_000_000);
    size.taken(500, 2_500_000);

    expect(size.shrink(1000, 5_000_000)).toBe(true);
  });
});
