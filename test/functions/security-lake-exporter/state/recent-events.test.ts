import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkpointStateOf } from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";
import { RecentEvents } from "../../../../functions/security-lake-exporter/state/recent-events.js";
import { STATE_TABLES, type StateTables, startStateTables } from "./state-tables.js";

let tables: StateTables;
beforeAll(async () => {
  tables = await startStateTables();
});
afterAll(() => tables.close());

/** A window with one event of that id, whose digest and identity are named after it. */
function window(sequence: number, id: number, api = "v3.4") {
  const events = [{ key: String(id), digest: `d${id}`, identity: `i${id}` }];
  return { sequence, api, events, newestTime: 0 };
}

function at(sequence: number, forgetBefore = 0) {
  return checkpointStateOf({ next_from: 0, api: "v3.4", sequence, forget_before: forgetBefore });
}

describe.each(STATE_TABLES)("GIVEN recent events in %s", (place) => {
  /** Windows 1 to 3 of v3.4, and window 4 of another version. */
  async function stored() {
    const recent = new RecentEvents(tables.fresh(place));
    for (const keys of [window(1, 101), window(2, 102), window(3, 103), window(4, 9, "v3.3")]) {
      await recent.store(keys);
    }
    return recent;
  }

  it("THEN those of the present log are seen, with their digests", async () => {
    expect([...(await (await stored()).seen(at(4)))]).toEqual([
      ["101", "d101"],
      ["102", "d102"],
      ["103", "d103"],
    ]);
  });

  it("THEN the identities are those of every version", async () => {
    expect([...(await (await stored()).identities(at(4)))]).toEqual(["i101", "i102", "i103", "i9"]);
  });

  it("WHEN the cursor was moved back after window 2 THEN the events up to there count no longer", async () => {
    const recent = await stored();

    expect([...(await recent.seen(at(4, 2))).keys()]).toEqual(["103"]);
    expect([...(await recent.identities(at(4, 2)))]).toEqual(["i103", "i9"]);
  });

  it("WHEN window 3 was abandoned before it was complete THEN its events do not count: they come again", async () => {
    const recent = await stored();

    expect([...(await recent.seen(at(2))).keys()]).toEqual(["101", "102"]);
    expect([...(await recent.identities(at(2)))]).toEqual(["i101", "i102"]);
  });

  it("WHEN an operator has written something else among them THEN it is passed over", async () => {
    const state = tables.fresh(place);
    const recent = new RecentEvents(state);
    await recent.store(window(1, 101));
    await state.table.update(
      { pk: state.pk, sk: "recent#live#0000000000000002#x" },
      { set: { moves: "[]" } },
    );

    expect([...(await recent.seen(at(4))).keys()]).toEqual(["101"]);
  });
});
