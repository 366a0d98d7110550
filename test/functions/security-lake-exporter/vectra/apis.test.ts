import { describe, expect, it } from "vitest";
import { eventsApi, isWithin } from "../../../../functions/security-lake-exporter/vectra/apis.js";

describe("the events API", () => {
  it("v3.4 asks for account events, with or without score decreases", () => {
    const api = eventsApi("v3.4");

    expect(api.eventsPath).toBe("/api/v3.4/events/entity_scoring");
    expect(api.query({ includeScoreDecreases: false })).toEqual({
      type: "account",
      include_score_decreases: false,
    });
    expect(api.accountPath(8)).toBe("/api/v3.4/accounts/8");
  });

  it.each([
    ["v3.3", "/api/v3.3/events/account_scoring", "/api/v3.3/accounts/8"],
    ["v3.2", "/api/v3.2/events/account_scoring", "/api/v3.2/accounts/8"],
    ["v3.1", "/api/v3.1/events/account_scoring", "/api/v3.1/accounts/8"],
    ["v3.0", "/api/v3.0/events/account_scoring", "/api/v3.0/accounts/8"],
    ["v3", "/api/v3/events/account_scoring", "/api/v3/accounts/8"],
  ] as const)("%s asks %s, without what it does not know", (name, eventsPath, accountPath) => {
    const api = eventsApi(name);

    expect(api.name).toBe(name);
    expect(api.eventsPath).toBe(eventsPath);
    expect(api.accountPath(8)).toBe(accountPath);
    expect(api.query({ includeScoreDecreases: false })).toEqual({});
  });

  it("v3.4 asks for a range with both of its ends, as the API counts them in", () => {
    const range = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };

    expect(eventsApi("v3.4").query({ includeScoreDecreases: true, range })).toEqual({
      type: "account",
      include_score_decreases: true,
      event_timestamp_gte: "2026-01-01T00:00:00Z",
      event_timestamp_lte: "2026-02-01T00:00:00Z",
    });
  });
});

describe("a range of time", () => {
  const range = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };

  it.each([
    ["2025-12-31T23:59:59.999Z", false],
    ["2026-01-01T00:00:00Z", true],
    ["2026-01-31T23:59:59Z", true],
    ["2026-01-31T23:59:59.999999Z", true],
    ["2026-02-01T00:00:00Z", false],
    ["2026-02-01T00:00:00.001Z", false],
    ["2026-02-01T01:00:00+02:00", true],
    ["yesterday", true],
    [undefined, true],
  ])("with an exclusive end, and %s: %s", (time, within) => {
    expect(isWithin(range, time)).toBe(within);
  });
});
