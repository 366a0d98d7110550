import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { backfill } from "../../../cli/commands/backfill.js";
import type { ExporterTarget, FanOutProgress } from "../../../cli/exporters/exporter-target.js";
import { LocalState } from "../../../cli/exporters/local/local-state.js";
import type { BackfillInvocation } from "../../../functions/security-lake-exporter/invocation.js";
import { type Desk, personWhoSays, startDesk, vectraCdr } from "../command-line.js";

/** The 24 events before midnight; the live export begins after them. */
const JANUARY = ["--from", "2026-01-31", "--to", "2026-02-01"];

let desk: Desk;

/** A tenant, from which a folder has exported. */
async function startExport(...options: string[]): Promise<void> {
  desk = await startDesk();
  await vectraCdr(["export", "--once", "--to", desk.lake, "--url", desk.tenant.url, ...options]);
}

function objects(): string[] {
  return readdirSync(desk.lake, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".parquet"),
  );
}

describe("GIVEN an export that began with what was new", () => {
  let command: string[];

  beforeEach(async () => {
    await startExport("--tenant", "acme", "--start", "latest");
    command = ["backfill", ...JANUARY, "--lake", desk.lake];
  });
  afterEach(() => desk.close());

  it("WHEN its history is estimated THEN the events are counted and nothing is exported", async () => {
    expect(await vectraCdr([...command, "--estimate"])).toEqual({
      code: 0,
      err: "",
      out: "acme: 24 events to export from 2026-01-31T00:00:00Z to 2026-02-01T00:00:00Z\n",
    });
    expect(objects()).toEqual([]);
  });

  it("WHEN its history is exported THEN it is there once, and asking again finds nothing left", async () => {
    const { code, out } = await vectraCdr([...command, "--yes"]);
    const again = await vectraCdr([...command, "--yes"]);

    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 2)).toEqual([
      "acme: 24 events to export from 2026-01-31T00:00:00Z to 2026-02-01T00:00:00Z",
      expect.stringMatching(/^acme: 24 events read, 24 written into 1 object, cursor \d+$/),
    ]);
    expect(again).toEqual({
      code: 0,
      err: "",
      out: "acme: 0 events to export from 2026-01-31T00:00:00Z to 2026-02-01T00:00:00Z\n",
    });
    expect(objects()).toHaveLength(1);
  });

  it("WHEN an event of it cannot be read THEN the command that the error prints exports what comes after it", async () => {
    const unreadable = desk.tenant.events()[11];
    const behind = new Date(Date.parse(String(unreadable?.event_timestamp)) + 1_000).toISOString();
    Object.assign(unreadable ?? expect.unreachable(), { urgency_reason: "x".repeat(4_000_000) });

    const { err } = await vectraCdr([...command, "--yes"]);
    const rest = ["backfill", "--from", behind.replace(/\.\d+Z$/, "Z"), "--to", "2026-02-01T00:00:00Z"];
    const refused = await vectraCdr([...rest, "--lake", desk.lake, "--yes"]);
    const { code, out } = await vectraCdr([...rest, "--allow-overlap", "--lake", desk.lake, "--yes"]);

    expect(err).toContain(
      "cannot be read. Nothing was written. To skip it, begin behind it: vectra-cdr backfill --from <time after it> " +
        "--to 2026-02-01T00:00:00Z --allow-overlap. What is in the lake of that range will be there twice.",
    );
    expect(refused.err).toContain(
      "exports part of these events already. Use a range that does not overlap it",
    );
    expect([code, out]).toEqual([0, expect.stringContaining("12 events read, 12 written")]);
  });

  it("WHEN it was killed after its last window THEN asking again ends it, without a question", async () => {
    await vectraCdr([...command, "--yes"]);
    const state = LocalState.open(desk.lake);
    const key = { pk: "acme#v3.4", sk: "checkpoint#backfill-20260131T000000Z-20260201T000000Z" };
    await state.table.update(key, { remove: ["caught_up", "last_success_at"] });
    state.close();

    const again = await vectraCdr(command);
    const { out } = await vectraCdr(["status", "--lake", desk.lake, "--json"]);

    expect(again).toEqual({
      code: 0,
      err: "",
      out: expect.stringMatching(
        /^acme: 0 events to export from 2026-01-31T00:00:00Z to 2026-02-01T00:00:00Z\nacme: no new events, cursor \d+\n$/,
      ),
    });
    expect(JSON.parse(out).tenants[0].backfills).toMatchObject([{ caughtUp: true, lease: null }]);
    expect(objects()).toHaveLength(1);
  });

  it("WHEN it is bounded by a number THEN it ends there, and the next one goes on", async () => {
    const first = await vectraCdr([...command, "--yes", "--max-events", "10"]);
    const second = await vectraCdr([...command, "--yes"]);

    expect(first.out).toContain(
      "acme: 10 events read, 10 written into 1 object, more events remain, cursor ",
    );
    expect(second.out).toContain("acme: 14 events to export");
    expect(second.out).toContain("acme: 14 events read, 14 written into 1 object, cursor ");
  });

  it("WHEN a person is there THEN they are asked, and see how far it is", async () => {
    const person = personWhoSays("y");

    const { code } = await vectraCdr(command, person);

    expect([code, person.asked]).toEqual([0, ["Export them? [y/N] "]]);
    expect(person.shown).toEqual(["acme: counting the events", "over", "acme: exporting", "over"]);
  });

  it("WHEN nobody can be asked THEN --yes is wanted, and nothing is exported", async () => {
    const { code, err } = await vectraCdr(command);

    expect([code, objects()]).toEqual([2, []]);
    expect(err).toContain("error: Export them? No terminal to prompt on; pass --yes to confirm.");
  });

  it("WHEN JSON is asked for THEN it is one document with the estimate and the result", async () => {
    const { out } = await vectraCdr([...command, "--yes", "--json"]);

    expect(JSON.parse(out)).toMatchObject({
      estimate: { tenant: "acme", events: 24, overlap: null },
      result: { tenant: "acme", eventsWritten: 24, caughtUp: true },
    });
  });

  it("WHEN requests are limited THEN they are spread over the time", async () => {
    const begin = performance.now();

    await vectraCdr([...command, "--yes", "--requests-per-minute", "1200", "--max-events", "1"]);

    // Count, page and look-up, 50 ms apart; the first of each of them is free.
    expect(performance.now() - begin).toBeGreaterThan(100);
  });
});

describe("GIVEN an export of everything", () => {
  beforeEach(() => startExport());
  afterEach(() => desk.close());

  it("WHEN a stretch of it is to be exported again THEN that is refused with the reason", async () => {
    const { code, err } = await vectraCdr(["backfill", ...JANUARY, "--lake", desk.lake, "--yes"]);

    expect([code, objects()]).toEqual([1, expect.objectContaining({ length: 2 })]);
    expect(err).toContain(
      "error: The live export of tenant writes all events from 2026-01-31T00:00:00Z to 2026-02-01T00:00:00Z itself.",
    );
  });

  it("WHEN the overlap is allowed THEN it is told, and done", async () => {
    const { code, out } = await vectraCdr([
      "backfill",
      ...JANUARY,
      "--lake",
      desk.lake,
      "--yes",
      "--allow-overlap",
    ]);

    expect([code, objects()]).toEqual([0, expect.objectContaining({ length: 3 })]);
    expect(out).toContain(
      "Continuing because of --allow-overlap: The live export of tenant writes all events from 2026-01-31T00:00:00Z",
    );
  });

  it("WHEN it is only estimated THEN the overlap is told, and that is no error", async () => {
    const { code, out } = await vectraCdr(["backfill", ...JANUARY, "--lake", desk.lake, "--estimate"]);

    expect(code).toBe(0);
    expect(out.split("\n")[1]).toContain("The live export of tenant writes all events from");
  });
});

describe("GIVEN a command line that cannot be THEN the code is 2", () => {
  it.each([
    [["--from", "2026-01-31"], "required option '--to <time>' not specified"],
    [["--from", "31.1.2026", "--to", "2026-02-01"], "Use a day, 2026-01-31, or a second of UTC"],
    [["--from", "2026-02-30", "--to", "2026-03-01"], "Use a day, 2026-01-31, or a second of UTC"],
    [["--from", "2026-01-31T25:00:00Z", "--to", "2026-03-01"], "Use a day, 2026-01-31, or a second of UTC"],
    [
      ["--from", "2026-02-01", "--to", "2026-02-01"],
      "--from (2026-02-01T00:00:00Z) must be before --to (2026-02-01T00:00:00Z).",
    ],
    [[...JANUARY, "--fan-out", "4"], "cannot be used with option"],
    [[...JANUARY, "--requests-per-minute", "0"], "Use a whole number from 1 to 6000."],
  ])("%j", async (parameters, part) => {
    const { code, out, err } = await vectraCdr(["backfill", ...parameters, "--lake", "lake"]);

    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(part);
  });
});

it("GIVEN a deployed exporter WHEN a number of events is wanted THEN each run may take what is left of it", async () => {
  const asked: (number | undefined)[] = [];
  const shown: string[] = [];
  const run = {
    tenant: "acme",
    outcome: "exported",
    eventsRead: 4,
    eventsWritten: 4,
    objects: [],
    caughtUp: false,
  };
  const target = {
    tenants: [{ name: "acme", api: "v3.4", url: "https://acme.example", profile: "vectra" }],
    estimateBackfill: async () => ({ tenant: "acme", events: 9000, overlap: null }),
    backfill: async (_: string, { maxEvents }: BackfillInvocation) => {
      asked.push(maxEvents);
      return run;
    },
  } as unknown as ExporterTarget;

  await backfill(
    target,
    { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z", maxEvents: 10, yes: true },
    {
      out: () => undefined,
      err: () => undefined,
      progress: () => ({ update: (text) => shown.push(text), end: () => 0 }),
    },
  );

  expect(asked).toEqual([10, 6, 2]);
  expect(shown).toEqual(["acme: exporting, 4 of 10 events", "acme: exporting, 8 of 10 events"]);
});

describe("GIVEN a deployed exporter with a state machine", () => {
  const RANGE = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };
  let requests: [string, BackfillInvocation, number][];

  function target(): ExporterTarget {
    return {
      title: "function exporter in eu-west-1",
      tenants: [{ name: "acme", api: "v3.4", url: "https://acme.example", profile: "vectra" }],
      fanOut: {
        concurrency: async () => 5,
        estimate: async () => ({ tenant: "acme", events: 2_000_000, overlap: null }),
        run: async (
          tenant: string,
          request: BackfillInvocation,
          windows: number,
          report: (progress: FanOutProgress) => void,
        ) => {
          requests.push([tenant, request, windows]);
          report({ total: 8, ended: 3, running: 5 });
          return { execution: "arn:of-the-execution", windows, resumed: requests.length > 1 };
        },
      },
    } as unknown as ExporterTarget;
  }

  async function run(options: object, answer: string) {
    const person = personWhoSays(answer);
    let out = "";
    const streams = {
      out: (text: string) => {
        out += text;
      },
      err: () => undefined,
      ask: async (question: string) => {
        person.asked.push(question);
        return await person.answer();
      },
      progress: (text: string) => {
        person.shown.push(text);
        return { update: (next: string) => person.shown.push(next), end: () => undefined };
      },
    };
    await backfill(target(), { ...RANGE, ...options }, streams);
    return { out, person };
  }

  beforeEach(() => {
    requests = [];
  });

  it("WHEN the range is fanned out THEN the state machine gets it, and the person sees its windows end", async () => {
    const { out, person } = await run({ fanOut: 8, requestsPerMinute: 600 }, "yes");

    expect(requests).toEqual([
      [
        "acme",
        { range: RANGE, maxEvents: undefined, requestsPerMinute: 600, allowOverlap: false, estimate: false },
        8,
      ],
    ]);
    expect(person.asked).toEqual(["Export them in 8 slices, 5 at once? [y/N] "]);
    expect(person.shown).toContain("acme: exporting, 3 of 8 slices ended, 5 running");
    expect(out).toBe(
      "acme: 2,000,000 events to export from 2026-01-01T00:00:00Z to 2026-02-01T00:00:00Z\n" +
        "acme: 8 slices exported, arn:of-the-execution\n",
    );
  });

  it("WHEN it is asked for again THEN it says that it followed what was there", async () => {
    await run({ fanOut: 8 }, "y");

    const { out } = await run({ fanOut: 8 }, "y");

    expect(out).toContain("acme: 8 slices exported by an existing execution, arn:of-the-execution\n");
  });

  it("WHEN the person says no THEN it is not asked", async () => {
    await expect(run({ fanOut: 8 }, "n")).rejects.toThrow("Not confirmed: nothing was changed.");

    expect(requests).toEqual([]);
  });
});
