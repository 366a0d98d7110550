import { describe, expect, it } from "vitest";
import { checkpointStateOf } from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";
import {
  abandonChange,
  moveChange,
  restoreChange,
} from "../../../../functions/security-lake-exporter/state/operator-changes.js";

const NOTE = { at: "2026-02-01T12:00:00.000Z", by: "operator", reason: "test" };
const NOON = 1_769_947_200_000;
const INTENT = {
  ...{ kind: "live", from: 200, to: 260, events: 1, run: "r", pieces: 1, digest: "d" },
  ...{ location: "l", event_class: "c" },
};
/** An export from 100 to 200. */
const BEGUN = { next_from: 200, first_from: 100, sequence: 300, api: "v3.4", keys_since: 0 };

describe("GIVEN a move of the cursor", () => {
  it("WHEN it goes forward THEN what is known of events stays", () => {
    const { set, remove } = moveChange({ ...NOTE, from: 200, to: 500 }, checkpointStateOf(BEGUN));

    expect(set).toEqual({ next_from: 500, first_from: 100, sequence: 301, intent: null });
    // Behind skipped events, two versions of the API still overlap.
    expect(remove).toEqual(["redo_to", "leave_out"]);
  });

  it("WHEN it goes back THEN scores and keys count no longer, and a change of the API knows that keys are missing", () => {
    const { set, remove } = moveChange({ ...NOTE, from: 200, to: 150 }, checkpointStateOf(BEGUN));

    expect(set).toEqual({
      next_from: 150,
      first_from: 100,
      sequence: 301,
      intent: null,
      forget_before: 301,
      keys_since: NOON,
    });
    expect(remove).toEqual(["last_keys", "overlap", "redo_to", "leave_out"]);
  });
});

describe("GIVEN unfinished work that is abandoned", () => {
  it.each([
    ["a window", INTENT, { intent: null, redo_to: 260 }],
    ["a redrive", { ...INTENT, kind: "redrive", to: 200 }, { intent: null }],
    [
      "a window of an older release",
      { from: 200, to: 240, events: 3, last_event_id: 230, settings: "{}" },
      { intent: null, redo_to: 240 },
    ],
  ])("WHEN it is %s THEN the checkpoint says what comes again", (_, intent, set) => {
    const change = abandonChange(NOTE, checkpointStateOf({ ...BEGUN, intent }));

    expect(change.set).toEqual(set);
    expect(change.note).toEqual({ ...NOTE, from: 200, to: 200, givenUpTo: intent.to });
  });
});

describe("GIVEN a state that is behind the lake", () => {
  const restoration = { from: 200, to: 260, firstFrom: 50, redriven: ["207"], cursors: { "v3.3": 900 } };

  it("WHEN only the newest window is missing THEN no key is, and the first cursor stays", () => {
    expect(restoreChange(restoration, NOTE, checkpointStateOf(BEGUN)).set).toEqual({
      next_from: 200,
      first_from: 100,
      sequence: 1_000_300,
      intent: null,
      redo_to: 260,
      leave_out: '["207"]',
      cursors: { "v3.3": 900 },
    });
  });

  it("WHEN more windows are missing THEN their keys are missing too", () => {
    const { set, note } = restoreChange(
      restoration,
      NOTE,
      checkpointStateOf({ ...BEGUN, next_from: 120, intent: { ...INTENT, from: 120, to: 130 } }),
    );

    expect(set).toMatchObject({ next_from: 200, keys_since: NOON });
    expect(set).not.toHaveProperty("forget_before");
    expect(note).toEqual({ ...NOTE, from: 120, to: 200, givenUpTo: 130, restored: true });
  });

  it("WHEN the cursor is within the newest window THEN its events count no longer as exported", () => {
    expect(
      restoreChange(restoration, NOTE, checkpointStateOf({ ...BEGUN, next_from: 250 })).set,
    ).toMatchObject({
      next_from: 200,
      forget_before: 1_000_300,
      keys_since: NOON,
    });
  });

  it("WHEN there is no state THEN the first window of the lake is the first one", () => {
    const { set, note } = restoreChange(restoration, NOTE, checkpointStateOf({}), [{ from: 0, to: 50 }]);

    expect(set).toMatchObject({
      next_from: 200,
      first_from: 50,
      sequence: 1_000_000,
      ranges: '[{"from":0,"to":50}]',
    });
    expect(note).toEqual({ ...NOTE, from: null, to: 200, restored: true });
  });
});
