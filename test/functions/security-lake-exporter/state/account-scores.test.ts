import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AccountScores } from "../../../../functions/security-lake-exporter/state/account-scores.js";
import { STATE_TABLES, type StateTables, startStateTables } from "./state-tables.js";

let tables: StateTables;
beforeAll(async () => {
  tables = await startStateTables();
});
afterAll(() => tables.close());

/** Scores before the window after that sequence number. */
const scoresAt = async (scores: AccountScores, sequence: number, ids: readonly number[], forgetBefore = 0) =>
  Object.fromEntries(await scores.before({ sequence, forgetBefore }, new Set(ids)));

describe.each(STATE_TABLES)("account scores in %s", (place) => {
  const fresh = () => new AccountScores(tables.fresh(place));

  it("are unknown before they are stored", async () => {
    expect(await scoresAt(fresh(), 7, [1, 2])).toEqual({});
  });

  it("are those of the last window that has the account", async () => {
    const scores = fresh();
    await scores.store(1, [[1, 40]]);
    await scores.store(2, [
      [1, 70],
      [2, 10],
    ]);

    expect(await scoresAt(scores, 2, [1, 2, 3])).toEqual({ 1: 70, 2: 10 });
    expect(await scoresAt(scores, 3, [1, 2, 3])).toEqual({ 1: 70, 2: 10 });
  });

  it("are unknown to a run that has been overtaken", async () => {
    const scores = fresh();
    await scores.store(2, [[1, 70]]);

    expect(await scoresAt(scores, 1, [1])).toEqual({});
  });

  it("are not moved by storing a window twice, or by a run that was overtaken", async () => {
    const scores = fresh();
    await scores.store(1, [[1, 40]]);
    await scores.store(2, [[1, 70]]);
    await scores.store(2, [[1, 70]]);
    await scores.store(1, [[1, 40]]);

    expect(await scoresAt(scores, 2, [1])).toEqual({ 1: 70 });
  });

  it("of a window that is written again with other events stay as they were stored first", async () => {
    const scores = fresh();
    await scores.store(2, [[1, 70]]);
    await scores.store(2, [[1, 30]]);

    expect(await scoresAt(scores, 2, [1])).toEqual({ 1: 70 });
  });

  it("from before the cursor was moved back are unknown, until the account has an event again", async () => {
    const scores = fresh();
    await scores.store(1, [
      [1, 40],
      [2, 20],
    ]);
    await scores.store(2, [[1, 70]]);

    // The move had sequence number 3.
    expect(await scoresAt(scores, 3, [1, 2], 3)).toEqual({});
    await scores.store(4, [[1, 40]]);
    expect(await scoresAt(scores, 4, [1, 2], 3)).toEqual({ 1: 40 });
  });

  it("of an older release, which stored them as of a cursor, are those before the first window", async () => {
    const { table, pk } = tables.fresh(place);
    await table.update(
      { pk, sk: "score#1" },
      { set: { score: 40, as_of: 4865, previous_score: 10, previous_as_of: 4800 } },
    );
    const scores = new AccountScores({ table, pk });

    // Its sequence begins at its cursor.
    expect(await scoresAt(scores, 4865, [1])).toEqual({ 1: 40 });
    await scores.store(4866, [[1, 70]]);
    expect(await scoresAt(scores, 4866, [1])).toEqual({ 1: 70 });
  });

  it("are read in full when there are more than DynamoDB gives at once", async () => {
    const scores = fresh();
    const ids = Array.from({ length: 230 }, (_, index) => index + 1);
    await scores.store(
      1,
      ids.map((id) => [id, id % 100]),
    );

    const found = await scores.before({ sequence: 1, forgetBefore: 0 }, new Set(ids));

    expect(found.size).toBe(230);
    expect(found.get(199)).toBe(99);
  });
});
