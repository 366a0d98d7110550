import { describe, expect, it } from "vitest";
import {
  checkpointStateOf,
  intentAttributes,
} from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";
import { INTENT } from "./checkpoints.js";

const STORED_INTENT = {
  kind: "live",
  from: 100,
  to: 200,
  events: 3,
  run: "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
  pieces: 1,
  digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  location: "s3://lake/ext/vectra-cdr/",
  event_class: "vectra",
};
const LEGACY_INTENT = { from: 100, to: 200, events: 3, last_event_id: 180, settings: "{}" };

describe("a stored checkpoint", () => {
  it("of an export that has not begun is empty, and of the first version", () => {
    expect(checkpointStateOf({})).toEqual({
      version: 1,
      cursors: {},
      sequence: 0,
      forgetBefore: 0,
      legacyKeys: [],
      leaveOut: [],
      moves: [],
    });
  });

  it("has what a run of this release has stored", () => {
    const state = checkpointStateOf({
      state_version: 2,
      next_from: 100,
      first_from: 50,
      api: "v3.4",
      cursors: { "v3.3": 900 },
      origin: "https://tenant.example",
      sequence: 7,
      forget_before: 3,
      keys_since: 1_769_900_000_000,
      overlap: { since: 1_769_800_000_000, until: 500, sequence: 7 },
      api_change_since: 1_769_700_000_000,
      redo_to: 200,
      leave_out: '["150"]',
      ranges: '[{"from":0,"to":50}]',
      moves: '[{"at":"2026-02-01T12:00:00.000Z","by":"operator","reason":"test","from":null,"to":50}]',
      lease_owner: "run",
      lease_until: 2_000,
      updated_at: "2026-02-01T12:00:00.000Z",
      last_success_at: "2026-02-01T12:00:01.000Z",
      newest_event_time: 1_769_950_000_000,
      caught_up: true,
      caught_up_at: 1_769_951_000_000,
      intent: STORED_INTENT,
    });

    expect(state).toEqual({
      version: 2,
      nextFrom: 100,
      firstFrom: 50,
      api: "v3.4",
      cursors: { "v3.3": 900 },
      origin: "https://tenant.example",
      sequence: 7,
      forgetBefore: 3,
      keysSince: 1_769_900_000_000,
      legacyKeys: [],
      overlap: { since: 1_769_800_000_000, until: 500, sequence: 7 },
      apiChangeSince: 1_769_700_000_000,
      redoTo: 200,
      leaveOut: ["150"],
      ranges: [{ from: 0, to: 50 }],
      moves: [{ at: "2026-02-01T12:00:00.000Z", by: "operator", reason: "test", from: null, to: 50 }],
      lease: { owner: "run", until: 2_000 },
      updatedAt: "2026-02-01T12:00:00.000Z",
      lastSuccessAt: "2026-02-01T12:00:01.000Z",
      newestEventTime: 1_769_950_000_000,
      caughtUp: true,
      caughtUpAt: 1_769_951_000_000,
      intent: INTENT,
      legacyIntent: undefined,
      unfinished: INTENT,
    });
  });

  it.each([3, 2_000_000_000])(
    "of version %i is refused, and the remedy is to deploy that release",
    (version) => {
      // Whatever else it holds: nothing of it is known.
      expect(() =>
        checkpointStateOf({ state_version: version, next_from: "somewhere", intent: true }),
      ).toThrow(
        `The checkpoint was written by a newer release (state_version ${version}; this release knows 2). ` +
          "Deploy that release, or a newer one, again. Nothing was written.",
      );
    },
  );

  it.each([
    ["no intent", {}],
    ["the intent null", { intent: null }],
  ])("with %s has no unfinished window", (_, attributes) => {
    expect(checkpointStateOf({ next_from: 100, ...attributes })).toMatchObject({
      intent: undefined,
      legacyIntent: undefined,
      unfinished: undefined,
    });
  });

  it("has the unfinished window of an older release", () => {
    expect(checkpointStateOf({ next_from: 100, intent: LEGACY_INTENT })).toMatchObject({
      intent: undefined,
      legacyIntent: LEGACY_INTENT,
      unfinished: { kind: "live", from: 100, to: 200, events: 3 },
    });
  });

  it.each([
    ["neither of the two forms", { from: 100, to: 200, events: 3 }],
    ["a pointer without a digest", { ...STORED_INTENT, digest: null }],
    ["a pointer of an unknown kind", { ...STORED_INTENT, kind: "forged" }],
  ])("whose intent is %s is not read", (_, intent) => {
    expect(() => checkpointStateOf({ next_from: 100, intent })).toThrow();
  });

  it.each([
    ["its cursor", { next_from: 100 }, 100],
    ["the end of its unfinished window", { next_from: 100, intent: LEGACY_INTENT }, 200],
    ["the highest cursor of its moves", { next_from: 100, moves: '[{"from":900,"to":100}]' }, 900],
    [
      "the end of what a move gave up",
      { next_from: 100, moves: '[{"from":null,"to":100,"givenUpTo":950}]' },
      950,
    ],
  ])(
    "of an older release counts on from %s, so that its scores are older than every new one",
    (_, attributes, sequence) => {
      expect(checkpointStateOf(attributes).sequence).toBe(sequence);
    },
  );

  it("keeps the keys that an older release has stored in it", () => {
    expect(checkpointStateOf({ next_from: 100, last_keys: '["98","99"]' }).legacyKeys).toEqual(["98", "99"]);
  });

  it("of a release before caught_up_at has caught up when it last succeeded", () => {
    const success = { last_success_at: "2026-02-01T12:00:00.000Z" };

    expect(checkpointStateOf({ ...success, caught_up: true }).caughtUpAt).toBe(1_769_947_200_000);
    expect(checkpointStateOf({ ...success, caught_up: false }).caughtUpAt).toBeUndefined();
  });
});

it("an intent is stored under the names that it is read by", () => {
  expect(intentAttributes(INTENT)).toEqual(STORED_INTENT);
});
