import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireTime } from "../../../../functions/security-lake-exporter/run/run-time.js";
import { type ExporterUnderTest, startExporter } from "../../../proofs/rig/exporter.js";

let exporter: ExporterUnderTest;
beforeEach(async () => {
  exporter = await startExporter();
});
afterEach(() => exporter.close());

/** The run's time, of which the tenant's token takes all but a rest. */
function untilTheToken(left: number): () => number {
  return () => (exporter.tenant.requests().some(({ path }) => path === "/oauth2/token") ? left : 240_000);
}

describe("a run without time for a window", () => {
  it("is no success: it names what took the time and the remedy, moves nothing, and gives its lease back", async () => {
    const run = exporter.run({ settings: { start: "latest" }, remaining: untilTheToken(29_400) });

    await expect(run).rejects.toMatchObject({
      name: "OutOfTimeError",
      message:
        "No window was started: 29 s of the run's time were left for the first one, and none is started in the last 30 s. " +
        `Check whether the checkpoint table (lease) or ${exporter.tenant.url} (token, newest event) answers slowly. ` +
        "Raise timeoutSeconds of the exporter (default 240, maximum 900). Nothing is lost: the cursor is at the end of " +
        "the last complete window.",
    });
    expect(await exporter.storedCheckpoint()).not.toHaveProperty("last_success_at");
    expect(await exporter.storedCheckpoint()).not.toHaveProperty("lease_owner");
    expect(await exporter.run()).toMatchObject({ outcome: "exported", caughtUp: true });
  });

  it("that had no time from the start says so too, also where nobody knows whether there are events", async () => {
    await exporter.run();

    await expect(exporter.run({ remaining: 30_000 })).rejects.toThrow(
      "No window was started: 30 s of the run's time were left",
    );
  });

  it("takes a window where the token leaves more, and is a success", async () => {
    const run = exporter.run({ settings: { start: "latest" }, remaining: untilTheToken(31_000) });

    expect(await run).toMatchObject({ eventsRead: 0, caughtUp: true });
    expect(await exporter.storedCheckpoint()).toHaveProperty("last_success_at");
  });

  it("of a backfill fails too", async () => {
    const range = await exporter.restart("history", 600_000);
    await exporter.run();

    await expect(exporter.backfill(range, { remaining: 20_000 })).rejects.toThrow(
      "No window was started: 20 s of the run's time were left",
    );
  });

  it("that ends in the middle of one says that its time was over, not that something was aborted", async () => {
    exporter.tenant.faults.add({ on: "events", kind: "hang" });
    // Time for a window at first; the deadline, five seconds before the end, comes while the tenant is silent.
    let asked = 0;
    const remaining = () => (asked++ === 1 ? 5_300 : 35_000);

    await expect(exporter.run({ remaining })).rejects.toMatchObject({
      name: "OutOfTimeError",
      message: expect.stringContaining("The run ran out of time before its window was complete"),
    });
    expect(await exporter.run()).toMatchObject({ eventsWritten: 36, caughtUp: true });
  });
});

describe("a run that may take few events", () => {
  it("is a success with as many, though the tenant has more", async () => {
    const limits = { pageSize: 1000, windowEvents: 10_000, maxEvents: 7 };

    expect(await exporter.run({ limits })).toMatchObject({ eventsWritten: 7, caughtUp: false });
    expect(await exporter.storedCheckpoint()).toMatchObject({ caught_up: false });
    expect(await exporter.storedCheckpoint()).not.toHaveProperty("caught_up_at");
  });
});

describe("the least time of an invocation", () => {
  it("is a minute, less what Lambda takes before the function looks at the clock", () => {
    expect(() => requireTime(57_999)).toThrow("The function's time limit is 58 s and must be at least 60 s");
    expect(() => requireTime(58_000)).not.toThrow();
  });
});

describe("a run whose time is nearly over", () => {
  it("stops taking windows when its time is nearly over, and the next one continues", async () => {
    const hasWritten = () => exporter.aws.calls().some(({ operation }) => operation === "PutObject");
    const result = await exporter.run({
      limits: { pageSize: 10, windowEvents: 10 },
      remaining: () => (hasWritten() ? 30_000 : 240_000),
    });

    expect(result).toMatchObject({ eventsWritten: 10, caughtUp: false });
    await exporter.run();
    expect(await exporter.differences()).toEqual([]);
  });
});
