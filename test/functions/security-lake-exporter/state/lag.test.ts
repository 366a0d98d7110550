import { describe, expect, it } from "vitest";
import { lagOf } from "../../../../functions/security-lake-exporter/state/lag.js";

const NOW = Date.parse("2026-02-01T12:00:00Z");
const at = (time: string) => Date.parse(time);

describe("the lag of an export", () => {
  it.each([
    ["is the age of its newest event", at("2026-02-01T11:50:00Z"), undefined, 600_000],
    [
      "is the time since it caught up, where that is later",
      at("2026-02-01T09:00:00Z"),
      at("2026-02-01T11:55:00Z"),
      300_000,
    ],
    ["is 0 where the tenant's clock is a little ahead", at("2026-02-01T12:05:00Z"), undefined, 0],
    [
      "does not believe an event of years to come",
      at("2099-01-01T00:00:00Z"),
      at("2026-02-01T11:00:00Z"),
      3_600_000,
    ],
    [
      "does not believe a clock that was a year ahead",
      at("2026-02-01T11:00:00Z"),
      at("2027-02-01T11:00:00Z"),
      3_600_000,
    ],
    ["is not known where nothing of it has come", at("2099-01-01T00:00:00Z"), undefined, undefined],
  ])("%s", (_, newestEventTime, caughtUpAt, lag) => {
    expect(lagOf({ newestEventTime, caughtUpAt }, NOW)).toBe(lag);
  });
});
