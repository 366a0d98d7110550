import { describe, expect, it } from "vitest";
import { crashAfterPut, incidents } from "../../rehearsal/export-ticks.js";

describe("incidents", () => {
  it.each([
    [3, { 1: "throttled", 2: "killed" }],
    [4, { 1: "throttled", 2: "killed" }],
    [6, { 2: "throttled", 4: "killed" }],
    [48, { 44: "throttled", 46: "killed" }],
  ])("of %i ticks leave one after the kill that finishes its work", (ticks, expected) => {
    expect(Object.fromEntries(incidents(ticks))).toEqual(expected);
  });
});

describe("the crash after a PUT", () => {
  it("strikes once, at the first write to the table after an object, when it is armed", () => {
    const crash = crashAfterPut();
    let kills = 0;
    const put = { service: "s3", operation: "PutObject" } as const;
    const update = { service: "dynamodb", operation: "UpdateItem" } as const;
    const get = { service: "dynamodb", operation: "GetItem" } as const;

    const unarmed = [put, update].map((call) => crash.onCall(call));
    crash.arm(() => {
      kills += 1;
    });
    const armed = [update, put, get, update, update].map((call) => crash.onCall(call));

    expect(unarmed).toEqual(["pass", "pass"]);
    expect(armed).toEqual(["pass", "pass", "pass", "drop", "pass"]);
    expect(kills).toBe(1);
  });
});
