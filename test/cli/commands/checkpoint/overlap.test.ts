import { hostname, userInfo } from "node:os";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Desk, personWhoSays, startDesk, vectraCdr } from "../../command-line.js";

const ME = `${userInfo().username}@${hostname()}`;

let desk: Desk;

/** An export of 36 events with v3.4. */
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-02-01T00:05:00Z") });
  desk = await startDesk();
  await vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url, "--tenant", "acme"]);
});
afterEach(async () => {
  vi.useRealTimers();
  await desk.close();
});

const chosen = (since: string, ...options: string[]) =>
  vectraCdr([
    "checkpoint",
    "overlap",
    "--since",
    since,
    "--reason",
    "old release",
    "--lake",
    desk.lake,
    ...options,
  ]);

describe("GIVEN an export", () => {
  it("WHEN the overlap is chosen THEN it is shown, and noted", async () => {
    expect(await chosen("2026-01-31T18:30:00Z", "--yes")).toEqual({
      code: 0,
      err: "",
      out: `acme: the next change of the API begins at 2026-01-31T18:30:00Z, chosen by ${ME}; reason recorded\n`,
    });

    expect((await vectraCdr(["status", "--lake", desk.lake])).out).toContain(
      "  overlap       the next change of the API begins at 2026-01-31T18:30:00Z\n",
    );
    expect((await vectraCdr(["checkpoint", "show", "--lake", desk.lake])).out).toContain("old release");
  });

  it("WHEN JSON is asked for THEN it is one document", async () => {
    expect(JSON.parse((await chosen("2026-01-31", "--yes", "--json")).out)).toEqual({
      tenant: "acme",
      at: "2026-02-01T00:05:00.000Z",
      by: ME,
      reason: "old release",
      since: "2026-01-31T00:00:00Z",
    });
  });

  it("WHEN a person is asked THEN the question says what is lost and doubled", async () => {
    const person = personWhoSays("n");

    await vectraCdr(
      ["checkpoint", "overlap", "--since", "2026-01-31", "--reason", "r", "--lake", desk.lake],
      person,
    );

    expect(person.asked).toEqual([
      "Begin at 2026-01-31T00:00:00Z when the version of the events API of acme changes? Earlier events that are not in the lake will be " +
        "missing from it; later ones that are in the lake, and not known to be, will be in it twice. [y/N] ",
    ]);
  });

  it("WHEN the API has changed by then, and the keys of a day are not known THEN the choice decides", async () => {
    const export33 = ["export", "--once", "--to", desk.lake, "--api", "v3"];
    vi.setSystemTime(Date.parse("2026-02-01T00:20:00Z"));
    await forgetKeys();
    desk.tenant.advance(300_000);

    const refused = await vectraCdr(export33);
    expect(refused.err).toContain(
      'Choose from when on events are written: vectra-cdr checkpoint overlap --since <time> --reason "<why>".',
    );
    await chosen("2026-02-01T00:05:00Z", "--yes");
    const { out } = await vectraCdr([...export33]);

    expect(out).toContain("12 events read, 12 written");
    const { tenants } = JSON.parse((await vectraCdr(["status", "--lake", desk.lake, "--json"])).out);
    expect(tenants).toMatchObject([{ api: "v3", nextOverlapSince: null }]);
  });

  it("WHEN the time is in the future THEN that is refused", async () => {
    const { code, err } = await chosen("2026-02-02", "--yes");

    expect(code).toBe(2);
    expect(err).toContain(
      "--since (2026-02-02T00:00:00Z) is in the future: every event before it would be left out.",
    );
  });
});

/** As after a restore: the keys of the last windows are lost. */
async function forgetKeys(): Promise<void> {
  const { LocalState } = await import("../../../../cli/exporters/local/local-state.js");
  const state = LocalState.open(desk.lake);
  await state.table.update({ pk: "acme#v3.4", sk: "checkpoint" }, { set: { keys_since: Date.now() } });
  state.close();
}
