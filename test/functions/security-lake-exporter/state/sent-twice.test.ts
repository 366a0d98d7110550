import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkpointStateOf } from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";
import { OperatorCheckpoint } from "../../../../functions/security-lake-exporter/state/operator-checkpoint.js";
import type {
  Attributes,
  StateTable,
} from "../../../../functions/security-lake-exporter/state/state-table.js";
import { INTENT, LOG, MOVE, NO_BOUNDS } from "./checkpoints.js";
import { decorated } from "./decorated-table.js";
import { STATE_TABLES, type StateTables, startStateTables } from "./state-tables.js";

const KEY = "checkpoint";

let tables: StateTables;
beforeAll(async () => {
  tables = await startStateTables();
});
afterAll(() => tables.close());

/** Applies an update, loses the answer, lets something else happen, and sends the same update again, as the SDK does. */
function losingAnswers(table: StateTable, meanwhile: () => Promise<unknown>): StateTable {
  return {
    ...decorated(table),
    async update(key, update) {
      await table.update(key, update);
      await meanwhile();
      return await table.update(key, update);
    },
  };
}

const nothing = async () => undefined;

/** What is stored, but for the times at which it was. */
async function stored(table: StateTable, pk: string): Promise<Attributes> {
  const attributes = (await table.read(pk, [KEY]))[0]?.attributes ?? {};
  const times = ["updated_at", "last_success_at", "caught_up_at"];
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !times.includes(name)));
}

/** Every write of a checkpoint, and what a run has written before it. */
const WRITES: readonly {
  readonly name: string;
  readonly before: (checkpoint: OperatorCheckpoint) => Promise<unknown>;
  readonly write: (checkpoint: OperatorCheckpoint) => Promise<unknown>;
}[] = [
  { name: "acquire", before: nothing, write: (checkpoint) => checkpoint.acquire(1_000, 2_000) },
  {
    name: "begin",
    before: (checkpoint) => checkpoint.acquire(1_000, 2_000),
    write: (checkpoint) => checkpoint.begin(100, LOG),
  },
  { name: "fix", before: begun, write: (checkpoint) => checkpoint.fix(INTENT) },
  {
    name: "complete",
    before: async (checkpoint) => {
      await begun(checkpoint);
      await checkpoint.fix(INTENT);
    },
    write: (checkpoint) => checkpoint.complete({ ...INTENT, sequence: 1 }, NO_BOUNDS, 1_738_354_208_000),
  },
  {
    name: "move",
    before: begun,
    write: (checkpoint) =>
      checkpoint.move({ ...MOVE, from: 100 }, checkpointStateOf({ next_from: 100, first_from: 100 })),
  },
  {
    name: "move back to a window that is written again",
    before: begun,
    write: (checkpoint) =>
      checkpoint.move(
        { ...MOVE, from: 100, to: 50 },
        checkpointStateOf({ next_from: 100, first_from: 0 }),
        100,
      ),
  },
  {
    name: "begin of a backfill",
    before: (checkpoint) => checkpoint.acquire(1_000, 2_000),
    write: (checkpoint) => checkpoint.begin(100, LOG, { ranges: [{ from: 100, to: 150 }, { from: 180 }] }),
  },
  {
    name: "upgrade",
    before: begun,
    write: (checkpoint) =>
      checkpoint.upgrade(LOG, checkpointStateOf({ next_from: 100, sequence: 101 }), 1_738_354_208_000),
  },
  {
    name: "changeApi",
    before: begun,
    write: (checkpoint) =>
      checkpoint.changeApi(
        "v3.3",
        0,
        { since: 1_738_267_808_000, until: 900, sequence: 7 },
        checkpointStateOf({ next_from: 100, api: "v3.4" }),
      ),
  },
  {
    name: "completeRedrive",
    before: async (checkpoint) => {
      await begun(checkpoint);
      await checkpoint.fix({ ...INTENT, kind: "redrive" });
    },
    write: (checkpoint) => checkpoint.completeRedrive(),
  },
  {
    name: "abandon",
    before: async (checkpoint) => {
      await begun(checkpoint);
      await checkpoint.fix(INTENT);
    },
    write: (checkpoint) => checkpoint.abandon(MOVE, checkpointStateOf({ next_from: 100 })),
  },
  {
    name: "adopt",
    before: begun,
    write: (checkpoint) =>
      checkpoint.adopt("https://other.example", MOVE, checkpointStateOf({ next_from: 100 })),
  },
  {
    name: "chooseOverlap",
    before: begun,
    write: (checkpoint) =>
      checkpoint.chooseOverlap(1_738_267_808_000, MOVE, checkpointStateOf({ next_from: 100 })),
  },
  {
    name: "restore",
    before: begun,
    write: (checkpoint) =>
      checkpoint.restore(
        { from: 500, to: 560, firstFrom: 0, redriven: ["507"], cursors: { "v3.3": 900 } },
        MOVE,
        checkpointStateOf({ next_from: 100, first_from: 100 }),
        [{ from: 0, to: 100 }],
      ),
  },
  { name: "succeed", before: begun, write: (checkpoint) => checkpoint.succeed(true) },
  { name: "release", before: begun, write: (checkpoint) => checkpoint.release() },
];

async function begun(checkpoint: OperatorCheckpoint): Promise<void> {
  await checkpoint.acquire(1_000, 2_000);
  await checkpoint.begin(100, LOG);
}

describe.each(STATE_TABLES)("GIVEN a checkpoint in %s whose answers are lost", (place) => {
  const fresh = () => tables.fresh(place);

  it.each(WRITES)(
    "WHEN $name is sent again THEN it comes to the same as if it was sent once",
    async ({ before, write }) => {
      const once = fresh();
      const twice = fresh();
      for (const { table, pk } of [once, twice]) {
        await before(new OperatorCheckpoint({ table, pk }, "run"));
      }

      const answer = await write(new OperatorCheckpoint({ table: once.table, pk: once.pk }, "run"));
      const again = await write(
        new OperatorCheckpoint({ table: losingAnswers(twice.table, nothing), pk: twice.pk }, "run"),
      );

      expect(withoutTime(again)).toEqual(withoutTime(answer));
      expect(await stored(twice.table, twice.pk)).toEqual(await stored(once.table, once.pk));
    },
  );

  it.each(["succeed", "release"] as const)(
    "WHEN another run has taken the lease before %s is sent again THEN the run still ends well, and the other one continues",
    async (kind) => {
      const { table, pk } = fresh();
      await begun(new OperatorCheckpoint({ table, pk }, "run"));
      const other = new OperatorCheckpoint({ table, pk }, "another run");
      const losing = losingAnswers(table, () => other.acquire(1_000, 2_000));

      const run = new OperatorCheckpoint({ table: losing, pk }, "run");
      await (kind === "succeed" ? run.succeed(true) : run.release());

      expect(await stored(table, pk)).toMatchObject({ lease_owner: "another run", lease_until: 2_000 });
      await other.fix(INTENT);
      await other.release();
      expect((await stored(table, pk))["released_by"]).toBe("another run");
    },
  );

  it("WHEN a run that has lost its lease to another one succeeds THEN that is still refused", async () => {
    const { table, pk } = fresh();
    await begun(new OperatorCheckpoint({ table, pk }, "run"));
    const other = new OperatorCheckpoint({ table, pk }, "another run");
    await other.acquire(2_001, 3_000);

    await expect(new OperatorCheckpoint({ table, pk }, "run").succeed(true)).rejects.toThrow(
      `Run run no longer holds the lease of ${pk}`,
    );
    await other.release();
    await expect(new OperatorCheckpoint({ table, pk }, "run").release()).rejects.toThrow(
      "no longer holds the lease",
    );
  });
});

/** An answer, but for the time of the write. */
function withoutTime(answer: unknown): unknown {
  return typeof answer === "object" && answer !== null ? { ...answer, updatedAt: undefined } : answer;
}
