import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Checkpoint } from "../../../../functions/security-lake-exporter/state/checkpoint.js";
import { Pieces } from "../../../../functions/security-lake-exporter/state/pieces.js";
import { decorated } from "./decorated-table.js";
import { STATE_TABLES, type StateTables, startStateTables } from "./state-tables.js";

const BACKFILL = "backfill-20260101T000000Z-20260201T000000Z";
/** More than two pieces of 350,000 bytes. */
const BYTES = Uint8Array.from({ length: 700_001 }, (_, index) => (index * 31) % 251);

let tables: StateTables;
beforeAll(async () => {
  tables = await startStateTables();
});
afterAll(() => tables.close());

describe.each(STATE_TABLES)("pieces in %s", (place) => {
  /** The pieces of the live export and of a backfill, and where they are. */
  function fresh() {
    const { table, pk } = tables.fresh(place);
    return {
      table,
      pk,
      piecesKey: pk.replace("#v3.4", "#pieces"),
      live: new Pieces({ table, pk }),
      backfill: new Pieces({ table, pk, job: BACKFILL }),
    };
  }

  /** The same, where a run holds the lease. */
  async function held() {
    const places = fresh();
    const checkpoint = new Checkpoint(places, "run");
    await checkpoint.acquire(1_000, 2_000);
    return { ...places, checkpoint, fence: checkpoint.fence };
  }

  it("that crashed runs left stay where another run has taken the lease since: they may be its own", async () => {
    const { table, pk, piecesKey, live, fence } = await held();
    await live.store("run-2", Uint8Array.of(1));
    await new Checkpoint({ table, pk }, "another run").acquire(2_001, 3_000);

    await live.deleteOrphans(fence);

    expect(await table.keys(piecesKey, "")).toEqual(["live#run-2#00"]);
  });

  it("that cannot be deleted are left to the next run, and this one continues", async () => {
    const { table, pk, piecesKey } = fresh();
    const failing = new Pieces({
      table: { ...decorated(table), delete: () => Promise.reject(new Error("down")) },
      pk,
    });
    const stored = await failing.store("run-1", Uint8Array.of(1));

    failing.deleteMeanwhile(stored);
    await failing.deleted();

    expect(await table.keys(piecesKey, "")).toEqual(["live#run-1#00"]);
  });

  it("hold bytes of any length, under a hash key of their own and the key of the run", async () => {
    const { table, pk, piecesKey, live } = fresh();

    const stored = await live.store("run-1", BYTES);

    expect(stored).toEqual({
      run: "run-1",
      pieces: 3,
      digest: createHash("sha256").update(BYTES).digest("hex"),
    });
    expect(await table.keys(piecesKey, "")).toEqual(["live#run-1#00", "live#run-1#01", "live#run-1#02"]);
    expect(await table.keys(pk, "")).toEqual([]);
    const sizes = [
      ...(await table.readBytes(piecesKey, ["live#run-1#00", "live#run-1#01", "live#run-1#02"])).values(),
    ];
    expect(sizes.map(({ byteLength }) => byteLength).toSorted((a, b) => b - a)).toEqual([
      350_000, 350_000, 1,
    ]);
    expect(Buffer.compare(await live.read(stored), BYTES)).toBe(0);
  });

  it("are read in their order, also where there are more than ten of them", async () => {
    const { live } = fresh();
    const bytes = Uint8Array.from({ length: 3_600_000 }, (_, index) => Math.floor(index / 350_000));

    const stored = await live.store("run-1", bytes);

    expect(stored.pieces).toBe(11);
    expect(Buffer.compare(await live.read(stored), bytes)).toBe(0);
  });

  it("of which one is missing are not read, and the error says what to do", async () => {
    const { table, pk, piecesKey, live } = fresh();
    const stored = await live.store("run-1", BYTES);
    await table.delete({ pk: piecesKey, sk: "live#run-1#01" });

    await expect(live.read(stored)).rejects.toThrow(
      `An earlier run of ${pk} has prepared work that cannot be completed: 1 of its 3 pieces are missing. Nothing was written, and part ` +
        'of it may be in the lake already. To give it up: vectra-cdr checkpoint abandon --reason "<why>". The next run then reads ' +
        "the same window again, and replaces what is in the lake of it.",
    );
  });

  it("of a backfill that are missing are given up by its range", async () => {
    const { table, piecesKey, backfill } = fresh();
    const stored = await backfill.store("run-1", Uint8Array.of(1));
    await table.delete({ pk: piecesKey, sk: `${BACKFILL}#run-1#00` });

    await expect(backfill.read(stored)).rejects.toThrow(
      'To give it up: vectra-cdr checkpoint abandon --reason "<why>" --from 2026-01-01T00:00:00Z --to 2026-02-01T00:00:00Z. The next run',
    );
  });

  it.each([
    ["another byte", (bytes: Uint8Array) => bytes.with(7, 255)],
    ["a byte fewer", (bytes: Uint8Array) => bytes.subarray(1)],
    ["a byte more", (bytes: Uint8Array) => Uint8Array.of(...bytes.subarray(0, 10), 1)],
  ])("of which one has %s are not read", async (_, change) => {
    const { table, piecesKey, live } = fresh();
    const stored = await live.store("run-1", BYTES);
    await table.putBytes(
      { pk: piecesKey, sk: "live#run-1#02" },
      change(Uint8Array.from(BYTES.subarray(0, 100))),
    );

    await expect(live.read(stored)).rejects.toThrow(
      "has prepared work that cannot be completed: its pieces have changed. Nothing was written",
    );
  });

  it("that are exchanged are not read", async () => {
    const { table, piecesKey, live } = fresh();
    const stored = await live.store("run-1", BYTES);
    await table.putBytes({ pk: piecesKey, sk: "live#run-1#00" }, BYTES.subarray(350_000, 700_000));
    await table.putBytes({ pk: piecesKey, sk: "live#run-1#01" }, BYTES.subarray(0, 350_000));

    await expect(live.read(stored)).rejects.toThrow("its pieces have changed");
  });

  it("of another run are no substitute", async () => {
    const { live } = fresh();
    const stored = await live.store("run-1", Uint8Array.of(1));
    await live.store("run-2", Uint8Array.of(1));

    live.deleteMeanwhile(stored);
    await live.deleted();

    await expect(live.read(stored)).rejects.toThrow("1 of its 1 pieces are missing");
  });

  it("are deleted with their run, and those of other runs stay", async () => {
    const { table, piecesKey, live } = fresh();
    const stored = await live.store("run-1", BYTES);
    await live.store("run-10", Uint8Array.of(1));

    live.deleteMeanwhile(stored);
    await live.deleted();

    expect(await table.keys(piecesKey, "")).toEqual(["live#run-10#00"]);
  });

  it("that crashed runs left are deleted for the export that asks, and the others' names are told", async () => {
    const { table, piecesKey, live, backfill, fence } = await held();
    await live.store("run-1", BYTES);
    await live.store("run-2", Uint8Array.of(1));
    await backfill.store("run-3", Uint8Array.of(1));

    expect(await live.deleteOrphans(fence)).toEqual(new Set([BACKFILL]));
    expect(await table.keys(piecesKey, "")).toEqual([`${BACKFILL}#run-3#00`]);

    await live.store("run-4", Uint8Array.of(1));
    expect(await backfill.deleteOrphans(fence)).toEqual(new Set(["live"]));
    expect(await table.keys(piecesKey, "")).toEqual(["live#run-4#00"]);
    expect(await live.deleteOrphans(fence)).toEqual(new Set());
    expect(await table.keys(piecesKey, "")).toEqual([]);
  });

  it("of one tenant are not another one's", async () => {
    const { live, fence } = await held();
    const other = fresh();
    await other.live.store("run-1", Uint8Array.of(1));

    expect(await live.deleteOrphans(fence)).toEqual(new Set());

    expect(await other.table.keys(other.piecesKey, "")).toEqual(["live#run-1#00"]);
  });
});
