import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { checkpointStateOf } from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";
import {
  type EventKey,
  oldestKeys,
  RecentEvents,
  type RememberedEvents,
} from "../../../../functions/security-lake-exporter/state/recent-events.js";
import { decorated } from "./decorated-table.js";
import { STATE_TABLES, type StateTables, startStateTables } from "./state-tables.js";

const NOW = Date.parse("2026-02-01T12:00:00Z");
const DAY = 86_400_000;

let tables: StateTables;
beforeAll(async () => {
  tables = await startStateTables();
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => tables.close());

const keyOf = (id: number): EventKey => ({ key: String(id), digest: `d${id}`, identity: `i${id}` });
const keysOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => keyOf(from + index));
const stateOf = (api: string, sequence: number, forget_before = 0) =>
  checkpointStateOf({ api, sequence, forget_before });

describe.each(STATE_TABLES)("the keys of exported events in %s", (place) => {
  function fresh() {
    const { table, pk } = tables.fresh(place);
    const recent = new RecentEvents({ table, pk });
    const store = (sequence: number, events: readonly EventKey[], api = "v3.4", newestTime = 0) =>
      recent.store({ sequence, api, events, newestTime });
    return { table, pk, recent, store };
  }

  it("are known with what was exported, by window", async () => {
    const { recent, store, table, pk } = fresh();
    await store(1, [keyOf(1), keyOf(2)]);
    await store(2, [keyOf(3)]);

    expect(await recent.seen(stateOf("v3.4", 2))).toEqual(
      new Map([
        ["1", "d1"],
        ["2", "d2"],
        ["3", "d3"],
      ]),
    );
    expect(await recent.identities(stateOf("v3.4", 2), 0)).toEqual(new Set(["i1", "i2", "i3"]));
    expect(await table.keys(pk, "")).toEqual([
      "recent#live#0000000000000001#0000000000000000",
      "recent#live#0000000000000002#0000000000000000",
    ]);
  });

  it("of a window are the same when they are stored twice", async () => {
    const { recent, store } = fresh();
    await store(1, [keyOf(1), keyOf(2)]);
    await store(1, [keyOf(1), keyOf(2)]);

    expect([...(await recent.seen(stateOf("v3.4", 1))).keys()]).toEqual(["1", "2"]);
  });

  it("are the last 1,000, as many as a page may repeat, whatever the sizes of the windows", async () => {
    const { recent, store } = fresh();
    await store(9, keysOf(0, 400));
    await store(10, keysOf(400, 900));
    await store(11, keysOf(900, 1300));

    const seen = await recent.seen(stateOf("v3.4", 11));

    expect(seen.size).toBe(1000);
    expect([...seen.keys()][0]).toBe("300");
    expect([...seen.keys()].at(-1)).toBe("1299");
  });

  it("of a window of 10,000 events fit into items, and all identities are known", async () => {
    const { recent, store, table, pk } = fresh();
    await store(1, keysOf(0, 10_000));

    expect(await table.keys(pk, "")).toEqual([
      "recent#live#0000000000000001#0000000000000000",
      "recent#live#0000000000000001#0000000000004000",
      "recent#live#0000000000000001#0000000000008000",
    ]);
    expect([...(await recent.seen(stateOf("v3.4", 1))).keys()].at(-1)).toBe("9999");
    expect((await recent.identities(stateOf("v3.4", 1), 0)).size).toBe(10_000);
  });

  it("belong to the log of one version of the API, while identities are what all say alike", async () => {
    const { recent, store } = fresh();
    await store(1, [keyOf(1)], "v3.4");
    await store(2, [keyOf(2)], "v3.3");
    await store(3, [keyOf(3)], "v3.4");

    expect([...(await recent.seen(stateOf("v3.4", 3))).keys()]).toEqual(["1", "3"]);
    expect([...(await recent.seen(stateOf("v3.3", 3))).keys()]).toEqual(["2"]);
    expect([...(await recent.identities(stateOf("v3.4", 3), 0))].toSorted()).toEqual(["i1", "i2", "i3"]);
  });

  it("are forgotten where the cursor was moved back over them", async () => {
    const { recent, store } = fresh();
    await store(1, [keyOf(1)]);
    await store(2, [keyOf(2)]);
    await store(4, [keyOf(4)]);

    // The move had sequence number 3.
    expect([...(await recent.seen(stateOf("v3.4", 4, 3))).keys()]).toEqual(["4"]);
    expect([...(await recent.identities(stateOf("v3.4", 4, 3), 0))]).toEqual(["i4"]);
  });

  it("of a backfill and of the live export are apart", async () => {
    const { table, pk, recent, store } = fresh();
    const backfill = new RecentEvents({ table, pk, job: "backfill-20260101T000000Z-20260201T000000Z" });
    await store(1, [keyOf(1)]);
    await backfill.store({ sequence: 1, api: "v3.4", events: [keyOf(2)], newestTime: 0 });

    expect([...(await recent.seen(stateOf("v3.4", 1))).keys()]).toEqual(["1"]);
    expect([...(await backfill.seen(stateOf("v3.4", 1))).keys()]).toEqual(["2"]);
  });

  it("of a window that was abandoned, and is read again, do not count", async () => {
    const { recent, store } = fresh();
    await store(1, [keyOf(1)]);
    await store(2, [keyOf(2)]);

    expect([...(await recent.seen(stateOf("v3.4", 1))).keys()]).toEqual(["1"]);
    expect([...(await recent.identities(stateOf("v3.4", 1), 0))]).toEqual(["i1"]);
  });

  describe("by which events of another version of the API are left out", () => {
    /** The table, whose readings of all keys are counted. */
    function counted() {
      const { table, pk, store } = fresh();
      let reads = 0;
      const counting = {
        ...decorated(table),
        forEach: (...values: Parameters<typeof table.forEach>) => {
          reads += 1;
          return table.forEach(...values);
        },
      };
      const begin = () => new RecentEvents({ table: counting, pk });
      return { table, pk, store, begin, reads: () => reads };
    }

    it("are read once in a run, whatever it writes itself", async () => {
      const { table, pk, store, begin, reads } = counted();
      await store(1, [keyOf(1)]);
      const run = begin();
      await run.identities(stateOf("v3.4", 1), NOW);
      await table.update({ pk, sk: "checkpoint" }, { set: { sequence: 2 } });

      expect(await run.identities(stateOf("v3.4", 2), NOW)).toEqual(new Set(["i1"]));
      expect(reads()).toBe(1);
    });

    it("are read again where a backfill has gone on meanwhile, and in the next run", async () => {
      const { table, pk, begin, reads } = counted();
      const job = "backfill-20260101T000000Z-20260201T000000Z";
      const run = begin();
      await run.identities(stateOf("v3.4", 1), 0);
      const window = { sequence: 1, api: "v3.4", events: [keyOf(7)], newestTime: 0 };
      await new RecentEvents({ table, pk, job }).store(window);
      await table.update({ pk, sk: `checkpoint#${job}` }, { set: { sequence: 1 } });

      expect(await run.identities(stateOf("v3.4", 1), 0)).toEqual(new Set(["i7"]));
      expect(reads()).toBe(2);
      await begin().identities(stateOf("v3.4", 1), 0);
      expect(reads()).toBe(3);
    });

    it("are those of windows with events since then, and of windows of which that is not known", async () => {
      const { table, pk, recent } = fresh();
      const store = async (sequence: number, newestTime: number, isTimed?: boolean) => {
        const times = isTimed === undefined ? { newestTime } : { newestTime, isTimed };
        await recent.store({ sequence, api: "v3.4", events: [keyOf(sequence)], ...times });
      };
      await store(1, NOW - 1, true);
      await store(2, NOW, true);
      await store(3, NOW - 1, false);
      await store(4, NOW - 1);

      expect(await recent.identities(stateOf("v3.4", 4), NOW)).toEqual(new Set(["i2", "i3", "i4"]));
      const items = await table.query(pk, "recent#");
      expect(items.map(({ attributes }) => attributes["newest_time"])).toEqual([
        NOW - 1,
        NOW,
        undefined,
        undefined,
      ]);
    });
  });

  it("are read over something else that an operator has written among them", async () => {
    const { recent, store, table, pk } = fresh();
    await store(1, [keyOf(1)]);
    await table.update({ pk, sk: "recent#live#0000000000000002#x" }, { set: { moves: "[]" } });

    expect([...(await recent.seen(stateOf("v3.4", 4))).keys()]).toEqual(["1"]);
  });

  describe("are remembered by a container", () => {
    /** The table, whose reads are counted. */
    function counted() {
      const { table, pk, store } = fresh();
      let reads = 0;
      const counting = {
        ...decorated(table),
        latest: (...values: Parameters<typeof table.latest>) => {
          reads += 1;
          return table.latest(...values);
        },
      };
      const remembered: RememberedEvents = new Map();
      const container = () => new RecentEvents({ table: counting, pk }, remembered);
      const windowOf = (sequence: number, events: readonly EventKey[]) => ({
        ...{ sequence, api: "v3.4", events, newestTime: 0 },
      });
      return { store, container, windowOf, reads: () => reads };
    }

    it("which reads them once, and adds those of its own windows, the last 1,000", async () => {
      const { store, container, windowOf, reads } = counted();
      await store(1, keysOf(0, 999));
      await container().seen(stateOf("v3.4", 1));

      container().completed(windowOf(2, keysOf(999, 1002)), stateOf("v3.4", 1), stateOf("v3.4", 2));
      const seen = [...(await container().seen(stateOf("v3.4", 2))).keys()];

      expect([seen.length, seen[0], seen.at(-1)]).toEqual([1000, "2", "1001"]);
      expect(reads()).toBe(1);
    });

    it.each([
      ["another run has exported a window", stateOf("v3.4", 3)],
      ["the cursor was moved back", stateOf("v3.4", 2, 2)],
      ["another version of the API continues", stateOf("v3.3", 2)],
    ])("which reads them again where %s", async (_, now) => {
      const { store, container, windowOf, reads } = counted();
      await store(1, [keyOf(1)]);
      await container().seen(stateOf("v3.4", 1));
      container().completed(windowOf(2, [keyOf(2)]), stateOf("v3.4", 1), stateOf("v3.4", 2));

      await container().seen(now);

      expect(reads()).toBe(2);
    });
  });

  it("are kept for 90 days, those of an event from the future that much longer", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW });
    const { table, pk, store } = fresh();
    await store(1, [keyOf(1)], "v3.4", NOW - 5 * DAY);
    await store(2, [keyOf(2)], "v3.4", NOW + 400 * DAY);

    const items = await table.query(pk, "recent#");

    expect(items.map(({ attributes }) => attributes["expires_at"])).toEqual([
      (NOW + 90 * DAY) / 1000,
      (NOW + 490 * DAY) / 1000,
    ]);
  });

  it("of a window without events are no item", async () => {
    const { table, pk, store } = fresh();
    await store(1, []);

    expect(await table.keys(pk, "")).toEqual([]);
  });
});

describe("from when on keys are known", () => {
  it.each([
    ["never, of a state without them", {}, undefined],
    ["since they are stored", { keys_since: NOW - 2 * DAY }, NOW - 2 * DAY],
    ["for 90 days", { keys_since: 0 }, NOW - 90 * DAY],
  ])("is %s", (_, attributes, since) => {
    expect(oldestKeys(checkpointStateOf(attributes), NOW)).toBe(since);
  });
});
