import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { SqliteTable } from "../../../../cli/exporters/local/sqlite-table.js";
import {
  type Condition,
  type Fence,
  MAX_PIECE_BYTES,
  type StateItem,
  type StateTable,
} from "../../../../functions/security-lake-exporter/state/state-table.js";
import {
  STATE_TABLES,
  type StateTables,
  startStateTables,
} from "../../../functions/security-lake-exporter/state/state-tables.js";

let tables: StateTables;
beforeAll(async () => {
  tables = await startStateTables();
});
afterAll(() => tables.close());

/** The one contract that the exporter's checkpoint is written against. */
describe.each(STATE_TABLES)("GIVEN a state table in %s", (place) => {
  const fresh = () => tables.fresh(place);

  async function attributesOf(table: StateTable, pk: string, sk: string) {
    return (await table.read(pk, [sk]))[0]?.attributes;
  }

  it("WHEN an item is updated for the first time THEN it is made, and its attributes are the answer", async () => {
    const { table, pk } = fresh();
    const set = {
      count: 1.5,
      text: "äöü€😀",
      flag: false,
      nothing: null,
      inner: { from: 0, deep: { to: 12 } },
    };

    const answer = await table.update({ pk, sk: "checkpoint" }, { set });

    expect(answer).toEqual(set);
    expect(await table.read(pk, ["checkpoint"])).toEqual([{ pk, sk: "checkpoint", attributes: set }]);
  });

  it("WHEN attributes are set and removed THEN the others stay", async () => {
    const { table, pk } = fresh();
    await table.update({ pk, sk: "a" }, { set: { keep: 1, replace: { old: 1 }, go: "x" } });

    const answer = await table.update(
      { pk, sk: "a" },
      { set: { replace: { new: 2 } }, remove: ["go", "unknown"] },
    );

    expect(answer).toEqual({ keep: 1, replace: { new: 2 } });
    expect(await attributesOf(table, pk, "a")).toEqual({ keep: 1, replace: { new: 2 } });
  });

  it("WHEN attributes are copied THEN they become what the other one was before the update, or null", async () => {
    const { table, pk } = fresh();
    const roll = (score: number) =>
      table.update({ pk, sk: "score" }, { set: { score }, copy: { previous: "score" } });

    expect(await roll(10)).toEqual({ score: 10, previous: null });
    expect(await roll(30)).toEqual({ score: 30, previous: 10 });
  });

  const HOLDING: readonly [string, Condition][] = [
    ["an absent attribute is absent", { attribute: "missing", absent: true }],
    ["a text equals", { attribute: "text", equals: "one" }],
    ["a number equals", { attribute: "number", equals: 5 }],
    ["a number is below", { attribute: "number", below: 6 }],
    ["a number is above", { attribute: "number", above: 4 }],
  ];
  const FAILING: readonly [string, Condition][] = [
    ["a present attribute is absent", { attribute: "text", absent: true }],
    ["an attribute that is null is absent", { attribute: "nothing", absent: true }],
    ["another text equals", { attribute: "text", equals: "two" }],
    ["a number equals its text", { attribute: "number", equals: "5" }],
    ["a missing attribute equals", { attribute: "missing", equals: 5 }],
    ["a number is below itself", { attribute: "number", below: 5 }],
    ["a missing attribute is below", { attribute: "missing", below: 5 }],
    ["a text is below", { attribute: "text", below: 5 }],
    ["a number is above itself", { attribute: "number", above: 5 }],
    ["a missing attribute is above", { attribute: "missing", above: 5 }],
    ["a text is above", { attribute: "text", above: 5 }],
  ];
  const ITEM = { text: "one", number: 5, nothing: null };

  it.each(HOLDING)("WHEN the condition is that %s THEN the item is changed", async (_, condition) => {
    const { table, pk } = fresh();
    await table.update({ pk, sk: "a" }, { set: ITEM });

    const answer = await table.update({ pk, sk: "a" }, { set: { number: 6 }, when: [[condition]] });

    expect(answer).toEqual({ ...ITEM, number: 6 });
  });

  it.each(FAILING)("WHEN the condition is that %s THEN nothing is changed", async (_, condition) => {
    const { table, pk } = fresh();
    await table.update({ pk, sk: "a" }, { set: ITEM });

    const answer = await table.update(
      { pk, sk: "a" },
      { set: { number: 6 }, remove: ["text"], when: [[condition]] },
    );

    expect(answer).toBeUndefined();
    expect(await attributesOf(table, pk, "a")).toEqual(ITEM);
  });

  it.each([
    ["one of each group holds", "one", 5, true],
    ["one group has none that holds", "two", 5, false],
    ["another group has none that holds", "one", 7, false],
  ])("WHEN %s THEN that decides", async (_, text, number, changes) => {
    const { table, pk } = fresh();
    await table.update({ pk, sk: "a" }, { set: { text, number } });

    const answer = await table.update(
      { pk, sk: "a" },
      {
        set: { changed: true },
        when: [
          [
            { attribute: "text", absent: true },
            { attribute: "text", equals: "one" },
          ],
          [
            { attribute: "number", equals: 4 },
            { attribute: "number", below: 6 },
          ],
        ],
      },
    );

    expect(answer !== undefined).toBe(changes);
    expect((await attributesOf(table, pk, "a"))?.["changed"]).toBe(changes ? true : undefined);
  });

  it("WHEN a condition fails on an item that is not there THEN none is made", async () => {
    const { table, pk } = fresh();

    expect(
      await table.update({ pk, sk: "a" }, { set: { x: 1 }, when: [[{ attribute: "x", equals: 1 }]] }),
    ).toBeUndefined();

    expect(await table.read(pk, ["a"])).toEqual([]);
  });

  it("WHEN items are read THEN those that are not there are left out", async () => {
    const { table, pk } = fresh();
    await table.update({ pk, sk: "b" }, { set: { x: 2 } });
    await table.update({ pk: `${pk}x`, sk: "a" }, { set: { x: 3 } });

    expect(await table.read(pk, ["a", "b", "c"])).toEqual([{ pk, sk: "b", attributes: { x: 2 } }]);
    expect(await table.read(pk, [])).toEqual([]);
  });

  it("WHEN more items are read than one request takes THEN all come that are there", async () => {
    const { table, pk } = fresh();
    const sks = Array.from({ length: 250 }, (_, index) => `score#${index}`);
    for (const index of [0, 99, 100, 249]) {
      await table.update({ pk, sk: `score#${index}` }, { set: { index } });
    }

    const items = await table.read(pk, sks);

    expect(items.map(({ attributes }) => Number(attributes["index"])).sort((a, b) => a - b)).toEqual([
      0, 99, 100, 249,
    ]);
  });

  it("WHEN a prefix is asked for THEN the items that begin so come, in the order of their bytes", async () => {
    const { table, pk } = fresh();
    const written = ["q#10", "q#9", "q#Z", "q#a", "q#é", "q#_", "q%", "p#1", "r", "q", "Q#1"];
    for (const sk of written) {
      await table.update({ pk, sk }, { set: { sk_again: sk } });
    }
    await table.update({ pk: `${pk}x`, sk: "q#1" }, { set: { x: 1 } });

    const items = await table.query(pk, "q#");

    expect(items.map(({ sk }) => sk)).toEqual(["q#10", "q#9", "q#Z", "q#_", "q#a", "q#é"]);
    expect(items[0]).toEqual({ pk, sk: "q#10", attributes: { sk_again: "q#10" } });
    expect(await table.query(pk, "nothing#")).toEqual([]);
  });

  it("WHEN an item is deleted THEN it is gone, and deleting it again is no error", async () => {
    const { table, pk } = fresh();
    await table.update({ pk, sk: "q#a" }, { set: { x: 1 } });
    await table.update({ pk, sk: "q#b" }, { set: { x: 2 } });

    await table.delete({ pk, sk: "q#a" });
    await table.delete({ pk, sk: "q#a" });

    expect(await table.query(pk, "q#")).toEqual([{ pk, sk: "q#b", attributes: { x: 2 } }]);
  });

  it("WHEN an update only removes from an item that is not there THEN an empty one is made", async () => {
    const { table, pk } = fresh();

    expect(await table.update({ pk, sk: "a" }, { remove: ["x"] })).toEqual({});

    expect(await attributesOf(table, pk, "a")).toEqual({});
  });

  it("WHEN the latest items of a prefix are asked for THEN they come backwards, until there are enough", async () => {
    const { table, pk } = fresh();
    // More than one page of them.
    for (let index = 0; index < 120; index += 1) {
      await table.update({ pk, sk: `r#${String(index).padStart(3, "0")}` }, { set: { index } });
    }
    await table.update({ pk, sk: "s#999" }, { set: { index: -1 } });
    const indices = (items: readonly StateItem[]) => items.map(({ attributes }) => attributes["index"]);
    const asked: number[] = [];

    const some = await table.latest(pk, "r#", (items) => {
      asked.push(items.length);
      return items.length >= 60;
    });
    const all = await table.latest(pk, "r#", () => false);

    expect(indices(some).slice(0, 3)).toEqual([119, 118, 117]);
    expect(some.length).toBeGreaterThanOrEqual(60);
    expect(some.length).toBeLessThan(120);
    expect(asked.at(-1)).toBe(some.length);
    expect(indices(all)).toEqual(Array.from({ length: 120 }, (_, index) => 119 - index));
    expect(all[0]).toEqual({ pk, sk: "r#119", attributes: { index: 119 } });
    expect(await table.latest(pk, "nothing#", () => false)).toEqual([]);
  });

  it("WHEN only keys are asked for THEN those of items and of bytes come, in their order", async () => {
    const { table, pk } = fresh();
    await table.update({ pk, sk: "q#b" }, { set: { text: "long" } });
    await table.putBytes({ pk, sk: "q#a" }, new Uint8Array(3));
    await table.update({ pk, sk: "q#c" }, { set: { x: 1 } });
    await table.update({ pk, sk: "r#a" }, { set: { x: 1 } });
    await table.update({ pk: `${pk}x`, sk: "q#d" }, { set: { x: 1 } });

    expect(await table.keys(pk, "q#")).toEqual(["q#a", "q#b", "q#c"]);
    expect(await table.keys(pk, "")).toEqual(["q#a", "q#b", "q#c", "r#a"]);
    expect(await table.keys(pk, "nothing#")).toEqual([]);
  });

  describe("WHEN changes depend on another item", () => {
    const fenceOf = (pk: string, owner: string): Fence => ({
      key: { pk, sk: "checkpoint" },
      when: [[{ attribute: "lease_owner", equals: owner }]],
    });

    it("THEN they are made while its condition holds: attributes are set, the others stay, items go", async () => {
      const { table, pk } = fresh();
      await table.update({ pk, sk: "checkpoint" }, { set: { lease_owner: "run" } });
      await table.update({ pk, sk: "q#a" }, { set: { keep: 1, replace: 1 } });
      await table.update({ pk, sk: "q#b" }, { set: { x: 1 } });

      const held = await table.changeWhile(fenceOf(pk, "run"), [
        { key: { pk, sk: "q#a" }, set: { replace: 2 } },
        { key: { pk, sk: "q#b" }, remove: true },
        { key: { pk, sk: "q#c" }, set: { x: 3, inner: { y: null } } },
        { key: { pk, sk: "q#never there" }, remove: true },
      ]);

      expect(held).toBe(true);
      expect(await table.query(pk, "q#")).toEqual([
        { pk, sk: "q#a", attributes: { keep: 1, replace: 2 } },
        { pk, sk: "q#c", attributes: { x: 3, inner: { y: null } } },
      ]);
      // The item that they depend on is as it was.
      expect(await attributesOf(table, pk, "checkpoint")).toEqual({ lease_owner: "run" });
    });

    it.each([
      ["holds no longer", { lease_owner: "another run" }],
      ["is of an attribute that is not there", { other: 1 }],
    ])("and its condition %s THEN nothing is changed", async (_, set) => {
      const { table, pk } = fresh();
      await table.update({ pk, sk: "checkpoint" }, { set });
      await table.update({ pk, sk: "q#b" }, { set: { x: 1 } });

      const held = await table.changeWhile(fenceOf(pk, "run"), [
        { key: { pk, sk: "q#a" }, set: { x: 2 } },
        { key: { pk, sk: "q#b" }, remove: true },
      ]);

      expect(held).toBe(false);
      expect(await table.query(pk, "q#")).toEqual([{ pk, sk: "q#b", attributes: { x: 1 } }]);
    });

    it("and it is not there THEN nothing is changed", async () => {
      const { table, pk } = fresh();

      expect(await table.changeWhile(fenceOf(pk, "run"), [{ key: { pk, sk: "q#a" }, set: { x: 1 } }])).toBe(
        false,
      );

      expect(await table.keys(pk, "")).toEqual([]);
    });

    it("and they are more than one transaction takes THEN all are made", async () => {
      const { table, pk } = fresh();
      await table.update({ pk, sk: "checkpoint" }, { set: { lease_owner: "run" } });
      const keys = Array.from({ length: 25 }, (_, index) => `q#${String(index).padStart(2, "0")}`);
      // As large as in quarantine: 14 of them are more than the 4 MB of a transaction, when they are removed too.
      const event = "€".repeat(100_000);

      expect(
        await table.changeWhile(
          fenceOf(pk, "run"),
          keys.map((sk) => ({ key: { pk, sk }, set: { event } })),
        ),
      ).toBe(true);
      expect(await table.keys(pk, "q#")).toEqual(keys);

      expect(
        await table.changeWhile(
          fenceOf(pk, "run"),
          keys.map((sk) => ({ key: { pk, sk }, remove: true as const })),
        ),
      ).toBe(true);
      expect(await table.keys(pk, "q#")).toEqual([]);
    });

    it("and there are none THEN nothing is asked of it", async () => {
      const { table, pk } = fresh();
      await table.update({ pk, sk: "checkpoint" }, { set: { lease_owner: "run" } });

      expect(await table.changeWhile(fenceOf(pk, "run"), [])).toBe(true);
    });
  });

  describe("WHEN bytes are stored", () => {
    it("THEN they are read as they were, as many as an item takes, and others are left out", async () => {
      const { table, pk } = fresh();
      const full = Uint8Array.from({ length: MAX_PIECE_BYTES }, (_, index) => (index * 7) % 256);
      await table.putBytes({ pk, sk: "full" }, full);
      await table.putBytes({ pk, sk: "one" }, Uint8Array.of(0));
      await table.update({ pk, sk: "no bytes" }, { set: { x: 1 } });

      const found = await table.readBytes(pk, ["one", "full", "missing", "no bytes"]);

      expect([...found.keys()].toSorted()).toEqual(["full", "one"]);
      expect([...(found.get("one") ?? [])]).toEqual([0]);
      expect(Buffer.compare(found.get("full") ?? new Uint8Array(), full)).toBe(0);
      expect(await table.readBytes(`${pk}x`, ["full"])).toEqual(new Map());
      expect(await table.readBytes(pk, [])).toEqual(new Map());
    });

    it("again under the same key THEN they replace the ones before", async () => {
      const { table, pk } = fresh();
      await table.putBytes({ pk, sk: "a" }, Uint8Array.of(1, 2, 3));
      await table.putBytes({ pk, sk: "a" }, Uint8Array.of(4));

      expect([...((await table.readBytes(pk, ["a"])).get("a") ?? [])]).toEqual([4]);
    });

    it("and deleted THEN they are gone", async () => {
      const { table, pk } = fresh();
      await table.putBytes({ pk, sk: "a" }, Uint8Array.of(1));

      await table.delete({ pk, sk: "a" });

      expect(await table.readBytes(pk, ["a"])).toEqual(new Map());
      expect(await table.keys(pk, "")).toEqual([]);
    });
  });

  it("WHEN many want the same lease at once THEN one gets it", async () => {
    const { table, pk } = fresh();

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, owner) =>
        table.update({ pk, sk: "a" }, { set: { owner }, when: [[{ attribute: "owner", absent: true }]] }),
      ),
    );

    expect(answers.filter((answer) => answer !== undefined)).toHaveLength(1);
  });
});

describe("GIVEN a state table in SQLite", () => {
  it("WHEN another connection holds the write lock THEN no update slips in between", async () => {
    const path = join(tables.directory, "shared.sqlite");
    const [one, other] = [new DatabaseSync(path, { timeout: 0 }), new DatabaseSync(path)];
    const table = new SqliteTable(one);
    await table.update({ pk: "p", sk: "s" }, { set: { n: 1 } });
    other.exec("BEGIN IMMEDIATE");

    await expect(table.update({ pk: "p", sk: "s" }, { set: { n: 3 } })).rejects.toThrow("database is locked");
    // What does not hold now may hold once the other one is done.
    const impossible = { set: { n: 3 }, when: [[{ attribute: "n", absent: true } as const]] };
    await expect(table.update({ pk: "p", sk: "s" }, impossible)).rejects.toThrow("database is locked");

    other.exec("COMMIT");
    expect(await table.update({ pk: "p", sk: "s" }, { set: { n: 2 } })).toEqual({ n: 2 });
    one.close();
    other.close();
  });

  it("WHEN a change of many fails THEN none of them is made", async () => {
    const database = new DatabaseSync(":memory:");
    const table = new SqliteTable(database);
    await table.update({ pk: "p", sk: "checkpoint" }, { set: { lease_owner: "run" } });
    const loop: Record<string, unknown> = {};
    loop["loop"] = loop;
    const fence = { key: { pk: "p", sk: "checkpoint" }, when: [] };

    await expect(
      table.changeWhile(fence, [
        { key: { pk: "p", sk: "a" }, set: { x: 1 } },
        { key: { pk: "p", sk: "b" }, set: loop as never },
      ]),
    ).rejects.toThrow("circular");

    expect(await table.keys("p", "")).toEqual(["checkpoint"]);
    database.close();
  });

  it("WHEN it is opened THEN the bytes of a run that sleeps for two months are still there", async () => {
    const database = new DatabaseSync(":memory:");
    await new SqliteTable(database).putBytes({ pk: "p#pieces", sk: "live#run#00" }, Uint8Array.of(1));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60 * 86_400_000 });

    const reopened = new SqliteTable(database);

    expect(await reopened.keys("p#pieces", "")).toEqual(["live#run#00"]);
    vi.useRealTimers();
    database.close();
  });

  it("WHEN it is opened THEN what has outlived its expires_at is gone, as DynamoDB's time to live would have it", async () => {
    const database = new DatabaseSync(":memory:");
    const table = new SqliteTable(database);
    const second = Math.floor(Date.now() / 1000);
    await table.update({ pk: "p", sk: "over" }, { set: { expires_at: second - 60 } });
    await table.update({ pk: "p", sk: "not yet" }, { set: { expires_at: second + 60 } });
    await table.update({ pk: "p", sk: "never" }, { set: { other: 1 } });

    const reopened = new SqliteTable(database);

    expect((await reopened.read("p", ["over", "not yet", "never"])).map(({ sk }) => sk)).toEqual([
      "not yet",
      "never",
    ]);
    database.close();
  });
});
