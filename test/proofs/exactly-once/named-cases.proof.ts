import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { AwsFault } from "../../../simulator/aws/stand-ins.js";
import { Stage } from "../rig/stage.js";
import { LARGE, liveExport, SMALL } from "../rig/subjects.js";
import type { Step } from "../rig/watched-exporter.js";

const HOUR = 3_600_000;
const FIVE_MINUTES = 300_000;
const THROTTLED: AwsFault = { status: 400, code: "ProvisionedThroughputExceededException" };

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
beforeEach(() => stage.newStory());
afterAll(() => stage.close());

const run = (limits = SMALL) => stage.exporter.run({ limits });

/** The next run, with other limits and new events, without waiting for a lease: nothing is stuck. */
async function nextRunFinishes(where?: string): Promise<void> {
  stage.exporter.tenant.advance(FIVE_MINUTES);
  expect(await run(LARGE), where).toMatchObject({ outcome: "exported", caughtUp: true });
  await stage.expectExactlyOnce(where);
  expect(await run(LARGE), where).toMatchObject({ eventsRead: 0, caughtUp: true });
}

/** Lets every call of an AWS operation fail, or those that are meant, by their number from 0. */
function fail(operation: string, fault: AwsFault, meant: (call: number) => boolean = () => true): void {
  let calls = 0;
  stage.exporter.onCall((called) => (called === operation && meant(calls++) ? fault : "pass"));
}

function callsSince(before: number, operation: string): number {
  return stage.exporter.aws
    .calls()
    .slice(before)
    .filter((call) => call.operation === operation).length;
}

function requestsSince(before: number, path: string): number {
  return stage.exporter.tenant
    .requests()
    .slice(before)
    .filter((request) => request.path.startsWith(path)).length;
}

describe("runs that overlap", () => {
  it.each([2, 5])("GIVEN %i runs at once THEN one exports, and the others do nothing", async (runs) => {
    const results = await Promise.all(Array.from({ length: runs }, () => run()));

    const outcomes = results.map(({ outcome }) => outcome).toSorted();
    expect(outcomes).toEqual(["exported", ...Array<string>(runs - 1).fill("lease-held")]);
    await stage.expectExactlyOnce();
    await nextRunFinishes();
  });

  it("GIVEN two runs of which each takes the other's lease for dead THEN every event is there once", async () => {
    const results = await Promise.allSettled([
      run(),
      (async () => {
        stage.letTheLeasesEnd();
        return await run({ pageSize: 3, windowEvents: 3 });
      })(),
    ]);

    expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
    stage.letTheLeasesEnd();
    await nextRunFinishes();
  });
});

describe("a clock that jumps", () => {
  it.each([-5, 5])(
    "GIVEN a jump of %i hours at any step of a run THEN every event is there once",
    async (hours) => {
      const subject = liveExport(stage);
      let jumps = 0;
      for (let step = 0; ; step += 1) {
        await subject.begin();
        let reached = 0;
        const reach = () => {
          if (reached === step) {
            stage.jump(hours * HOUR);
          }
          reached += 1;
        };
        await subject.run({ limits: SMALL, reach });
        await nextRunFinishes(`a jump at step ${step + 1}`);
        if (reached <= step) {
          break;
        }
        jumps += 1;
      }
      expect(jumps).toBeGreaterThan(30);
    },
    60_000,
  );

  it.each([-48, -1, 1, 48])(
    "GIVEN a jump of %i hours between two runs THEN the next one continues",
    async (hours) => {
      await run();
      stage.jump(hours * HOUR);

      await nextRunFinishes();
    },
  );

  it("GIVEN a run that died with a clock half an hour ahead THEN its lease ends half an hour later, and nothing is lost", async () => {
    stage.jump(HOUR / 2);
    await stage.crashed(run, 10, "after its effect");
    stage.jump(-HOUR / 2);

    expect(await run()).toMatchObject({ outcome: "lease-held" });
    stage.jump(HOUR / 2 + 600_000);
    await nextRunFinishes();
  });

  it.each([3, 24 * 365])(
    "GIVEN a run that died with a clock %i hours ahead THEN its lease is none, and nothing is lost",
    async (hours) => {
      stage.jump(hours * HOUR);
      await stage.crashed(run, 10, "after its effect");
      stage.jump(-hours * HOUR);

      await nextRunFinishes();
    },
  );
});

describe("an answer of DynamoDB that is lost", () => {
  it("GIVEN that of any one update THEN the run ends well all the same, and the next one need not wait", async () => {
    const before = stage.exporter.aws.calls().length;
    await run();
    const updates = callsSince(before, "UpdateItem");
    for (let lost = 0; lost < updates; lost += 1) {
      await stage.newStory();
      fail("UpdateItem", "drop-answer", (call) => call === lost);

      expect(await run(), `update ${lost + 1}`).toMatchObject({ eventsWritten: 6, caughtUp: true });
      stage.live();
      await nextRunFinishes(`update ${lost + 1} of ${updates}`);
    }
    expect(updates).toBeGreaterThan(8);
  }, 60_000);
});

describe("DynamoDB that throttles", () => {
  it.each(["UpdateItem", "BatchGetItem"])(
    "GIVEN any one %s is refused once THEN the run continues",
    async (operation) => {
      const before = stage.exporter.aws.calls().length;
      await run();
      const calls = callsSince(before, operation);
      for (let refused = 0; refused < calls; refused += 1) {
        await stage.newStory();
        fail(operation, THROTTLED, (call) => call === refused);
        expect(await run()).toMatchObject({ eventsWritten: 6, caughtUp: true });
        stage.live();
        await nextRunFinishes(`${operation} ${refused + 1} of ${calls}`);
      }
      expect(calls).toBeGreaterThan(1);
    },
    30_000,
  );

  it("GIVEN it refuses everything from the middle of a run on THEN the run fails, and the next one finishes", async () => {
    fail("UpdateItem", THROTTLED, (call) => call > 3);
    await expect(run()).rejects.toThrow("ProvisionedThroughputExceededException");
    stage.live();
    // The lease could not be given back either.
    stage.letTheLeasesEnd();

    await nextRunFinishes();
  });

  it("GIVEN it leaves keys unprocessed three times THEN the run asks for them again", async () => {
    fail("BatchGetItem", "unprocessed", (call) => call < 3);

    expect(await run()).toMatchObject({ eventsWritten: 6, caughtUp: true });
    stage.live();
    await nextRunFinishes();
  }, 15_000);

  it("GIVEN it leaves keys unprocessed for long THEN the run fails, and the next one finishes", async () => {
    fail("BatchGetItem", "unprocessed");
    await expect(run()).rejects.toThrow(/DynamoDB left \d of \d items of table checkpoints unread/);
    stage.live();

    await nextRunFinishes();
  }, 30_000);
});

describe("S3 that fails", () => {
  it.each([
    [500, "InternalError"],
    [503, "SlowDown"],
  ])("GIVEN one %i %s THEN the run writes the object again", async (status, code) => {
    fail("PutObject", { status, code }, (call) => call === 0);

    expect(await run()).toMatchObject({ eventsWritten: 6, caughtUp: true });
    stage.live();
    await nextRunFinishes();
  });

  it.each([
    [500, "InternalError"],
    [503, "SlowDown"],
  ])(
    "GIVEN %i %s for long THEN the run fails, and the next one finishes",
    async (status, code) => {
      fail("PutObject", { status, code }, (call) => call > 0);
      await expect(run()).rejects.toThrow(
        new RegExp(`Writing s3://lake/.*\\.zstd\\.parquet failed: ${code}: Simulated`),
      );
      stage.live();

      await nextRunFinishes();
    },
    20_000,
  );
});

describe("STS that refuses for an hour", () => {
  it("GIVEN twelve runs that may not assume the role THEN none asks in a loop, and then everything arrives once", async () => {
    fail("AssumeRole", { status: 403, code: "AccessDenied" });
    const before = stage.exporter.aws.calls().length;
    for (let fiveMinutes = 0; fiveMinutes < 12; fiveMinutes += 1) {
      await expect(run()).rejects.toThrow("AccessDenied");
      stage.exporter.tenant.advance(FIVE_MINUTES);
    }
    expect(callsSince(before, "AssumeRole")).toBe(12);
    expect(callsSince(before, "PutObject")).toBe(0);
    stage.live();

    await nextRunFinishes();
    expect((await stage.exporter.accounting()).written).toBe(6 + 13 * 2);
  });
});

describe("a tenant that refuses", () => {
  const faults = () => stage.exporter.tenant.faults;

  it("GIVEN a 429 with a short Retry-After THEN the run waits and continues", async () => {
    faults().add({ on: "events", kind: "429-retry-after", retryAfterSeconds: 1 });
    const startedAt = performance.now();

    expect(await run()).toMatchObject({ eventsWritten: 6, caughtUp: true });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1000);
    await nextRunFinishes();
  });

  it("GIVEN 429 with a Retry-After of an hour THEN each run asks once, and then everything arrives once", async () => {
    faults().add({ on: "events", kind: "429-retry-after", retryAfterSeconds: 3600, times: 12 });
    const before = stage.exporter.tenant.requests().length;
    for (let fiveMinutes = 0; fiveMinutes < 12; fiveMinutes += 1) {
      await expect(run()).rejects.toThrow("answered 429");
      stage.exporter.tenant.advance(FIVE_MINUTES);
    }
    expect(requestsSince(before, "/api/")).toBe(12);

    await nextRunFinishes();
  });

  it("GIVEN 401 to everything, fresh tokens too, THEN a run asks for one token, uses it once and ends", async () => {
    faults().add({ on: "events", kind: "401", times: 12 });
    const before = stage.exporter.tenant.requests().length;
    for (let fiveMinutes = 0; fiveMinutes < 12; fiveMinutes += 1) {
      await expect(run()).rejects.toThrow("refused the API client (401 on GET");
      stage.exporter.tenant.advance(FIVE_MINUTES);
    }
    expect(requestsSince(before, "/oauth2/token")).toBe(12);
    expect(requestsSince(before, "/api/")).toBe(12);

    await nextRunFinishes();
  });

  it("GIVEN a client whose secret is refused THEN a run asks for one token and no more", async () => {
    faults().add({ on: "token", kind: "401", times: 12 });
    const before = stage.exporter.tenant.requests().length;
    for (let fiveMinutes = 0; fiveMinutes < 12; fiveMinutes += 1) {
      await expect(run()).rejects.toThrow("refused the API client (401 on POST /oauth2/token)");
    }
    expect(stage.exporter.tenant.requests().length - before).toBe(12);

    await nextRunFinishes();
  });

  it("GIVEN 401 to the account look-ups in the middle of a window THEN the next run finishes the window", async () => {
    faults().add({ on: "account", kind: "401", times: 6 });
    await expect(run()).rejects.toThrow("refused the API client (401 on GET /api/v3.4/accounts/");
    faults().clear();
    expect(await stage.exporter.storedCheckpoint()).toHaveProperty("intent");

    await nextRunFinishes();
  });
});

describe("a tenant that repeats itself", () => {
  it("GIVEN every page begins with the events of the pages before THEN each event is there once", async () => {
    const { fetch: realFetch } = globalThis;
    const given: unknown[] = [];
    vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
      const response = await realFetch(...request);
      if (!String(request[0]).includes("/events/")) {
        return response;
      }
      const page = (await response.json()) as { events: unknown[] };
      const repeating = { ...page, events: [...given, ...page.events] };
      given.push(...page.events);
      return Response.json(repeating);
    });

    // Windows of two: the repetitions are in the same window, and in others.
    const result = await run({ pageSize: 1, windowEvents: 2 });

    expect(result).toMatchObject({ eventsRead: 6, eventsWritten: 6, caughtUp: true });
    stage.live();
    await nextRunFinishes();
  });
});

describe("a redrive before the next run", () => {
  it("GIVEN a run that died after it held an event, and a version that can export it, THEN the event is there once", async () => {
    const { exporter } = stage;
    const [spoiled] = exporter.tenant.events().slice(-6);
    exporter.tamper(spoiled?.id ?? 0, { entity_id: "eight" });
    const reach = ({ name, moment }: Step) => {
      if (name === "scores.store" && moment === "before") {
        throw new Error("This run is dead");
      }
    };
    await expect(exporter.run({ limits: SMALL, reach })).rejects.toThrow("dead");
    expect(await exporter.quarantine().all()).toHaveLength(1);
    // Finishes the window as it was prepared: the event stays in quarantine until the version can export it.
    expect(await exporter.redrive()).toMatchObject({
      redriven: 0,
      remaining: [{ key: String(spoiled?.id) }],
    });
    await exporter.fixAll();

    expect(await exporter.redrive()).toMatchObject({ redriven: 1, remaining: [] });

    await nextRunFinishes();
    expect(await exporter.quarantine().all()).toEqual([]);
  });
});

describe("events that accumulate", () => {
  it("GIVEN an hour of runs that wait, die, and wait THEN what was written is there once, and the rest later", async () => {
    const { exporter } = stage;
    const accumulate = { maxAgeSeconds: 86_400, maxEvents: 9 };
    const waiting: number[] = [];
    const written: number[] = [];
    for (let fiveMinutes = 0; fiveMinutes < 12; fiveMinutes += 1) {
      // The clock shows the tenant's time, so that its events are young.
      stage.jump(exporter.tenant.now().getTime() - Date.now());
      const accumulating = () => exporter.run({ limits: LARGE, settings: { accumulate } });
      if (fiveMinutes % 4 === 1) {
        await stage.crashed(accumulating, 4 + fiveMinutes, "after its effect");
        await exporter.endLease();
      } else {
        const { eventsWaiting, eventsWritten } = await accumulating();
        waiting.push(eventsWaiting);
        written.push(eventsWritten);
      }
      exporter.tenant.advance(FIVE_MINUTES);
    }
    // GIVEN 6 events, and 2 more each time; a dead run's window is finished by the next one.
    expect(Math.max(...waiting)).toBeLessThan(9);
    expect(waiting.some((events) => events > 0)).toBe(true);
    expect(written.some((events) => events >= 9)).toBe(true);

    await nextRunFinishes();
    expect((await exporter.accounting()).written).toBe(6 + 13 * 2);
  });
});
