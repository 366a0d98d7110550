import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { waitsForMore } from "../../../../functions/security-lake-exporter/run/accumulation.js";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";
import { anEvent } from "../events.js";

const NOON = Date.parse("2026-02-01T12:00:00Z");
const LIMITS = { maxAgeSeconds: 600, maxEvents: 3 };

function window(times: readonly string[], rejected = 0, complete = true) {
  return {
    from: 0,
    to: 10,
    complete,
    keys: [],
    newestTime: 0,
    isTimed: true,
    events: times.map((event_timestamp) => anEvent({ event_timestamp })),
    rejected: Array.from({ length: rejected }, (_, index) => ({ key: `${index}`, json: {}, reason: "" })),
  };
}

describe("a window waits for more events", () => {
  it("while it is young and small", () => {
    expect(waitsForMore(window(["2026-02-01T11:50:01Z", "2026-02-01T11:59:59Z"]), LIMITS, NOON)).toBe(true);
  });

  it.each([
    ["its oldest event has the age", window(["2026-02-01T11:59:00Z", "2026-02-01T11:50:00Z"])],
    ["it has the number of events", window(Array(3).fill("2026-02-01T11:59:00Z"))],
    ["it has the number with those that cannot be exported", window(["2026-02-01T11:59:00Z"], 2)],
    ["it has nothing but events whose age is not known", window([], 1)],
    ["the tenant has more events already", window(["2026-02-01T11:59:00Z"], 0, false)],
    ["an event is from the future by more than the age", window(["2026-02-01T12:10:00Z"])],
  ])("until %s", (_, full) => {
    expect(waitsForMore(full, LIMITS, NOON)).toBe(false);
  });

  it("never where the tenant does not accumulate", () => {
    expect(waitsForMore(window(["2026-02-01T11:59:59Z"]), undefined, NOON)).toBe(false);
  });
});

describe("a run of a tenant that accumulates", () => {
  let exporter: ExporterUnderTest;
  beforeAll(async () => {
    exporter = await startExporter();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  afterAll(() => exporter.close());

  const run = (maxAgeSeconds: number, maxEvents: number) =>
    exporter.run({ settings: { accumulate: { maxAgeSeconds, maxEvents } } });
  /** The clock shows the tenant's time. */
  const synchronize = () => vi.useFakeTimers({ toFake: ["Date"], now: exporter.tenant.now() });

  it("leaves young events with the tenant, and stores nothing of them", async () => {
    await exporter.restart("young");
    exporter.tenant.advance(300_000);
    synchronize();
    const before = await exporter.storedCheckpoint();

    const result = await run(600, 100);

    expect(result).toMatchObject({ eventsRead: 0, eventsWaiting: 12, objects: [], caughtUp: true });
    const { updated_at, last_success_at, caught_up, released_by, ...after } =
      (await exporter.storedCheckpoint()) ?? {};
    const { updated_at: _, released_by: __, ...expected } = before ?? {};
    expect(after).toEqual(expected);
    expect(released_by).toEqual(expect.any(String));
    expect(last_success_at).toEqual(expect.any(String));
    expect(updated_at).toEqual(expect.any(String));
    expect(caught_up).toBe(true);
  });

  it("writes them, with what came meanwhile, when the oldest has the age", async () => {
    await exporter.restart("old");
    exporter.tenant.advance(300_000);
    synchronize();
    expect(await run(400, 100)).toMatchObject({ eventsWaiting: 12 });
    exporter.tenant.advance(300_000);
    synchronize();

    const result = await run(400, 100);

    expect(result).toMatchObject({ eventsWritten: 24, eventsWaiting: 0, caughtUp: true });
    expect(result.objects).toHaveLength(1);
    expect(await exporter.differences()).toEqual([]);
  });

  it("writes them when they are as many as may wait", async () => {
    await exporter.restart("many");
    exporter.tenant.advance(300_000);
    synchronize();
    expect(await run(86_400, 24)).toMatchObject({ eventsWaiting: 12 });
    exporter.tenant.advance(300_000);

    expect(await run(86_400, 24)).toMatchObject({ eventsWritten: 24, eventsWaiting: 0 });
    expect(await exporter.differences()).toEqual([]);
  });

  it("finishes a window that an earlier run began, whatever its age", async () => {
    await exporter.restart("begun");
    exporter.tenant.advance(300_000);
    synchronize();
    exporter.onCall((operation) =>
      operation === "PutObject" ? { status: 403, code: "AccessDenied" } : "pass",
    );
    await expect(exporter.run()).rejects.toThrow("AccessDenied");
    exporter.onCall(() => "pass");

    expect(await run(86_400, 100)).toMatchObject({ eventsWritten: 12, eventsWaiting: 0 });
    expect(await exporter.differences()).toEqual([]);
  });
});
