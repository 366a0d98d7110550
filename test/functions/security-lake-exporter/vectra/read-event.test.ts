import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { documentedEvent } from "../../../../functions/security-lake-exporter/vectra/documented-event.js";
import { inNewerNames } from "../../../../functions/security-lake-exporter/vectra/field-names.js";
import { asItCame, readEvent } from "../../../../functions/security-lake-exporter/vectra/read-event.js";
import {
  type ScoringEvent,
  scoringEvent,
} from "../../../../functions/security-lake-exporter/vectra/schema.js";

/** The event of a v3.3 tenant that mixes both generations of names. */
const MIXED = {
  id: 2,
  entity_id: 8,
  name: "AWS:111122223333/role:a",
  type: "account",
  importance: 2,
  last_detection: { id: 103, type: "T", url: "https://t.example/d/103" },
  active_detection_types: [],
  event_timestamp: "2025-01-31T20:10:08Z",
};
const OLDER = {
  id: 2,
  entity_id: 8,
  name: "AWS:111122223333/role:a",
  entity_type: "account",
  entity_importance: 2,
  last_detection_id: 103,
  last_detection_type: "T",
  last_detection_url: "https://t.example/d/103",
  active_detection_types: [],
  event_timestamp: "2025-01-31T20:10:08Z",
};
/** What both are. */
const EVENT = {
  id: 2,
  entity_id: 8,
  name: "AWS:111122223333/role:a",
  type: "account",
  category: null,
  severity: null,
  urgency_score: null,
  urgency_reason: null,
  is_prioritized: null,
  importance: 2,
  attack_rating: null,
  breadth_contrib: null,
  velocity_contrib: null,
  active_detection_types: [],
  last_detection: { id: 103, type: "T", url: "https://t.example/d/103" },
  url: null,
  event_timestamp: "2025-01-31T20:10:08Z",
};

function read(json: unknown): ScoringEvent {
  const event = readEvent(json);
  if (!event.success) {
    throw event.error;
  }
  return event.data;
}

describe("an event with names of two generations", () => {
  it("is read by its newer names, whatever version the tenant serves", () => {
    expect(read(MIXED)).toEqual(EVENT);
  });

  it("is read by its older names, which are no unknown fields then", () => {
    expect(read(OLDER)).toEqual(EVENT);
  });

  it("is read by either where both say the same", () => {
    expect(read({ ...OLDER, ...MIXED })).toEqual(EVENT);
  });

  it.each([
    ["type", { type: "" }, { entity_type: "account" }],
    ["importance", { importance: null }, { entity_importance: 2 }],
    ["last_detection", { last_detection: null }, {}],
    ["last_detection.id", { last_detection: { type: "T", url: "https://t.example/d/103" } }, {}],
    ["last_detection.type", { last_detection: { id: 103, type: "", url: "https://t.example/d/103" } }, {}],
    ["last_detection.url", { last_detection: { id: 103, type: "T", url: null } }, {}],
  ])("has %s from the older name where it is absent under the newer one", (_, newer, older) => {
    expect(read({ ...OLDER, ...MIXED, ...newer, ...older })).toEqual(EVENT);
  });

  it.each([
    ["type", { type: "account" }, { entity_type: "host" }],
    ["importance 0", { importance: 0 }, { entity_importance: 2 }],
  ])(
    "that contradict each other has %s of the newer one; the other stays an unknown field",
    (_, newer, older) => {
      expect(read({ ...MIXED, ...newer, ...older })).toEqual({ ...EVENT, ...newer, ...older });
    },
  );

  it("about two detections has the nested one, without any part of the other", () => {
    const event = {
      ...OLDER,
      last_detection: { id: 104, type: null, url: "https://t.example/d/104" },
    };

    expect(read(event)).toEqual({
      ...EVENT,
      last_detection: { id: 104, type: null, url: "https://t.example/d/104" },
      last_detection_id: 103,
      last_detection_type: "T",
      last_detection_url: "https://t.example/d/103",
    });
  });

  it("is rejected under the name that v3.4 has for the field", () => {
    const event = readEvent({ ...OLDER, entity_importance: "high" });

    expect(event).toMatchObject({ success: false, error: { issues: [{ path: ["importance"] }] } });
  });

  it("is kept as it came, beside what was read from it", () => {
    expect(asItCame(read(OLDER))).toBe(OLDER);
    expect(asItCame(read({ ...MIXED, name: "" }))).toEqual({ ...MIXED, name: "" });
  });
});

describe("what is absent", () => {
  it.each([
    ["name", { name: null }],
    ["type", { type: null }],
    ["category", { category: null }],
    ["severity", { severity: null }],
    ["urgency_score", { urgency_score: null }],
    ["urgency_reason", { urgency_reason: null }],
    ["is_prioritized", { is_prioritized: null }],
    ["importance", { importance: null }],
    ["attack_rating", { attack_rating: null }],
    ["breadth_contrib", { breadth_contrib: null }],
    ["velocity_contrib", { velocity_contrib: null }],
    ["active_detection_types", { active_detection_types: [] }],
    ["last_detection", { last_detection: null }],
    ["url", { url: null }],
  ])('of %s may be written as "", as null, or not at all', (field, absent) => {
    const { [field as keyof typeof EVENT]: _, ...without } = EVENT;

    expect(read({ ...EVENT, [field]: "" })).toEqual({ ...EVENT, ...absent });
    expect(read({ ...EVENT, [field]: null })).toEqual({ ...EVENT, ...absent });
    expect(read(without)).toEqual({ ...EVENT, ...absent });
  });

  it.each(["id", "type", "url"])('of last_detection.%s may be written as "" too', (leaf) => {
    expect(read({ ...EVENT, last_detection: { ...EVENT.last_detection, [leaf]: "" } })).toEqual({
      ...EVENT,
      last_detection: { ...EVENT.last_detection, [leaf]: null },
    });
  });

  it.each(["id", "entity_id", "event_timestamp"])("of %s makes it no event", (field) => {
    for (const absent of ["", null, undefined]) {
      expect(readEvent({ ...EVENT, [field]: absent }).success).toBe(false);
    }
  });

  it("is neither 0 nor false", () => {
    const event = { urgency_score: 0, importance: 0, is_prioritized: false, attack_rating: 0 };

    expect(read({ ...EVENT, ...event })).toEqual({ ...EVENT, ...event });
  });
});

it.each([
  ["ACCOUNT_SCORING", "ACCOUNT SCORING"],
  ["ACCOUNT SCORING", "ACCOUNT SCORING"],
  ["HOST_SCORING", "HOST_SCORING"],
])("category %s is %s", (sent, category) => {
  expect(read({ ...EVENT, category: sent }).category).toBe(category);
});

it.each([["nonsense"], [null], [[]], [{ id: 1 }], [{ ...MIXED, last_detection: 5 }]])(
  "%j is no event",
  (json) => {
    expect(readEvent(json).success).toBe(false);
  },
);

describe("the short way to read an event", () => {
  const absent = fc.constantFrom("", null, undefined);
  const text = fc.oneof(fc.string(), absent, fc.constant("ACCOUNT_SCORING"));
  const number = fc.oneof(fc.integer(), fc.double(), absent);
  const id = fc.oneof(fc.maxSafeInteger(), fc.constant(-0));
  const oddly = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.oneof(
      { weight: 30, arbitrary: arbitrary as fc.Arbitrary<unknown> },
      { weight: 1, arbitrary: fc.jsonValue() },
    );
  const time = fc.constantFrom("2025-01-31T20:10:08Z", "2025-01-31T20:10:08.123+05:30", "2025-01-31", "");
  const sent = fc.record(
    {
      id: oddly(id),
      entity_id: oddly(id),
      name: oddly(text),
      type: oddly(text),
      category: oddly(text),
      severity: oddly(text),
      urgency_score: oddly(number),
      urgency_reason: oddly(text),
      is_prioritized: oddly(fc.oneof(fc.boolean(), absent)),
      importance: oddly(number),
      attack_rating: oddly(number),
      breadth_contrib: oddly(number),
      velocity_contrib: oddly(number),
      active_detection_types: oddly(fc.oneof(fc.array(fc.string()), absent)),
      last_detection: oddly(
        fc.oneof(
          fc.record(
            {
              id: oddly(fc.oneof(id, absent)),
              type: oddly(text),
              url: oddly(text),
              more: fc.jsonValue(),
            },
            { requiredKeys: [] },
          ),
          absent,
        ),
      ),
      url: oddly(text),
      event_timestamp: oddly(time),
      entity_type: oddly(text),
      entity_importance: oddly(number),
      last_detection_id: oddly(fc.oneof(id, absent)),
      last_detection_type: oddly(text),
      last_detection_url: oddly(text),
      unknown: fc.jsonValue(),
    },
    { requiredKeys: ["id", "entity_id", "event_timestamp"] },
  );

  it("gives what the schema gives, for events in every form", () => {
    let short = 0;
    fc.assert(
      fc.property(sent, (json) => {
        const inOneForm = inNewerNames(json);
        const event = documentedEvent(inOneForm);
        if (event === undefined) {
          return;
        }
        short += 1;
        expect(z.safeParse(scoringEvent, inOneForm)).toEqual({ success: true, data: event });
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(short).toBeGreaterThan(300);
  });

  it("leaves nothing to the schema that is as documented, or in an older or absent form", () => {
    for (const json of [EVENT, MIXED, OLDER, { ...EVENT, name: "", active_detection_types: null }]) {
      expect(documentedEvent(inNewerNames(json))).toEqual(read(json));
    }
  });
});
