import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalState } from "../../../../cli/exporters/local/local-state.js";
import type { Attributes } from "../../../../functions/security-lake-exporter/state/state-table.js";
import { personWhoSays, vectraCdr } from "../../command-line.js";

const ME = `${userInfo().username}@${hostname()}`;
const JOB = "backfill-20260101T000000Z-20260102T000000Z";
const RANGE = ["--from", "2026-01-01", "--to", "2026-01-02"];
/** A pointer to a window from 4865 to 4900, prepared for another place. */
const INTENT = {
  ...{ kind: "live", from: 4865, to: 4900, events: 7, run: "0c9f", pieces: 1, digest: "aa" },
  ...{ location: "region=elsewhere/", event_class: "SECURITY_FINDING" },
};

let folder: string;
let lake: string;

/** An export at 4865, and a backfill of a day at 120. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "checkpoint "));
  lake = join(folder, "lake");
  const state = LocalState.open(lake);
  state.remember("acme", { url: "https://123123123123.uw2.portal.vectra.ai" });
  state.close();
  await change("checkpoint", { first_from: 0, next_from: 4865, api: "v3.4" });
  await change(`checkpoint#${JOB}`, { first_from: 0, next_from: 120, api: "v3.4" });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a run does to a checkpoint. */
async function change(sk: string, attributes: Attributes): Promise<void> {
  const state = LocalState.open(lake);
  await state.table.update({ pk: "acme#v3.4", sk }, { set: attributes });
  state.close();
}

const abandoned = (...options: string[]) =>
  vectraCdr(["checkpoint", "abandon", "--lake", lake, "--reason", "the lake has moved", ...options]);

async function status() {
  return JSON.parse((await vectraCdr(["status", "--lake", lake, "--json"])).out).tenants[0];
}

describe("GIVEN an unfinished window", () => {
  beforeEach(() => change("checkpoint", { intent: INTENT }));

  it("WHEN it is abandoned THEN the next run reads the same window again, and the note says so", async () => {
    expect(await abandoned("--yes")).toEqual({
      code: 0,
      err: "",
      out: `acme: unfinished window from 4865 to 4900 abandoned by ${ME}; reason recorded\n`,
    });

    expect(await status()).toMatchObject({
      cursor: 4865,
      unfinishedWindow: null,
      writesAgainTo: 4900,
      lease: null,
    });
    const { out } = await vectraCdr(["checkpoint", "show", "--lake", lake, "--json"]);
    expect(JSON.parse(out).checkpoints[0].moves).toMatchObject([
      { by: ME, reason: "the lake has moved", from: 4865, to: 4865, givenUpTo: 4900 },
    ]);
  });

  it("WHEN a person is asked THEN the question says what may be in the lake", async () => {
    const person = personWhoSays("n");

    const { err } = await vectraCdr(
      ["checkpoint", "abandon", "--lake", lake, "--reason", "the lake has moved"],
      person,
    );

    expect(person.asked).toEqual([
      `Abandon the unfinished window from 4865 to 4900 of acme? Part of it may already be in region=elsewhere/ of folder ${lake}, in objects named ` +
        "vectra-acme-v3.4-4865-4900.zstd.parquet. The next run prepares the same window again, and replaces them where it writes to the " +
        "same place. [y/N] ",
    ]);
    expect(err).toBe("error: Not confirmed: nothing was changed.\n");
    expect(await status()).toMatchObject({
      unfinishedWindow: { kind: "window", from: 4865, to: 4900, events: 7 },
    });
  });

  it("WHEN JSON is asked for THEN it is one document", async () => {
    expect(JSON.parse((await abandoned("--yes", "--json")).out)).toEqual({
      tenant: "acme",
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      by: ME,
      reason: "the lake has moved",
      kind: "live",
      from: 4865,
      to: 4900,
    });
  });

  it("WHEN a run finishes it while the person thinks THEN nothing is changed", async () => {
    const person = {
      ...personWhoSays("y"),
      answer: async () => {
        await change("checkpoint", { intent: { ...INTENT, run: "another" } });
        return "y";
      },
    };

    const { err } = await vectraCdr(["checkpoint", "abandon", "--lake", lake, "--reason", "r"], person);

    expect(err).toBe(
      "error: A run of acme has begun or finished work in the meantime. Nothing was changed; check again.\n",
    );
    expect(await status()).toMatchObject({ unfinishedWindow: { from: 4865 } });
  });

  it("WHEN a run holds the lease THEN nothing is changed", async () => {
    await change("checkpoint", { lease_owner: "somebody", lease_until: Date.now() + 60_000 });

    const { code, err } = await abandoned("--yes");

    expect(code).toBe(1);
    expect(err).toContain("A run of acme is in progress in folder ");
    expect(await status()).toMatchObject({ unfinishedWindow: { from: 4865 } });
  });
});

it("GIVEN a backfill's unfinished window WHEN it is abandoned by its range THEN the live export is untouched", async () => {
  await change(`checkpoint#${JOB}`, { intent: { ...INTENT, kind: "backfill", from: 120, to: 150 } });
  const person = personWhoSays("y");

  const { code } = await vectraCdr(
    ["checkpoint", "abandon", "--lake", lake, "--reason", "r", ...RANGE],
    person,
  );

  expect(code).toBe(0);
  expect(person.asked[0]).toContain(`in objects named vectra-acme-v3.4-${JOB}-120-150.zstd.parquet.`);
  expect(await status()).toMatchObject({
    writesAgainTo: null,
    backfills: [{ cursor: 120, unfinishedWindow: null, writesAgainTo: 150 }],
  });
});

it("GIVEN an unfinished redrive WHEN it is abandoned THEN no window is written again", async () => {
  await change("checkpoint", { intent: { ...INTENT, kind: "redrive", to: 4865 } });
  expect((await vectraCdr(["status", "--lake", lake])).out).toContain(
    "  unfinished    redrive, 7 events: the next run finishes it first\n",
  );
  const person = personWhoSays("y");

  const { out } = await vectraCdr(["checkpoint", "abandon", "--lake", lake, "--reason", "r"], person);

  expect(person.asked[0]).toContain(
    "The events stay in quarantine; the next redrive replaces those objects.",
  );
  expect(out).toBe(`acme: unfinished redrive abandoned by ${ME}; reason recorded\n`);
  expect(await status()).toMatchObject({ unfinishedWindow: null, writesAgainTo: null });
});

it.each([
  [[], 1, "error: The export of acme has no unfinished work. Nothing was changed.\n"],
  [RANGE, 1, `error: The ${JOB} of acme has no unfinished work. Nothing was changed.\n`],
  [["--from", "2026-01-01"], 2, "A backfill is named by its range: pass both --from and --to."],
  [["--reason", " "], 2, "--reason is empty: say why"],
])("GIVEN no unfinished work WHEN %j is abandoned THEN the error says so", async (options, code, part) => {
  const outcome = await abandoned("--yes", ...options);

  expect([outcome.code, outcome.out]).toEqual([code, ""]);
  expect(outcome.err).toContain(part);
});
