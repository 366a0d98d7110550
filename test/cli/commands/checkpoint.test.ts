import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalState } from "../../../cli/exporters/local/local-state.js";
import type { Attributes } from "../../../functions/security-lake-exporter/state/state-table.js";
import { personWhoSays, startDesk, vectraCdr } from "../command-line.js";

const ME = `${userInfo().username}@${hostname()}`;

/** What every release stores of an unfinished window. */
const INTENT = { kind: "live", from: 4865, to: 4900, events: 7 };

const CHECKPOINT = { pk: "acme#v3.4", sk: "checkpoint" };

let folder: string;
let lake: string;

/** An export that has begun at 0 and is at 4865. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "checkpoint "));
  lake = join(folder, "lake");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-02-01T00:05:00Z") });
  const state = LocalState.open(lake);
  state.remember("acme", { url: "https://123123123123.uw2.portal.vectra.ai" });
  await state.table.update(CHECKPOINT, { set: { first_from: 0, next_from: 4865, last_keys: '["4864"]' } });
  state.close();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const set = (cursor: string, ...options: string[]) => [
  ...["checkpoint", "set", cursor, "--lake", lake, "--reason", "lost a partition"],
  ...options,
];

/** What a run does to the checkpoint. */
async function change(attributes: Attributes): Promise<void> {
  const state = LocalState.open(lake);
  await state.table.update(CHECKPOINT, { set: attributes });
  state.close();
}

async function shown(): Promise<string> {
  return (await vectraCdr(["checkpoint", "show", "--lake", lake])).out;
}

describe("GIVEN an export", () => {
  it("WHEN its checkpoint is shown THEN it says where the next run begins", async () => {
    expect(await shown()).toBe("acme: the next run begins at cursor 4865; the first run began at 0\n");
  });

  it("WHEN the cursor is moved THEN time, person and reason are noted", async () => {
    const { code, out } = await vectraCdr(set("4861", "--yes"));

    expect([code, out]).toEqual([0, `acme: cursor moved from 4865 to 4861 by ${ME}; reason recorded\n`]);
    expect((await shown()).split("\n")).toEqual([
      "acme: the next run begins at cursor 4861; the first run began at 0",
      `MOVED AT              ${"BY".padEnd(ME.length)}  FROM  TO    REASON`,
      `2026-02-01T00:05:00Z  ${ME}  4865  4861  lost a partition`,
      "",
    ]);
  });

  it("WHEN JSON is asked for THEN moving and showing answer with the same note", async () => {
    const move = { at: "2026-02-01T00:05:00.000Z", by: ME, reason: "lost a partition", from: 4865, to: 12 };

    const moved = await vectraCdr(set("12", "--yes", "--json"));
    const { out } = await vectraCdr(["checkpoint", "show", "--lake", lake, "--json"]);

    expect(JSON.parse(moved.out)).toEqual({ tenant: "acme", ...move });
    expect(JSON.parse(out)).toEqual({
      checkpoints: [{ tenant: "acme", cursor: 12, firstCursor: 0, moves: [move] }],
    });
  });

  it.each([
    [
      "12",
      "Events between the two are exported again; they will be in the lake twice unless they were removed from it.",
    ],
    ["5000", "Events between the two will be missing from the lake."],
  ])(
    "WHEN a person is asked about %s THEN the question says what it means, and y moves it",
    async (cursor, meaning) => {
      const person = personWhoSays("y");

      const { code } = await vectraCdr(set(cursor), person);

      expect(person.asked).toEqual([`Move the cursor of acme from 4865 to ${cursor}? ${meaning} [y/N] `]);
      expect(code).toBe(0);
      expect(await shown()).toContain(`begins at cursor ${cursor};`);
    },
  );

  it.each(["", "n", "yess"])("WHEN the person says '%s' THEN nothing is changed", async (answer) => {
    const { code, out, err } = await vectraCdr(set("12"), personWhoSays(answer));

    expect([code, out, err]).toEqual([1, "", "error: Not confirmed: nothing was changed.\n"]);
    expect(await shown()).toContain("begins at cursor 4865;");
  });

  it("WHEN nobody can be asked THEN --yes is wanted", async () => {
    const { code, err } = await vectraCdr(set("12"));

    expect(code).toBe(2);
    expect(err).toContain("No terminal to prompt on; pass --yes to confirm.");
    expect(await shown()).toContain("begins at cursor 4865;");
  });

  it.each([
    ["", { ...INTENT, run: "run", pieces: 1, digest: "0", location: "region=local/", event_class: "vectra" }],
    [" that an older release has left", { ...INTENT, last_event_id: 4899, settings: "{}" }],
  ])("WHEN a window%s is unfinished THEN the question says that it is given up", async (_, intent) => {
    const person = personWhoSays("y");
    await change({ intent });
    expect((await vectraCdr(["status", "--lake", lake])).out).toContain(
      "unfinished    window 4865 to 4900, 7 events: the next run finishes it first",
    );

    await vectraCdr(set("4865"), person);

    expect(person.asked[0]).toContain(
      "Leave the cursor of acme at 4865? The unfinished window from 4865 to 4900 is abandoned, and part of it may already be in the lake. " +
        "What is in the lake of that window will be there twice if it is exported again. [y/N] ",
    );
    expect((await vectraCdr(["status", "--lake", lake])).out).toContain("unfinished    none");
  });

  it.each([
    ["4865", "Leave the cursor of acme at 4865?", "left at 4865"],
    [
      "4900",
      "Move the cursor of acme from 4865 to 4900? Events between the two will be missing from the lake.",
      "moved from 4865 to 4900",
    ],
  ])(
    "WHEN a window is to be written again, and the cursor is set to %s, THEN question and answer say that it is given up",
    async (cursor, question, done) => {
      const person = personWhoSays("y");
      const givenUp =
        "The window from 4865 to 4900 is no longer written again as it was, and part of it may already be in the lake.";
      const twice = "What is in the lake of that window will be there twice if it is exported again.";
      await change({ redo_to: 4900 });

      const { out } = await vectraCdr(set(cursor), person);

      expect(person.asked).toEqual([`${question} ${givenUp} ${twice} [y/N] `]);
      expect(out).toBe(`acme: cursor ${done} by ${ME}; reason recorded. ${givenUp} ${twice}\n`);
      await change({ next_from: 4865, redo_to: 4900 });
      expect(JSON.parse((await vectraCdr(set(cursor, "--yes", "--json"))).out)).toMatchObject({
        warnings: [givenUp, twice],
      });
    },
  );

  it("WHEN a redrive is unfinished THEN the question does not speak of a window", async () => {
    const person = personWhoSays("n");
    await change({
      intent: {
        ...{ kind: "redrive", from: 4865, to: 4865, events: 7, run: "run", pieces: 1, digest: "0" },
        ...{ location: "region=local/", event_class: "vectra" },
      },
    });

    await vectraCdr(set("4865"), person);

    expect(person.asked).toEqual([
      "Leave the cursor of acme at 4865? The unfinished redrive is abandoned, and part of it may already be in the lake. Its events stay " +
        "in quarantine; the next redrive replaces those objects. [y/N] ",
    ]);
  });

  it("WHEN a run is at work THEN the cursor stays", async () => {
    await change({ lease_owner: "somebody", lease_until: Date.parse("2026-02-01T01:00:00Z") });

    const { code, err } = await vectraCdr(set("12", "--yes"));

    expect([code, await shown()]).toEqual([1, expect.stringContaining("cursor 4865")]);
    expect(err).toContain("A run of acme is in progress in folder ");
  });

  it("WHEN a run moves the cursor while the person thinks THEN it is not moved from where they saw it", async () => {
    const person = {
      ...personWhoSays("y"),
      answer: async () => {
        await change({ next_from: 4900 });
        return "y";
      },
    };

    const { err } = await vectraCdr(set("12"), person);

    expect(err).toContain(
      "A run has moved the cursor of acme from 4865 to 4900 in the meantime. Nothing was changed; check again.",
    );
    expect((await vectraCdr(["status", "--lake", lake])).out).toContain("lease         free");
  });

  it.each([
    [["checkpoint", "set", "x", "--reason", "r"], "Use a whole number from 0 to"],
    [["checkpoint", "set", "12"], "required option '--reason <text>' not specified"],
    [["checkpoint", "set", "12", "--reason", " "], "--reason is empty: say why"],
    [["checkpoint", "move", "12"], "unknown command 'move'"],
  ])("WHEN the command line is %j THEN the code is 2", async (parameters, part) => {
    const { code, out, err } = await vectraCdr([...parameters, "--lake", lake]);

    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(part);
  });
});

it("GIVEN an export WHEN its cursor is moved back THEN the next run exports those events again", async () => {
  const desk = await startDesk();
  const third = desk.tenant.events().at(-3)?.id;
  await vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url]);

  await vectraCdr(["checkpoint", "set", String(third), "--reason", "lost", "--yes", "--lake", desk.lake]);

  expect((await vectraCdr(["export", "--once", "--lake", desk.lake])).out).toContain(
    "3 events read, 3 written",
  );
  await desk.close();
});
