import { hostname, userInfo } from "node:os";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalState } from "../../../cli/exporters/local/local-state.js";
import { type Desk, personWhoSays, startDesk, vectraCdr } from "../command-line.js";

const ME = `${userInfo().username}@${hostname()}`;
/** Clears the screen and writes backwards. */
const HOSTILE = "\u001b[2J\u009b2J\u2028\u202e";

let desk: Desk;

/** A folder whose first event, 4807, could not be exported. */
beforeEach(async () => {
  desk = await startDesk();
  Object.assign(desk.tenant.events()[0] ?? {}, { event_timestamp: "yesterday" });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-02-01T00:05:00Z") });
  await vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url, "--tenant", "acme"]);
});
afterEach(async () => {
  vi.useRealTimers();
  await desk.close();
});

const quarantine = (...options: string[]) => vectraCdr(["quarantine", ...options, "--lake", desk.lake]);
const discard = (...options: string[]) =>
  quarantine("discard", "4807", "--reason", "a test of Vectra", ...options);

async function leaveBehind(sk: string, attributes: Record<string, string | number | boolean>): Promise<void> {
  const state = LocalState.open(desk.lake);
  await state.table.update({ pk: "acme#v3.4", sk }, { set: attributes });
  state.close();
}

describe("GIVEN an event in quarantine", () => {
  it("WHEN the quarantine is listed THEN it is a line with its reason", async () => {
    expect(await quarantine("list")).toEqual({
      code: 0,
      err: "",
      out: [
        "acme: 1 event in quarantine",
        "EVENT  SINCE                 REASON",
        "4807   2026-02-01T00:05:00Z  event.event_timestamp: Invalid ISO datetime",
        "",
      ].join("\n"),
    });
    expect(JSON.parse((await quarantine("list", "--json")).out)).toEqual({
      quarantine: [
        {
          tenant: "acme",
          events: [
            {
              event: "4807",
              quarantinedAt: "2026-02-01T00:05:00.000Z",
              reason: "event.event_timestamp: Invalid ISO datetime",
              inUnfinishedWindow: false,
            },
          ],
        },
      ],
    });
  });

  it("WHEN it is shown THEN it is there whole, as the tenant sent it", async () => {
    const { code, out } = await quarantine("show", "4807");
    const json = JSON.parse((await quarantine("show", "4807", "--json")).out);

    expect(code).toBe(0);
    expect(out).toMatch(
      /^event 4807 of acme\n {2}since {3}2026-02-01T00:05:00Z\n {2}reason {2}event\.event_timestamp: Invalid ISO datetime\n\{\n/,
    );
    expect(json).toMatchObject({
      tenant: "acme",
      events: [{ event: "4807", json: { id: 4807, event_timestamp: "yesterday" } }],
    });
  });

  it("WHEN it is discarded THEN it is gone from every list, redrive and status, and who did it and why is kept", async () => {
    expect(await discard("--yes")).toEqual({
      code: 0,
      err: "",
      out: `acme: 1 event discarded by ${ME}; reason recorded\n`,
    });

    expect((await quarantine("list")).out).toBe("acme: the quarantine is empty\n");
    expect(await vectraCdr(["redrive", "--lake", desk.lake])).toEqual({
      code: 0,
      err: "",
      out: "acme: the quarantine is empty\n",
    });
    expect((await vectraCdr(["status", "--lake", desk.lake])).out).toContain("  quarantine    0 events\n");
    expect(JSON.parse((await quarantine("list", "--discarded", "--json")).out)).toEqual({
      quarantine: [
        {
          tenant: "acme",
          discarded: [
            {
              key: "4807",
              quarantinedFor: "event.event_timestamp: Invalid ISO datetime",
              quarantinedAt: "2026-02-01T00:05:00.000Z",
              at: "2026-02-01T00:05:00.000Z",
              by: ME,
              reason: "a test of Vectra",
            },
          ],
        },
      ],
    });
    expect((await quarantine("list", "--discarded")).out).toMatch(
      /^acme: 1 event discarded\nEVENT {2}DISCARDED AT .*\n4807 {3}2026-02-01T00:05:00Z .*a test of Vectra\n$/,
    );
  });

  it("WHEN its time is over THEN the note is still there", async () => {
    await discard("--yes");
    vi.setSystemTime(Date.parse("2027-02-01T00:05:00Z"));

    expect((await quarantine("list", "--discarded")).out).toContain("4807   2026-02-01T00:05:00Z");
    expect((await quarantine("show", "4807")).code).toBe(1);
  });

  it("WHEN it comes into quarantine once more THEN that is to be decided again", async () => {
    await discard("--yes");
    vi.setSystemTime(Date.parse("2026-02-01T00:10:00Z"));
    await vectraCdr(["checkpoint", "set", "0", "--reason", "again", "--yes", "--lake", desk.lake]);
    await vectraCdr(["export", "--once", "--lake", desk.lake]);

    expect((await quarantine("list")).out).toContain("4807   2026-02-01T00:10:00Z");
  });

  it("WHEN a person is asked and says no, or nobody can be asked THEN it stays", async () => {
    const person = personWhoSays("no");
    const command = ["quarantine", "discard", "4807", "--reason", "why", "--lake", desk.lake];

    const refused = await vectraCdr(command, person);
    const alone = await discard();

    expect(person.asked).toEqual([
      "Discard 1 event of acme? Neither a run nor a redrive will export it. [y/N] ",
    ]);
    expect(refused).toMatchObject({ code: 1, err: "error: Not confirmed: nothing was changed.\n" });
    expect(alone).toMatchObject({ code: 2, err: expect.stringContaining("pass --yes to confirm.") });
    expect((await quarantine("list")).out).toContain("4807");
  });

  it("WHEN its window is not finished THEN it cannot be discarded, because it would come back", async () => {
    await vectraCdr(["checkpoint", "set", "0", "--reason", "again", "--yes", "--lake", desk.lake]);
    const state = LocalState.open(desk.lake);
    await state.table.update(
      { pk: "acme#v3.4", sk: "checkpoint" },
      { set: { intent: { from: 0, to: 4865, events: 36, last_event_id: 4864, settings: "{}" } } },
    );
    state.close();

    expect(await discard("--yes")).toMatchObject({
      code: 1,
      err:
        "error: Event 4807 belongs to an unfinished window, and the next run would quarantine it again. First finish the window with " +
        '"vectra-cdr export --once" (or the backfill).\n',
    });
  });

  it("WHEN a redrive is unfinished THEN it cannot be discarded, because the next run would write it", async () => {
    const state = LocalState.open(desk.lake);
    const intent = {
      ...{ kind: "redrive", from: 4865, to: 4865, events: 1, run: "0c9f", pieces: 1, digest: "aa" },
      ...{ location: "region=local/", event_class: "SECURITY_FINDING" },
    };
    await state.table.update({ pk: "acme#v3.4", sk: "checkpoint" }, { set: { intent } });
    state.close();

    expect(await discard("--yes")).toMatchObject({
      code: 1,
      err:
        "error: A redrive of acme is unfinished, and the next run would write its events. First finish it with " +
        '"vectra-cdr export --once".\n',
    });
    expect((await quarantine("list")).out).toContain("4807");
  });

  it("WHEN a run is in progress THEN it cannot be discarded", async () => {
    await leaveBehind("checkpoint", {
      lease_owner: "somebody",
      lease_until: Date.parse("2026-02-01T00:06:00Z"),
    });

    expect((await discard("--yes")).err).toContain("error: A run of acme is in progress in folder ");
    expect((await quarantine("list")).out).toContain("4807");
  });

  it.each([
    [
      "an event that is not there",
      ["discard", "17", "--reason", "why", "--yes"],
      1,
      "Event 17 is not in the quarantine of acme;",
    ],
    ["an empty reason", ["discard", "4807", "--reason", " ", "--yes"], 2, "--reason is empty:"],
    ["no reason", ["discard", "4807", "--yes"], 2, "required option '--reason <text>' not specified"],
    ["no event", ["show"], 2, "missing required argument 'event'"],
  ])("WHEN %s is given THEN that is refused", async (_, command, code, message) => {
    const outcome = await quarantine(...command);

    expect(outcome).toMatchObject({ code, out: "", err: expect.stringContaining(message) });
  });

  it("WHEN the usage is wrong THEN the help of this very command is named", async () => {
    const { err } = await quarantine("discard", "4807", "--reason", " ", "--yes");

    expect(err).toContain('Run "vectra-cdr quarantine discard --help" for usage.');
  });
});

it("GIVEN an item in quarantine without an event, as the right to move checkpoints can make one WHEN it is redriven THEN it becomes no finding", async () => {
  await leaveBehind("quarantine#0000000000000001#1", { next_from: 1, moves: "[]", updated_at: "now" });

  const { code, out } = await vectraCdr(["redrive", "--lake", desk.lake]);

  expect(code).toBe(1);
  expect(out).toMatch(/^acme: 0 events redriven, 2 still in quarantine\n/);
});

describe("GIVEN names, reasons and errors with control characters", () => {
  it.each([
    [["quarantine", "list"]],
    [["quarantine", "list", "--json"]],
    [["quarantine", "show", "1"]],
    [["quarantine", "show", "1", "--json"]],
    [["quarantine", "list", "--discarded"]],
    [["quarantine", "list", "--discarded", "--json"]],
    [["redrive"]],
    [["redrive", "--json"]],
    [["checkpoint", "show"]],
    [["checkpoint", "show", "--json"]],
    [["query"]],
    [["query", "--ocsf"]],
    [["query", "--json"]],
    [["preview"]],
    [["preview", "--json"]],
    [["status"]],
  ])("WHEN %j prints them THEN the terminal obeys none", async (command) => {
    await leaveBehind("quarantine#0000000000000001#1", {
      event_key: "1",
      event: JSON.stringify({ name: HOSTILE }),
      reason: HOSTILE,
      quarantined_at: "2026-02-01T00:05:00.000Z",
    });
    await leaveBehind("discarded#x", { discarded_event: HOSTILE, discarded_reason: HOSTILE });
    await leaveBehind("checkpoint", {
      moves: JSON.stringify([{ at: "", by: HOSTILE, reason: HOSTILE, from: 1, to: 2 }]),
      lease_owner: HOSTILE,
      lease_until: Date.parse("2026-01-01T00:00:00Z"),
    });
    for (const event of desk.tenant.advance(300_000)) {
      Object.assign(event, { name: HOSTILE, category: HOSTILE });
    }
    desk.tenant.faults.add({ on: "events", kind: "malformed-event", times: 1 });

    const { out, err } = await vectraCdr([...command, "--lake", desk.lake]);

    expect(out).not.toBe("");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(`${out}${err}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
  });

  it("WHEN a folder, and what the tenant says of an error, have them THEN the error shows them", async () => {
    const folder = desk.folder(`lake${HOSTILE}`);

    const { err } = await vectraCdr(["status", "--lake", folder]);

    expect(err).toContain("lake\\u001b[2J\\u009b2J\\u2028\\u202e yet.");
  });
});
