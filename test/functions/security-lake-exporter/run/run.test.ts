import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";

/** More windows and pages than one: the first run takes 36 events as 20 + 16, in pages of 10. */
const SMALL = { pageSize: 10, windowEvents: 20 };
const LARGE = { pageSize: 1000, windowEvents: 10_000 };

let exporter: ExporterUnderTest;

beforeEach(async () => {
  exporter = await startExporter();
});
afterEach(async () => {
  vi.useRealTimers();
  await exporter.close();
});

async function storedCheckpoint() {
  const items = await exporter.aws.items();
  return items.find((item) => item["sk"] === "checkpoint");
}

describe("a run", () => {
  it("takes every event into the lake once, one object per window and UTC day", async () => {
    const result = await exporter.run();

    expect(await exporter.differences()).toEqual([]);
    expect(result).toMatchObject({
      tenant: "acme",
      outcome: "exported",
      eventsRead: 36,
      eventsWritten: 36,
      eventsFiltered: 0,
      eventsQuarantined: 0,
      failedLookups: 0,
      caughtUp: true,
      newestEventTime: Math.max(
        ...exporter.tenant.events().map((event) => Date.parse(event.event_timestamp)),
      ),
    });
    const prefix = "ext/vectra-cdr/region=eu-west-1/accountId=333333333333";
    expect(result.objects.map(({ key }) => key)).toEqual([
      `${prefix}/eventDay=20260131/vectra-acme-v3.4-0-${result.checkpoint}.zstd.parquet`,
      `${prefix}/eventDay=20260201/vectra-acme-v3.4-0-${result.checkpoint}.zstd.parquet`,
    ]);
  });

  it("continues where the one before it ended, and leaves no intent and no lease", async () => {
    await exporter.run();
    exporter.tenant.advance(300_000);
    const result = await exporter.run();

    expect(result).toMatchObject({ eventsWritten: 12, caughtUp: true });
    expect(await exporter.differences()).toEqual([]);
    expect(await storedCheckpoint()).toEqual({
      pk: "acme#v3.4",
      sk: "checkpoint",
      first_from: 0,
      next_from: result.checkpoint,
      newest_event_time: result.newestEventTime,
      state_version: 2,
      api: "v3.4",
      origin: exporter.tenant.url,
      sequence: 2,
      keys_since: 0,
      intent: null,
      updated_at: expect.any(String),
      last_success_at: expect.any(String),
      caught_up: true,
      caught_up_at: expect.any(Number),
      released_by: expect.any(String),
    });
  });

  it("finds nothing new where the tenant has removed its newest event, is not level with it, and continues", async () => {
    await exporter.run();
    const before = await storedCheckpoint();
    exporter.tenant.remove(exporter.tenant.events().at(-1)?.id ?? 0);

    expect(await exporter.run()).toMatchObject({ eventsRead: 0, caughtUp: true, logIsBehind: true });
    expect(await storedCheckpoint()).toMatchObject({
      next_from: before?.["next_from"],
      caught_up_at: before?.["caught_up_at"],
    });

    exporter.tenant.advance(300_000);
    expect(await exporter.run()).toMatchObject({ eventsWritten: 12, logIsBehind: false });
  });

  it("without new events writes nothing", async () => {
    await exporter.run();
    const result = await exporter.run();

    expect(result).toMatchObject({ eventsRead: 0, objects: [], caughtUp: true, newestEventTime: null });
  });

  it("cuts a backlog into windows", async () => {
    const result = await exporter.run({ limits: SMALL });

    expect(result).toMatchObject({ eventsWritten: 36, caughtUp: true });
    expect(new Set(result.objects.map(({ key }) => key.split("v3.4-")[1]?.split("-")[0])).size).toBe(2);
    expect(await exporter.differences()).toEqual([]);
  });

  it("that begins at the latest event leaves out the tenant's history", async () => {
    const settings = { start: "latest" } as const;
    expect(await exporter.run({ settings })).toMatchObject({ eventsRead: 0, caughtUp: true });
    exporter.tenant.advance(300_000);

    expect(await exporter.run({ settings })).toMatchObject({ eventsWritten: 12 });
  });

  it("exports only what its filters want, counts the rest, and continues after it", async () => {
    const settings = { filters: { accounts: "aws", prioritizedOnly: true } } as const;

    const result = await exporter.run({ settings });

    const prioritized = exporter.tenant.events().filter((event) => event.is_prioritized).length;
    expect(prioritized).toBeGreaterThan(0);
    expect(result).toMatchObject({
      eventsRead: 36,
      eventsWritten: prioritized,
      eventsFiltered: 36 - prioritized,
      caughtUp: true,
    });
  });

  it("places events in the AWS account of their names when told to", async () => {
    const result = await exporter.run({ settings: { partitionBy: "event" } });

    const accounts = new Set(exporter.tenant.events().map(({ name }) => /^AWS:(\d{12})/.exec(name)?.[1]));
    accounts.delete(undefined);
    const partitions = new Set(result.objects.map(({ key }) => /accountId=(\d+)/.exec(key)?.[1]));
    expect(accounts.size).toBeGreaterThan(1);
    expect([...accounts].filter((account) => !partitions.has(account))).toEqual([]);
    expect(await exporter.differences()).toEqual([]);
  });

  it.each(["security-finding-1.1", "detection-finding-1.3"] as const)(
    "writes profile %s",
    async (profile) => {
      expect(await exporter.run({ settings: { profile } })).toMatchObject({
        eventsWritten: 36,
        eventsQuarantined: 0,
      });
    },
  );

  it("writes of an unfinished window the bytes that were prepared, whatever the settings are by then", async () => {
    // GIVEN a run that dies with the second of two objects
    let puts = 0;
    exporter.onCall((operation) => {
      puts += operation === "PutObject" ? 1 : 0;
      return puts > 1 ? { status: 400, code: "SimulatedCrash" } : "pass";
    });
    await expect(exporter.run()).rejects.toThrow("SimulatedCrash");
    exporter.onCall(() => "pass");
    const [first] = await objectsInLake();
    const requests = exporter.tenant.requests().length;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });

    // WHEN the next one has other settings, and the tenant other events
    exporter.tamper(exporter.tenant.events()[0]?.id ?? 0, {
      urgency_score: 1,
      name: "AWS:999999999999/user",
    });
    const settings = {
      partitionAccountId: "999999999999",
      partitionBy: "event",
      rawData: true,
      filters: { accounts: "aws", prioritizedOnly: true },
      includeScoreDecreases: false,
    } as const;
    const result = await exporter.run({ settings });

    // THEN both objects are as they would have been, and the tenant was asked for what is new only
    const prefix = "accountId=333333333333";
    expect((await objectsInLake()).map(([key]) => key)).toEqual([
      expect.stringContaining(`${prefix}/eventDay=20260131/vectra-acme-v3.4-0-`),
      expect.stringContaining(`${prefix}/eventDay=20260201/vectra-acme-v3.4-0-`),
    ]);
    expect((await objectsInLake())[0]).toEqual(first);
    expect(result).toMatchObject({ eventsRead: 36, eventsWritten: 36, eventsFiltered: 0 });
    const asked = exporter.tenant.requests().slice(requests);
    expect(asked.map(({ path }) => path.split("?")[0])).toEqual([
      "/oauth2/token",
      "/api/v3.4/events/entity_scoring",
    ]);
    exporter.untamper();
    expect(await exporter.differences()).toEqual([]);
  });

  it("says what to do when the tenant does not serve the events API", async () => {
    await expect(exporter.run({ settings: { api: "v3.3" } })).rejects.toThrow(
      /v3\.3\/events\/account_scoring answered 404: Not found\. - it no longer serves v3\.3: set api to v3\.4/,
    );
  });

  it("does nothing while another run holds the lease", async () => {
    await exporter.checkpoint("another run").acquire(Date.now(), Date.now() + 60_000);

    expect(await exporter.run()).toMatchObject({ outcome: "lease-held", eventsRead: 0, checkpoint: null });
    expect(exporter.tenant.requests()).toEqual([]);
  });

  it("fails loudly, and moves nothing, when the External ID is wrong", async () => {
    exporter.onCall((operation) =>
      operation === "AssumeRole" ? { status: 403, code: "AccessDenied" } : "pass",
    );

    await expect(exporter.run()).rejects.toThrow(
      /Writing s3:\/\/lake\/ext\/vectra-cdr\/region=eu-west-1\/.* failed: AccessDenied/,
    );
    expect(await storedCheckpoint()).toMatchObject({ next_from: 0 });
  });
});

describe("the score's direction", () => {
  it("is remembered from run to run", async () => {
    await exporter.run();
    exporter.tenant.advance(300_000);
    await exporter.run();

    const directions = await directionsByEvent();
    expect(directions).toEqual(expectedDirections());
    expect(new Set(directions.values())).toEqual(
      new Set(["Score increase", "Score decrease", "Score direction unknown"]),
    );
  });

  it("is the same when a window is repeated after its scores were stored", async () => {
    await exporter.run();
    exporter.tenant.advance(300_000);
    // The crash comes with the keys of the events, which follow the scores.
    exporter.onCall(async (operation) => {
      const written = operation === "UpdateItem" ? await keysOfRecentEvents() : 0;
      return written > 1 ? { status: 400, code: "SimulatedCrash" } : "pass";
    });
    await expect(exporter.run()).rejects.toThrow("SimulatedCrash");
    exporter.onCall(() => "pass");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });
    expect(await exporter.run()).toMatchObject({ eventsWritten: 12 });

    expect(await exporter.differences()).toEqual([]);
    expect(await directionsByEvent()).toEqual(expectedDirections());
  });

  async function directionsByEvent(): Promise<Map<string, string>> {
    const records = await exporter.records();
    return new Map(
      records
        .toSorted((a, b) => a.time - b.time || Number(a.account) - Number(b.account))
        .map(({ account, time, direction }) => [`${account}@${time}`, direction]),
    );
  }

  /** From the tenant's own log, read from its beginning. */
  function expectedDirections(): Map<string, string> {
    const last = new Map<number, number>();
    const directions = exporter.tenant.events().map((event): [string, string] => {
      const before = last.get(event.entity_id);
      last.set(event.entity_id, event.urgency_score);
      const now = event.urgency_score;
      const direction =
        before === undefined
          ? "Score direction unknown"
          : now === before
            ? "Score unchanged"
            : now > before
              ? "Score increase"
              : "Score decrease";
      return [`${event.entity_id}@${Date.parse(event.event_timestamp)}`, direction];
    });
    const timeOf = (key: string) => Number(key.split("@")[1]);
    const accountOf = (key: string) => Number(key.split("@")[0]);
    return new Map(directions.toSorted(([a], [b]) => timeOf(a) - timeOf(b) || accountOf(a) - accountOf(b)));
  }

  /** Number of windows whose keys are stored. */
  async function keysOfRecentEvents(): Promise<number> {
    return (await exporter.aws.items()).filter(({ sk }) => String(sk).startsWith("recent#")).length;
  }
});

describe("a score that cannot be one", () => {
  it.each([1e300, -5, 101])("does not stop the run, and has no direction: %d", async (urgency_score) => {
    const [first] = exporter.tenant.events();
    exporter.tamper(first?.id ?? 0, { urgency_score });

    expect(await exporter.run()).toMatchObject({ eventsWritten: 36, caughtUp: true });
    const time = Date.parse(first?.event_timestamp ?? "");
    const record = (await exporter.records()).find((candidate) => candidate.time === time);
    expect(record?.direction).toBe("Score direction unknown");
  });

  it("is stored as 0 where it is too near to it for DynamoDB", async () => {
    await exporter.scores().store(7, [[8, 5e-324]]);

    expect(await exporter.scores().before({ sequence: 7, forgetBefore: 0 }, new Set([8]))).toEqual(
      new Map([[8, 0]]),
    );
  });
});

describe("exactly once", () => {
  it("holds when five runs overlap", async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => exporter.run({ limits: SMALL })));

    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual([
      "exported",
      "lease-held",
      "lease-held",
      "lease-held",
      "lease-held",
    ]);
    expect(await exporter.differences()).toEqual([]);
  });

  it("holds when a run is paused until another has taken its lease and finished", async () => {
    const paused = Promise.withResolvers<"pass">();
    const reached = Promise.withResolvers<void>();
    exporter.onCall((operation) => {
      if (operation !== "PutObject") {
        return "pass";
      }
      reached.resolve();
      exporter.onCall(() => "pass");
      return paused.promise;
    });
    const sleeper = exporter.run({ limits: SMALL });
    await reached.promise;
    exporter.tenant.advance(300_000);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });

    await exporter.run({ limits: LARGE });
    const itemsBefore = await storedCheckpoint();
    paused.resolve("pass");

    await expect(sleeper).rejects.toThrow(/no longer holds the lease of acme#v3\.4/);
    expect(await exporter.differences()).toEqual([]);
    expect((await storedCheckpoint())?.["next_from"]).toBe(itemsBefore?.["next_from"]);
  });
});

/** Key and bytes of each object, by key. */
async function objectsInLake(): Promise<(readonly [string, Buffer])[]> {
  return readdirSync(exporter.lakeDirectory, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".parquet"))
    .toSorted()
    .map((path) => [path, readFileSync(join(exporter.lakeDirectory, path))] as const);
}
