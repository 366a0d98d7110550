import { describe, expect, it } from "vitest";
import { type ObjectName, parseObjectName } from "../../../../facts/object-names.js";
import { restOfGap, restorationOf } from "../../../../functions/security-lake-exporter/run/restoration.js";
import { checkpointStateOf } from "../../../../functions/security-lake-exporter/state/checkpoint-state.js";
import type { Attributes } from "../../../../functions/security-lake-exporter/state/state-table.js";

const JOB = "backfill-20260101T000000Z-20260102T000000Z";
const LOST = checkpointStateOf({});
const ACME = { tenant: "acme", api: "v3.4", pk: "acme#v3.4" };

/** Names of objects of acme, after `vectra-acme-`. */
function objects(...names: readonly string[]): readonly ObjectName[] {
  return names
    .map((name) => parseObjectName(`vectra-acme-${name}.zstd.parquet`))
    .filter((name) => name !== undefined);
}

/** A checkpoint of v3.4. */
function at(cursor: number, others: Attributes = {}) {
  return checkpointStateOf({ next_from: cursor, first_from: 0, api: "v3.4", ...others });
}

describe("GIVEN the names of a lake's objects", () => {
  const lake = objects("v3.4-50-100", "v3.4-100-200", "v3.4-200-260", `v3.4-${JOB}-300-400`);

  it("WHEN the checkpoint is lost THEN the newest window is written again, and the first one is known", () => {
    expect(restorationOf(lake, ACME, LOST)).toEqual({
      from: 200,
      to: 260,
      firstFrom: 50,
      redriven: [],
      cursors: {},
    });
  });

  it.each([
    ["at the beginning of the newest window", at(200)],
    ["before it", at(60)],
    ["within it, because windows have been others before", at(250)],
  ])("WHEN the checkpoint is %s THEN that window is written again", (_, state) => {
    expect(restorationOf(lake, ACME, state)).toMatchObject({ from: 200, to: 260 });
  });

  it.each([
    ["at its end", at(260)],
    ["behind it, where windows had nothing to write", at(300)],
    [
      "at its beginning, with that very window as the intent",
      at(200, {
        intent: {
          ...{ kind: "live", from: 200, to: 260, events: 1, run: "r", pieces: 1, digest: "d" },
          ...{ location: "l", event_class: "c" },
        },
      }),
    ],
    ["restored already", at(200, { redo_to: 260 })],
  ])("WHEN the checkpoint is %s THEN there is nothing to restore", (_, state) => {
    expect(restorationOf(lake, ACME, state)).toBeUndefined();
  });

  it("WHEN two windows end at the same cursor THEN the wider one is written again", () => {
    expect(restorationOf([...lake, ...objects("v3.4-150-260")], ACME, LOST)).toMatchObject({
      from: 150,
      to: 260,
    });
  });

  it("WHEN a lost backfill was of a gap THEN what is left of it ends at the next live window", () => {
    const gap = objects("v3.4-50-100", `v3.4-${JOB}-100-150`, "v3.4-300-400", "v3.4-400-500");
    const restoration = restorationOf(gap, { ...ACME, job: JOB }, LOST);

    expect(restoration).toMatchObject({ from: 100, to: 150 });
    expect(restoration && restOfGap(gap, ACME, restoration)).toEqual([{ from: 150, to: 300 }]);
  });

  it("WHEN a lost backfill was of events before the live export THEN there is no gap", () => {
    const history = objects(`v3.4-${JOB}-0-40`, "v3.4-50-100", "v3.4-100-200");
    const restoration = restorationOf(history, { ...ACME, job: JOB }, LOST);

    expect(restoration && restOfGap(history, ACME, restoration)).toEqual([]);
  });

  it("WHEN a backfill is asked for THEN only its own windows count", () => {
    expect(restorationOf(lake, { ...ACME, job: JOB }, at(0))).toMatchObject({
      from: 300,
      to: 400,
      firstFrom: 300,
    });
  });

  it("WHEN an event of the window was redriven THEN its key is known, by the name of its object", () => {
    // SHA-256 of quarantine#0000000000000200#207, and of quarantine#0000000000000100#207: of another window.
    const redriven = objects("v3.4-redrive-7d3969a47962fca6", "v3.4-redrive-b5ca0b0cfe8d4a94");

    expect(restorationOf([...lake, ...redriven], ACME, LOST)?.redriven).toEqual(["207"]);
  });

  it("WHEN the export, whose state is lost, began with another version THEN a redriven event's key is known too", () => {
    // SHA-256 of quarantine#v3.4#0000000000000200#208.
    const redriven = objects("v3.4-redrive-12890206ad9965f2");

    expect(restorationOf([...lake, ...redriven], ACME, LOST)?.redriven).toEqual(["208"]);
  });
});

describe("GIVEN objects of two versions of the API", () => {
  const lake = objects("v3.3-10-900", "v3.4-0-100");

  it("WHEN the checkpoint is lost and no version is named THEN that is refused, because nothing says which one was the last", () => {
    expect(() => restorationOf(lake, ACME, LOST)).toThrow(
      "The lake holds objects of acme of v3.3 and v3.4 of the events API. Nothing was changed. Name the version that the export used last, with --api",
    );
  });

  it("WHEN the checkpoint is lost THEN the named version continues, and the other one's cursor is kept", () => {
    expect(restorationOf(lake, { ...ACME, isChosen: true }, LOST)).toMatchObject({
      from: 0,
      to: 100,
      cursors: { "v3.3": 900 },
    });
  });

  it("WHEN the checkpoint knows the other version's cursor THEN its own version counts", () => {
    expect(restorationOf(lake, ACME, at(0, { cursors: { "v3.3": 900 } }))).toMatchObject({
      to: 100,
      cursors: { "v3.3": 900 },
    });
  });

  it("WHEN the checkpoint is from before the change THEN that is refused with the ways out", () => {
    const before = checkpointStateOf({ next_from: 900, first_from: 0, api: "v3.3" });

    expect(() => restorationOf(lake, ACME, before)).toThrow(
      "The newest objects of acme are of v3.4 of the events API, and the checkpoint is of v3.3: cursors of two versions cannot be compared. " +
        "Nothing was changed. Restore the table to a time after the change to v3.4. Or configure v3.4, and choose a time one second after the newest " +
        'record in the lake: vectra-cdr checkpoint overlap --since <time> --reason "<why>".',
    );
  });

  it("WHEN the checkpoint is lost and a version without objects is configured THEN that is refused", () => {
    expect(() => restorationOf(objects("v3.3-10-900"), ACME, LOST)).toThrow(
      "The objects of acme are of v3.3 of the events API, and v3.4 is configured. Nothing was changed. Configure v3.3 first.",
    );
  });
});
