import fc from "fast-check";
import { createOrganization } from "../../../simulator/organization.js";
import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";

/** Part of every text that a mutation makes up; it must never be in an error or in a reason. */
export const CANARY = "kanarienvogel";

/** An event's fields by name, each value as JSON text: a name may come twice, and may be `__proto__`. */
type Fields = readonly (readonly [name: string, json: string])[];

/** An event of the log, as the tenant sends it. */
interface FuzzedEvent {
  /** What was done to it; nothing where it is as it should be. */
  readonly kinds: readonly string[];
  /** JSON. */
  readonly text: string;
}

/** The log of a tenant. */
export interface FuzzedLog {
  /** Whether it is one of v3.0 to v3.3. */
  readonly legacy: boolean;
  readonly events: readonly FuzzedEvent[];
}

const FIELDS = [
  "id",
  "entity_id",
  "name",
  "type",
  "category",
  "severity",
  "urgency_score",
  "urgency_reason",
  "is_prioritized",
  "importance",
  "attack_rating",
  "breadth_contrib",
  "velocity_contrib",
  "active_detection_types",
  "last_detection",
  "url",
  "event_timestamp",
] as const;

const TIMES = [
  "0000-01-01T00:00:00Z",
  "0001-01-01T00:00:00Z",
  "1969-12-31T23:59:59Z",
  "2009-12-31T23:59:59Z",
  "2016-12-31T23:59:60Z",
  "2026-02-28T23:59:59.999999999Z",
  "2026-02-29T00:00:00Z",
  "2026-03-01T00:00:00+23:59",
  "2026-03-01T00:00:00-00:00",
  "2026-03-01T00:00:00.123+05:30",
  "2026-03-01T24:00:00Z",
  "2026-03-01T00:00:00",
  "2026-03-01",
  "2026-03-01 00:00:00Z",
  "2100-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "+275760-09-13T00:00:00Z",
  "-000001-01-01T00:00:00Z",
  "1772323200",
  `yesterday ${CANARY}`,
  "",
  "2026-03-01T00:00:00Z\\u0000",
];

const text = fc.constantFrom(
  '""',
  `"${CANARY}"`,
  `"\\u0000${CANARY}\\u0000"`,
  `"\\ud800${CANARY}"`,
  `"${CANARY}\\udfff\\ud83d"`,
  `"\\u202e${CANARY}\\ufeff"`,
  `"'; DROP TABLE lake; -- ${CANARY}"`,
  '"AWS:__proto__/constructor:toString"',
);
const number = fc.constantFrom(
  ...["0", "-0", "-1", "1.5", "100", "101", "1e300", "-1e300", "5e-324", "1e400", "-1e400"],
  ...["2147483648", "9007199254740991", "9007199254740993", "-9007199254740991", "123456789012345678901"],
);
const structure = fc.constantFrom(
  ...["null", "true", "false", "[]", "{}", "[[]]", "[null]", `["${CANARY}"]`, `{"${CANARY}":1}`],
  ...['{"__proto__":{"id":1}}', '{"constructor":{"prototype":{"id":1}}}', '{"id":{"id":{"id":[]}}}'],
);
/** JSON of any kind and shape. */
const json = fc.oneof(text, number, structure, fc.json({ maxDepth: 3 }));

const field = fc.constantFrom(...FIELDS);
const olderField = fc.constantFrom(
  ...["entity_type", "entity_importance", "last_detection_id", "last_detection_type", "last_detection_url"],
);
const strangeName = fc.constantFrom(
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "then", "toJSON"],
  ...["", " ", "time", "class_uid", "unmapped", "ID", "id ", "\\u0000", "\\ud800", CANARY],
);

const small = fc.oneof(
  fc.record({ kind: fc.constant("field of any value" as const), field, json }),
  fc.record({ kind: fc.constant("field missing" as const), field }),
  fc.record({ kind: fc.constant("field null" as const), field }),
  fc.record({ kind: fc.constant("field twice" as const), field, json }),
  fc.record({ kind: fc.constant("unknown field" as const), field: strangeName, json }),
  fc.record({ kind: fc.constant("id" as const), json }),
  fc.record({ kind: fc.constant("entity_id" as const), json: fc.oneof(number, text) }),
  fc.record({ kind: fc.constant("urgency_score" as const), json: number }),
  fc.record({ kind: fc.constant("event_timestamp" as const), time: fc.constantFrom(...TIMES) }),
  fc.record({ kind: fc.constant("name" as const), json: text }),
  fc.record({
    kind: fc.constant("last_detection" as const),
    detection: fc.record({ id: json, type: json, url: json }),
  }),
  fc.record({
    kind: fc.constant("another copy of an id" as const),
    back: fc.integer({ min: 1, max: 5 }),
    field,
  }),
  fc.record({ kind: fc.constant("repeated event" as const), back: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant("no event at all" as const), json }),
  fc.record({ kind: fc.constant("event of another API" as const), legacy: fc.boolean() }),
  fc.record({ kind: fc.constant("older name beside the newer" as const), field: olderField, json }),
);
/** Each a megabyte or so. */
const large = fc.oneof(
  fc.record({
    kind: fc.constant("deeply nested field" as const),
    field: fc.oneof(field, strangeName),
    depth: fc.constantFrom(40, 2_000, 6_000, 20_000),
    bracket: fc.constantFrom("[]", '{"a":}'),
  }),
  fc.record({
    kind: fc.constant("huge text" as const),
    field: fc.oneof(field, strangeName),
    // One, two, three and four bytes in UTF-8.
    character: fc.constantFrom("x", "é", "€", "𝄞", "\\u0000", "\\ud800"),
    length: fc.constantFrom(65_535, 65_536, 70_000, 290_000, 450_000),
  }),
  fc.record({
    kind: fc.constant("many detection types" as const),
    count: fc.constantFrom(1, 100, 5_000),
    json: fc.oneof({ weight: 3, arbitrary: text }, number),
  }),
);
const mutation = fc.oneof({ weight: 15, arbitrary: small }, { weight: 1, arbitrary: large });
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

/** A log of so many events: valid ones from a simulated organization, most of them spoiled in one or two ways. */
export function fuzzedLog(events: number): fc.Arbitrary<FuzzedLog> {
  const spoiling = fc.array(mutation, { minLength: 0, maxLength: 2, size: "max" });
  const seed = fc.nat({ max: 10_000 });
  return fc
    .tuple(seed, fc.boolean(), fc.array(spoiling, { minLength: events, maxLength: events }))
    .map(([organization, legacy, spoilings]) => {
      const log: (FuzzedEvent & { readonly fields: Fields })[] = [];
      const valid = validEvents(organization, events);
      for (const [index, mutations] of spoilings.entries()) {
        const event = valid[index];
        if (event === undefined) {
          throw new RangeError(`The organization has no event ${index}`);
        }
        let fields = fieldsOf(event, legacy);
        let text: string | undefined;
        for (const spoiled of mutations) {
          const earlier = log.at(-("back" in spoiled ? spoiled.back : 1)) ?? { fields, text: undefined };
          if (spoiled.kind === "no event at all") {
            text = spoiled.json;
          } else if (spoiled.kind === "repeated event") {
            ({ fields, text } = earlier);
          } else {
            fields = spoil(fields, spoiled, earlier.fields, legacy);
          }
        }
        const kinds = mutations.map(({ kind }) => kind);
        log.push({ kinds, text: text ?? textOf(fields), fields });
      }
      return { legacy, events: log.map(({ kinds, text }) => ({ kinds, text })) };
    });
}

/** Names of the mutations, each of which a fuzz must have used. */
export const EVENT_KINDS: readonly string[] = [
  "field of any value",
  "field missing",
  "field null",
  "field twice",
  "unknown field",
  "deeply nested field",
  "huge text",
  "many detection types",
  "id",
  "entity_id",
  "urgency_score",
  "event_timestamp",
  "name",
  "last_detection",
  "another copy of an id",
  "repeated event",
  "no event at all",
  "event of another API",
  "older name beside the newer",
];

function spoil(fields: Fields, mutation: Mutation, earlier: Fields, legacy: boolean): Fields {
  switch (mutation.kind) {
    case "field of any value":
      return withField(fields, mutation.field, mutation.json);
    case "field missing":
      return fields.filter(([name]) => name !== mutation.field);
    case "field null":
      return withField(fields, mutation.field, "null");
    case "field twice":
    case "unknown field":
    case "older name beside the newer":
      return [...fields, [mutation.field, mutation.json]];
    case "deeply nested field": {
      const { bracket, depth } = mutation;
      const [open, close] = [bracket.slice(0, -1), bracket.slice(-1)];
      return withField(fields, mutation.field, `${open.repeat(depth)}1${close.repeat(depth)}`);
    }
    case "huge text":
      return withField(fields, mutation.field, `"${CANARY}${mutation.character.repeat(mutation.length)}"`);
    case "many detection types":
      return withField(
        fields,
        "active_detection_types",
        `[${Array(mutation.count).fill(mutation.json).join(",")}]`,
      );
    case "id":
    case "entity_id":
    case "urgency_score":
    case "name":
      return withField(fields, mutation.kind, mutation.json);
    case "event_timestamp":
      return withField(fields, "event_timestamp", `"${mutation.time}"`);
    case "last_detection": {
      const { id, type, url } = mutation.detection;
      return withField(fields, "last_detection", `{"id":${id},"type":${type},"url":${url}}`);
    }
    case "another copy of an id":
      // Which of the copies counts is the tenant's secret, so all of them have one account, name and time.
      return COPIED.includes(mutation.field) ? earlier : withField(earlier, mutation.field, "null");
    case "event of another API":
      return legacy ? fields.filter(([name]) => !name.startsWith("entity_")) : renamed(fields);
    case "repeated event":
    case "no event at all":
      return fields;
  }
}

const COPIED: readonly string[] = ["id", "entity_id", "name", "event_timestamp", "is_prioritized"];

function fieldsOf(event: EntityScoringEvent, legacy: boolean): Fields {
  const fields = Object.entries(event).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return legacy ? renamed(fields) : fields;
}

/** The names that v3.0 to v3.3 have for some fields. */
function renamed(fields: Fields): Fields {
  const names = new Map([
    ["type", "entity_type"],
    ["importance", "entity_importance"],
    ["last_detection", "last_detection_type"],
  ]);
  return fields.map(([name, json]) => [
    names.get(name) ?? name,
    name === "last_detection" ? '"AWS S3 Enumeration"' : json,
  ]);
}

function withField(fields: Fields, name: string, json: string): Fields {
  return [...fields.filter(([other]) => other !== name), [name, json]];
}

function textOf(fields: Fields): string {
  return `{${fields.map(([name, value]) => `"${name}":${value}`).join(",")}}`;
}

function validEvents(seed: number, count: number): readonly EntityScoringEvent[] {
  const organization = createOrganization({
    seed,
    startTime: Date.parse("2026-02-28T23:00:00Z"),
    accounts: 8,
    eventsPerTick: 12,
    portalUrl: "https://123123123123.uw2.portal.vectra.ai",
  });
  const events: EntityScoringEvent[] = [];
  while (events.length < count) {
    events.push(...organization.nextTick().map(({ event }) => event));
  }
  return events.slice(0, count);
}
