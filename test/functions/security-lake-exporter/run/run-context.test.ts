import { describe, expect, it } from "vitest";
import { limitsOf } from "../../../../functions/security-lake-exporter/run/run-context.js";

describe("the limits of a run", () => {
  it.each([
    ["without a rate are as large as any", 240_000, undefined, 10_000],
    ["at 60 requests a minute have a look-up each in half of four minutes", 240_000, 60, 120],
    ["at a high rate are not larger than any", 240_000, 6_000, 10_000],
    ["have at least one event", 1_000, 1, 1],
  ])("%s", (_, time, requestsPerMinute, windowEvents) => {
    const terms = { ownerPrefix: "test", remaining: () => time };

    expect(limitsOf(terms, requestsPerMinute)).toEqual({
      pageSize: 1000,
      windowEvents,
      maxEvents: undefined,
    });
  });

  const TERMS = { ownerPrefix: "test", remaining: () => 240_000 };

  it("are those that the caller sets", () => {
    const limits = { pageSize: 3, windowEvents: 5, maxEvents: 7 };

    expect(limitsOf({ ...TERMS, limits }, 60)).toEqual(limits);
  });

  it.each([
    [undefined, 120],
    [50, 50],
    [500, 120],
  ])("of a run of one window that may take %s events end with it", (maxEvents, events) => {
    expect(limitsOf({ ...TERMS, limits: { maxEvents }, oneWindow: true }, 60)).toEqual({
      pageSize: 1000,
      windowEvents: 120,
      maxEvents: events,
    });
  });
});
