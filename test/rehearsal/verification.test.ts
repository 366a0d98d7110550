import { describe, expect, it } from "vitest";
import type { LakeObject } from "../../rehearsal/lake.js";
import { isExactlyOnce, verifyOnce } from "../../rehearsal/verification.js";

const NOON = Date.UTC(2026, 2, 1, 12);

function lakeOf(...records: [uid: string, time: number][]): LakeObject[] {
  return records.map(([uid, time], index) => ({
    key: `object ${index}`,
    bytes: 1,
    records: [{ time, finding: { uid, supporting_data: "{}" }, status_detail: "" }],
  }));
}

const EVENTS = [
  { entity_id: 8, event_timestamp: "2026-03-01T12:00:00Z" },
  { entity_id: 8, event_timestamp: "2026-03-01T12:00:01Z" },
  { entity_id: 21, event_timestamp: "2026-03-01T12:00:01Z" },
];

describe("the verification", () => {
  it("is content when each event is in the lake once", () => {
    const verification = verifyOnce(EVENTS, lakeOf(["21", NOON + 1000], ["8", NOON], ["8", NOON + 1000]));

    expect(verification).toEqual({ tenantEvents: 3, lakeRecords: 3, missing: [], doubled: [], unknown: [] });
    expect(isExactlyOnce(verification)).toBe(true);
  });

  it("names what is missing, doubled and unknown", () => {
    const verification = verifyOnce(
      EVENTS,
      lakeOf(["8", NOON], ["8", NOON], ["8", NOON], ["9", NOON], ["21", NOON + 1000]),
    );

    expect(verification).toEqual({
      tenantEvents: 3,
      lakeRecords: 5,
      missing: [{ account: "8", time: "2026-03-01T12:00:01.000Z" }],
      doubled: [{ account: "8", time: "2026-03-01T12:00:00.000Z" }],
      unknown: [{ account: "9", time: "2026-03-01T12:00:00.000Z" }],
    });
    expect(isExactlyOnce(verification)).toBe(false);
  });

  it.each([
    ["a lost event", lakeOf(["8", NOON], ["8", NOON + 1000])],
    ["a doubled event", lakeOf(["8", NOON], ["8", NOON + 1000], ["21", NOON + 1000], ["21", NOON + 1000])],
    ["an event from nowhere", lakeOf(["8", NOON], ["8", NOON + 1000], ["21", NOON + 1000], ["21", NOON])],
    ["an empty lake", []],
  ])("is not content with %s", (_, objects) => {
    expect(isExactlyOnce(verifyOnce(EVENTS, objects))).toBe(false);
  });
});
