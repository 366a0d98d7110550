import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { redrive } from "../../../cli/commands/redrive.js";
import type { DeadLetterRedrive, ExporterTarget } from "../../../cli/exporters/exporter-target.js";
import { LocalState } from "../../../cli/exporters/local/local-state.js";
import { type Desk, startDesk, vectraCdr } from "../command-line.js";

let desk: Desk;

beforeEach(async () => {
  desk = await startDesk();
});
afterEach(() => desk.close());

const exported = () =>
  vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url, "--tenant", "acme"]);
const redriven = (...options: string[]) => vectraCdr(["redrive", "--lake", desk.lake, ...options]);

/** Gives a quarantined event the time that it should have had, as a new version would read it otherwise. */
async function mend(): Promise<void> {
  const state = LocalState.open(desk.lake);
  const [item] = await state.table.query("acme#v3.4", "quarantine#");
  const event = JSON.parse(String(item?.attributes["event"]));
  const mended = JSON.stringify({ ...event, event_timestamp: "2026-01-31T23:50:16Z" });
  await state.table.update({ pk: "acme#v3.4", sk: String(item?.sk) }, { set: { event: mended } });
  state.close();
}

describe("GIVEN a folder with an event in quarantine", () => {
  beforeEach(async () => {
    Object.assign(desk.tenant.events()[0] ?? {}, { event_timestamp: "yesterday" });
    await exported();
  });

  it("WHEN nothing has changed THEN it stays there with its reason, and the code is 1", async () => {
    expect(await redriven()).toEqual({
      code: 1,
      out: "acme: 0 events redriven, 1 still in quarantine\n  event 4807: event.event_timestamp: Invalid ISO datetime\n",
      err: "error: 1 event is still in quarantine.\n",
    });
  });

  it("WHEN it can be read now THEN it is in the lake and out of the quarantine", async () => {
    await mend();

    const { code, out } = await redriven();

    expect(code).toBe(0);
    expect(out).toMatch(
      /^acme: 1 event redriven, 0 still in quarantine\n {2}.*eventDay=20260131.*vectra-acme-v3\.4-redrive-[0-9a-f]{16}\.zstd\.parquet {2}1 event\n$/,
    );
    expect((await redriven()).out).toBe("acme: the quarantine is empty\n");
  });

  it("WHEN the filters leave it out THEN it leaves the quarantine, and the report says so", async () => {
    await mend();
    await vectraCdr(["export", "--once", "--to", desk.lake, "--minimum-severity", "Critical"]);

    expect(await redriven()).toEqual({
      code: 0,
      out: "acme: 0 events redriven, 1 filtered out, 0 still in quarantine\n",
      err: "",
    });
    expect((await redriven()).out).toBe("acme: the quarantine is empty\n");
  });

  it("WHEN JSON is asked for THEN it is one document", async () => {
    const { out } = await redriven("--json");

    expect(JSON.parse(out)).toEqual({
      results: [
        {
          tenant: "acme",
          objects: [],
          redriven: 0,
          filtered: 0,
          remaining: [{ key: "4807", reason: "event.event_timestamp: Invalid ISO datetime" }],
        },
      ],
    });
  });

  it("WHEN dead letters are asked for THEN the error says that a folder has none", async () => {
    const { code, err } = await redriven("--dead-letters");

    expect([code, err]).toEqual([
      1,
      `error: No dead letters in folder ${desk.lake}: only a deployed exporter has them.\n`,
    ]);
  });
});

describe("GIVEN a deployed exporter with dead letters", () => {
  async function redriveOf(result: DeadLetterRedrive, options = {}) {
    let out = "";
    const target = {
      title: "function exporter in eu-west-1",
      tenants: [],
      deadLetters: { count: async () => 3, redrive: async () => result },
    } as unknown as ExporterTarget;
    const write = (text: string) => {
      out += text;
    };
    const error = await redrive(
      target,
      { deadLetters: true, ...options },
      { out: write, err: () => undefined },
    ).then(
      () => undefined,
      (reason: Error) => reason.message,
    );
    return { out, error };
  }
  const DONE = { payload: { tenant: "acme" }, messages: 2 };
  const FAILED = { payload: { tenant: "globex" }, messages: 1, reason: "Vectra said no" };

  it("WHEN all invocations succeed THEN it says so", async () => {
    expect(await redriveOf({ redriven: [DONE], remaining: [] })).toEqual({
      out: '{"tenant":"acme"}: done, 2 messages deleted\n',
      error: undefined,
    });
  });

  it("WHEN one fails again THEN it is kept, with the reason, and that is an error", async () => {
    expect(await redriveOf({ redriven: [DONE], remaining: [FAILED] })).toEqual({
      out:
        '{"tenant":"acme"}: done, 2 messages deleted\n' +
        '{"tenant":"globex"}: failed again, 1 message kept: Vectra said no\n',
      error: "1 invocation is still among the dead letters.",
    });
  });

  it("WHEN there are none THEN it says so", async () => {
    expect((await redriveOf({ redriven: [], remaining: [] })).out).toBe("No dead letters.\n");
  });

  it("WHEN JSON is asked for THEN it is one document", async () => {
    const { out } = await redriveOf({ redriven: [DONE], remaining: [FAILED] }, { json: true });

    expect(JSON.parse(out)).toEqual({ redriven: [DONE], remaining: [FAILED] });
  });
});
