import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SqliteTable } from "../../../../cli/exporters/local/sqlite-table.js";
import type {
  Condition,
  StateTable,
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
