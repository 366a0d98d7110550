import { describe, expect, it } from "vitest";
import { eventsApi } from "../../../../functions/security-lake-exporter/vectra/apis.js";
import { VectraClient } from "../../../../functions/security-lake-exporter/vectra/client.js";
import {
  FoundEvents,
  type KnownEvents,
  keyOf,
} from "../../../../functions/security-lake-exporter/vectra/found-events.js";
import type { EventSource } from "../../../../functions/security-lake-exporter/vectra/pages.js";
import { anEvent } from "../events.js";

const SOURCE: EventSource = {
  api: eventsApi("v3.4"),
  vectra: new VectraClient("http://127.0.0.1:9", async () => ({
    clientId: "c",
    clientSecret: "s",
  })).startSession(),
};

/** Events as one page after the other has them. */
async function found(
  pages: readonly (readonly unknown[])[],
  known: KnownEvents = { seen: new Map() },
  source: EventSource = SOURCE,
) {
  const events = new FoundEvents(source, async () => known);
  const unseen: number[] = [];
  for (const page of pages) {
    unseen.push(await events.collect({ events: [...page] as never, next_checkpoint: 1, remaining_count: 0 }));
  }
  const { window } = events;
  return {
    unseen,
    ids: window.events.map(({ id }) => id),
    rejected: window.rejected.map(({ key, reason }) => [key, reason]),
    keys: window.keys,
    newestTime: window.newestTime,
    isTimed: window.isTimed,
    size: events.size,
    distinctIds: events.ids,
  };
}

const event = (id: number, fields: object = {}) => ({ ...anEvent({ id }), ...fields });

/** Digest of the content of an event, as it was stored when it was exported. */
async function digestOf(json: unknown): Promise<string> {
  return (await found([[json]])).keys[0]?.digest ?? "";
}

describe("events that a tenant repeats", () => {
  it("are taken once, within a page and in the next one", async () => {
    const { ids, unseen, rejected } = await found([
      [event(1), event(2), event(1)],
      [event(2), event(3)],
    ]);

    expect(ids).toEqual([1, 2, 3]);
    expect(unseen).toEqual([2, 1]);
    expect(rejected).toEqual([]);
  });

  it("from the window before are left out, and a page of nothing else has nothing new", async () => {
    const seen = new Map([["1", await digestOf(event(1))]]);

    expect(await found([[event(1)], [event(1), event(2)]], { seen })).toMatchObject({
      ids: [2],
      unseen: [0, 1],
    });
  });

  it("are known by their id alone where an older release has exported them", async () => {
    expect(await found([[event(1, { urgency_score: 1 })]], { seen: new Map([["1", ""]]) })).toMatchObject({
      ids: [],
      rejected: [],
    });
  });

  it("without an id are known by their content", async () => {
    const json = event(1, { id: undefined });

    const { rejected, unseen } = await found([
      [json, json],
      [json, event(1, { id: undefined, entity_id: 9 })],
    ]);

    expect(rejected.map(([key]) => key)).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    expect(unseen).toEqual([1, 1]);
  });
});

describe("two events of one id", () => {
  const REASON = "event.id: is 7, which another event had before, with other content";
  const [one, other] = [event(7), event(7, { urgency_score: 12 })];

  it("are both accounted for: the second one goes to quarantine, under a key of its own", async () => {
    const { ids, rejected, keys, size, distinctIds } = await found([[one, other]]);

    expect(ids).toEqual([7]);
    expect(rejected).toEqual([[`7-${await digestOf(other)}`, REASON]]);
    expect(keys.map(({ key }) => key)).toEqual(["7", `7-${await digestOf(other)}`]);
    expect([size, distinctIds]).toEqual([2, 1]);
  });

  it("are told apart when the second one comes in the next window", async () => {
    const seen = new Map([["7", await digestOf(one)]]);

    expect((await found([[one, other]], { seen })).rejected).toEqual([
      [`7-${await digestOf(other)}`, REASON],
    ]);
  });

  it("are each taken once, however often they come, also in a later window", async () => {
    expect(
      (
        await found([
          [one, other, one, other],
          [other, one],
        ])
      ).rejected,
    ).toHaveLength(1);

    const seen = new Map([
      ["7", await digestOf(one)],
      [`7-${await digestOf(other)}`, await digestOf(other)],
    ]);
    expect(await found([[other, one]], { seen })).toMatchObject({ ids: [], rejected: [], unseen: [0] });
  });

  it("may be three", async () => {
    const third = event(7, { urgency_score: 13 });

    const { rejected } = await found([[one, other, third]]);

    expect(rejected.map(([key]) => key)).toEqual([
      `7-${await digestOf(other)}`,
      `7-${await digestOf(third)}`,
    ]);
  });
});

describe("where another version of the API gave events", () => {
  const OVERLAP_SINCE = Date.parse("2026-02-01T12:00:00Z");
  const known = async (...exported: object[]): Promise<KnownEvents> => {
    const { keys } = await found([exported]);
    return {
      seen: new Map(),
      overlap: { since: OVERLAP_SINCE, identities: new Set(keys.map(({ identity }) => identity)) },
    };
  };
  const at = (id: number, event_timestamp: unknown, fields: object = {}) =>
    event(id, { event_timestamp, ...fields });

  it("events from before it are left out by their time, which belongs to the overlap itself", async () => {
    const page = [at(1, "2026-02-01T11:59:59.999Z"), at(2, "2026-02-01T12:00:00Z")];

    expect(await found([page], await known())).toMatchObject({ ids: [2], unseen: [2] });
  });

  it("events that it gave are known by account, time and score, whatever their ids and other fields are", async () => {
    const given = at(9001, "2026-02-01T12:30:00Z", { entity_id: 8, urgency_score: 76 });

    const { ids } = await found(
      [
        [
          at(1, "2026-02-01T12:30:00.000Z", { severity: "Low", name: "AWS:111122223333/renamed" }),
          at(2, "2026-02-01T12:30:00Z", { urgency_score: 77 }),
          at(3, "2026-02-01T12:30:00Z", { entity_id: 9 }),
          at(4, "2026-02-01T12:30:01Z"),
        ],
      ],
      await known(given),
    );

    expect(ids).toEqual([2, 3, 4]);
  });

  it("an event without a time is not from before it: it is taken, unless it is known", async () => {
    const timeless = at(1, undefined);
    const unreadable = at(2, "yesterday", { entity_id: 9 });

    expect((await found([[timeless, unreadable]], await known())).rejected.map(([key]) => key)).toEqual([
      "1",
      "2",
    ]);
    expect(
      (await found([[timeless, unreadable]], await known(unreadable))).rejected.map(([key]) => key),
    ).toEqual(["1"]);
  });

  it("an event from the future is taken", async () => {
    const result = await found([[at(1, "2099-01-01T00:00:00Z")]], await known());

    expect(result).toMatchObject({ ids: [1], newestTime: Date.parse("2099-01-01T00:00:00Z") });
  });
});

it("the newest time is that of the newest event, of one that is rejected too, and 0 where none has one", async () => {
  const rejected = event(2, { event_timestamp: "2026-02-02T00:00:00Z", entity_id: "eight" });

  expect(await found([[event(1), rejected]])).toMatchObject({
    newestTime: 1_769_990_400_000,
    isTimed: true,
  });
  expect(await found([[event(1, { event_timestamp: undefined })]])).toMatchObject({
    newestTime: 0,
    isTimed: false,
  });
  expect(await found([[event(1), event(2, { event_timestamp: "soon" })]])).toMatchObject({ isTimed: false });
});

it("an event of another range is left out, and one without a time is in each", async () => {
  const range = { from: "2026-02-01T00:00:00Z", to: "2026-02-02T00:00:00Z" };
  const page = [
    event(1, { event_timestamp: "2026-02-01T23:59:59.999Z" }),
    event(2, { event_timestamp: "2026-02-02T00:00:00Z" }),
    event(3, { event_timestamp: undefined }),
  ];

  const { ids, rejected } = await found([page], undefined, { ...SOURCE, range });

  expect(ids).toEqual([1]);
  expect(rejected.map(([key]) => key)).toEqual(["3"]);
});

it.each([
  [{ id: 7 }, "7"],
  [{ id: -7 }, "-7"],
  [{ id: "7" }, expect.stringMatching(/^[0-9a-f]{32}$/)],
  [{ id: 1e300 }, expect.stringMatching(/^[0-9a-f]{32}$/)],
  [null, expect.stringMatching(/^[0-9a-f]{32}$/)],
])("the key of %j is its id, or a digest", (json, key) => {
  expect(keyOf(json)).toEqual(key);
});
