import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Checkpoint } from "../../../../functions/security-lake-exporter/state/checkpoint.js";
import { Pieces } from "../../../../functions/security-lake-exporter/state/pieces.js";
import { INTENT, LOG } from "../state/checkpoints.js";
import { STATE_TABLES, type StateTables, startStateTables } from "../state/state-tables.js";
import { exporterOf, type LogTenant, scored, settingsOf, startLogTenant, TERMS } from "./log-tenant.js";
import { MemoryLake } from "./memory-lake.js";

const BACKFILL = "backfill-20260101T000000Z-20260102T000000Z";
const BYTES = Uint8Array.of(1, 2, 3);

let tables: StateTables;
let tenant: LogTenant;
beforeAll(async () => {
  tables = await startStateTables();
});
beforeEach(async () => {
  tenant = await startLogTenant({ "v3.4": [scored(10, 1, "2026-02-01T12:00:00Z")] });
});
afterEach(() => tenant.close());
afterAll(() => tables.close());

describe.each(STATE_TABLES)("GIVEN pieces in %s that crashed runs have left", (place) => {
  function fresh() {
    const { table, pk } = tables.fresh(place);
    const name = pk.replace("#v3.4", "");
    const backfill = { table, pk, job: BACKFILL };
    return {
      table,
      pk,
      live: new Pieces({ table, pk }),
      backfill: new Pieces(backfill),
      lease: new Checkpoint(backfill, "the backfill"),
      left: () => table.keys(`${name}#pieces`, ""),
      run: () => exporterOf(table, new MemoryLake()).exportNewEvents(settingsOf(tenant, { name }), TERMS),
      redrive: () => exporterOf(table, new MemoryLake()).redrive(settingsOf(tenant, { name }), TERMS),
      runBackfill: () =>
        exporterOf(table, new MemoryLake()).backfill(
          settingsOf(tenant, { name }),
          {
            range: { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" },
            allowOverlap: true,
            estimate: false,
          },
          TERMS,
        ),
    };
  }

  it("WHEN the next run of the live export ends THEN its own are gone", async () => {
    const { live, left, run } = fresh();
    await live.store("crashed", BYTES);

    expect(await run()).toMatchObject({ eventsWritten: 1 });

    expect(await left()).toEqual([]);
  });

  it("WHEN a backfill was abandoned, and its lease is over or was given back THEN its own are gone too", async () => {
    const { backfill, lease, left, run, table, pk } = fresh();
    await backfill.store("crashed", BYTES);
    await lease.acquire(1_000, 2_000);
    await lease.begin(0, LOG);

    await run();

    expect(await left()).toEqual([]);
    const [item] = await table.read(pk, [`checkpoint#${BACKFILL}`]);
    expect(item?.attributes).toMatchObject({ next_from: 0, released_by: expect.stringMatching(/^test\//) });
    expect(item?.attributes).not.toHaveProperty("lease_owner");
  });

  it("WHEN a backfill sleeps, and holds its lease THEN its own stay, and it can still point at them", async () => {
    const { backfill, lease, left, run } = fresh();
    await lease.acquire(Date.now(), Date.now() + 60_000);
    await lease.begin(100, LOG);
    await backfill.store("asleep", BYTES);

    await run();

    expect(await left()).toEqual([`${BACKFILL}#asleep#00`]);
    await lease.fix({ ...INTENT, kind: "backfill", run: "asleep" });
  });

  it("WHEN a backfill has slept longer than its lease THEN its own are gone, and it can no longer point at them", async () => {
    const { backfill, lease, left, run } = fresh();
    await lease.acquire(1_000, 2_000);
    await lease.begin(100, LOG);
    await backfill.store("asleep", BYTES);

    await run();

    expect(await left()).toEqual([]);
    await expect(lease.fix({ ...INTENT, kind: "backfill", run: "asleep" })).rejects.toThrow(
      "Run the backfill no longer holds the lease of",
    );
  });

  it("WHEN a backfill has died with an intent THEN its own stay, whenever it is continued", async () => {
    const { backfill, lease, left, run, table, pk } = fresh();
    await lease.acquire(1_000, 2_000);
    await lease.begin(100, LOG);
    const stored = await backfill.store("crashed", BYTES);
    await lease.fix({ ...INTENT, ...stored, kind: "backfill" });
    const before = await table.read(pk, [`checkpoint#${BACKFILL}`]);

    await run();
    await run();

    expect(await left()).toEqual([`${BACKFILL}#crashed#00`]);
    expect(await table.read(pk, [`checkpoint#${BACKFILL}`])).toEqual(before);
  });

  it("WHEN a backfill ends THEN only its own are gone", async () => {
    const { live, backfill, left, run, runBackfill } = fresh();
    await run();
    await live.store("crashed", BYTES);
    await backfill.store("crashed", BYTES);

    await runBackfill();

    expect(await left()).toEqual(["live#crashed#00"]);
  });
});
