import { hostname, userInfo } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalState } from "../../../../cli/exporters/local/local-state.js";
import { type Desk, personWhoSays, startDesk, vectraCdr } from "../../command-line.js";

const ME = `${userInfo().username}@${hostname()}`;

let desk: Desk;
/** Another address of the same tenant. */
let moved: string;

/** An export of 36 events, and 12 more since. */
beforeEach(async () => {
  desk = await startDesk();
  moved = desk.tenant.url.replace("127.0.0.1", "localhost");
  await vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url, "--tenant", "acme"]);
  desk.tenant.advance(300_000);
});
afterEach(() => desk.close());

const exported = (...options: string[]) => vectraCdr(["export", "--once", "--to", desk.lake, ...options]);
const adopted = (...options: string[]) =>
  vectraCdr(["checkpoint", "adopt", "--reason", "new region", "--lake", desk.lake, ...options]);

describe("GIVEN a folder with an export WHEN its tenant has another address", () => {
  it("THEN a run refuses it and names the command, and the old address still works", async () => {
    const { code, err } = await exported("--url", moved);

    expect({ code, err }).toEqual({
      code: 1,
      err:
        `error: acme: The export of acme is from ${desk.tenant.url}, whose cursor says nothing about the events of ${moved}. Nothing was read. ` +
        `If it is the same tenant at a new address: vectra-cdr checkpoint adopt --reason "<why>" (for a folder, add --url ${moved}). ` +
        "Otherwise give the other tenant another name.\n",
    });
    expect((await exported()).out).toContain("12 events read, 12 written");
  });

  it("THEN once it is adopted, the export continues there, and the folder remembers it", async () => {
    expect(await adopted("--url", moved, "--yes")).toEqual({
      code: 0,
      err: "",
      out: `acme: continues at ${moved}, adopted by ${ME}; reason recorded\n`,
    });

    expect((await exported()).out).toContain("12 events read, 12 written");
    const status = await vectraCdr(["status", "--lake", desk.lake]);
    expect(status.out).toContain(`  origin        ${moved}, API v3.4\n`);
    expect((await vectraCdr(["checkpoint", "show", "--lake", desk.lake])).out).toContain("new region");
  });

  it("THEN the question says what it means, and nothing changes without a yes", async () => {
    const person = personWhoSays("n");

    const { err } = await vectraCdr(
      ["checkpoint", "adopt", "--reason", "r", "--lake", desk.lake, "--url", moved],
      person,
    );

    expect(person.asked).toEqual([
      `Continue the export of acme at ${moved}, instead of ${desk.tenant.url}? Only if both are the same tenant: from another one, events ` +
        "before cursor 4865 will be missing from the lake. [y/N] ",
    ]);
    expect(err).toBe("error: Not confirmed: nothing was changed.\n");
    expect((await exported()).code).toBe(0);
  });

  it("THEN JSON is one document", async () => {
    expect(JSON.parse((await adopted("--url", moved, "--yes", "--json")).out)).toEqual({
      tenant: "acme",
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      by: ME,
      reason: "new region",
      from: desk.tenant.url,
      to: moved,
    });
  });

  it("THEN a folder of an older release is adopted, too", async () => {
    const state = LocalState.open(desk.lake);
    const key = { pk: "acme#v3.4", sk: "checkpoint" };
    await state.table.update(key, { remove: ["origin", "api", "state_version", "sequence"] });
    state.close();
    expect((await exported("--url", moved)).err).toContain(
      `vectra-cdr checkpoint adopt --reason "<why>" --url ${moved}. Otherwise use another folder`,
    );

    expect((await adopted("--url", moved, "--yes")).code).toBe(0);

    expect((await exported()).out).toContain("12 events read, 12 written");
  });
});

it.each([
  [["--yes"], 1, "is from http://127.0.0.1:"],
  [
    ["--tenant", "globex", "--url", "http://localhost:1", "--yes"],
    1,
    "The export of globex has not begun: its first run records http://localhost:1.",
  ],
  [["--reason", " ", "--yes"], 2, "--reason is empty"],
])("GIVEN nothing to adopt WHEN the options are %j THEN the error says so", async (options, code, part) => {
  const outcome = await adopted(...options);

  expect([outcome.code, outcome.out]).toEqual([code, ""]);
  expect(outcome.err).toContain(part);
});
