import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SqliteTable } from "../../../cli/exporters/local/sqlite-table.js";
import type { ProfileName } from "../../../facts/profiles.js";
import { type ExporterUnderTest, startExporter } from "../rig/exporter.js";
import { expectEachOnce } from "./accounting.js";
import { CANARY, EVENT_KINDS, type FuzzedLog, fuzzedLog } from "./events.js";
import { PAGE_KINDS, type PageSpoiling, pageSpoiling, treatmentOf } from "./pages.js";
import { type FuzzingTenant, startFuzzingTenant } from "./tenant.js";

/** What a run may fail with, each naming what is wrong; anything else is a crash. */
const CLEAR_ERROR = new RegExp(
  [
    "answered with an unexpected shape: answer",
    "the cursor does not advance",
    "beyond every event",
    "with a body that is not JSON",
    "more than the exporter reads, although only one event was requested",
    "answered (400|403|404|429|500)",
    "answered with a redirect",
    "failed: (terminated|fetch failed|incorrect header check)",
    "refused the API client \\(401",
    "held \\d+ events when it was fixed, and the tenant now returns",
  ].join("|"),
);

const settings = fc.record({
  profile: fc.constantFrom<ProfileName[]>("vectra", "security-finding-1.1", "detection-finding-1.3"),
  rawData: fc.boolean(),
  partitionBy: fc.constantFrom("fixed" as const, "event" as const),
  filters: fc.record({
    accounts: fc.constantFrom("aws" as const, "all" as const),
    prioritizedOnly: fc.constantFrom(false, false, true),
  }),
});
const limits = fc.record({
  pageSize: fc.integer({ min: 1, max: 12 }),
  windowEvents: fc.integer({ min: 1, max: 40 }),
});

/**
 * The proof that no input from a tenant stops the exporter for good, and that every event is accounted for: in the
 * lake, in quarantine with a reason, or filtered.
 *
 * @param events how many; and as many pages at least.
 */
export function proveBadInput({ events, seed }: { events: number; seed: number }): void {
  const eventsOfLog = 100;
  let exporter: ExporterUnderTest;
  let tenant: FuzzingTenant;
  const counts = { events: 0, pages: 0, refused: 0, written: 0, quarantined: 0, filtered: 0, repeated: 0 };
  const seen = new Map<string, number>(
    ["DynamoDB", "SQLite", "window left unfinished", ...EVENT_KINDS, ...PAGE_KINDS].map((kind) => [kind, 0]),
  );
  const see = (kind: string) => seen.set(kind, (seen.get(kind) ?? 0) + 1);
  let logs = 0;

  beforeAll(async () => {
    exporter = await startExporter();
    tenant = await startFuzzingTenant();
  });
  afterAll(async () => {
    await tenant.close();
    await exporter.close();
  });

  it("any events in any pages: each is written, or quarantined with a reason, or filtered", {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          log: fuzzedLog(eventsOfLog),
          spoilings: fc.array(pageSpoiling, {
            minLength: eventsOfLog,
            maxLength: eventsOfLog,
          }),
          settings,
          limits,
          otherLimits: limits,
        }),
        playLog,
      ),
      { numRuns: events / eventsOfLog, seed, endOnFailure: true, asyncReporter: throwWithoutLog },
    );
    // A sample need not have seen everything.
    if (events >= 1000) {
      expect([...seen].filter(([, times]) => times === 0)).toEqual([]);
    }
    console.log(
      `Fuzz: seed ${seed}, ${counts.events} events in ${counts.pages} pages: ${counts.written} written, ` +
        `${counts.quarantined} quarantined with a reason, ${counts.filtered} filtered, ${counts.repeated} repeated, ` +
        `${counts.refused} pages refused, 0 lost, 0 doubled, 0 crashes`,
    );
    console.log([...seen].map(([kind, times]) => `${kind}: ${times}`).join(", "));
  });

  async function playLog(played: {
    log: FuzzedLog;
    spoilings: readonly PageSpoiling[];
    settings: typeof settings extends fc.Arbitrary<infer T> ? T : never;
    limits: typeof limits extends fc.Arbitrary<infer T> ? T : never;
    otherLimits: typeof limits extends fc.Arbitrary<infer T> ? T : never;
  }): Promise<void> {
    const { log } = played;
    logs += 1;
    // DynamoDB has limits of its own, and takes three times as long.
    const state = logs % 5 === 1 ? "DynamoDB" : "SQLite";
    see(state);
    const sqlite = new DatabaseSync(":memory:");
    const api = log.legacy ? "v3.3" : "v3.4";
    exporter.restartAtBeginning(
      `fuzz-${logs}`,
      state === "SQLite" ? new SqliteTable(sqlite) : undefined,
      api,
    );
    tenant.play(
      log.events.map(({ text }) => text),
      played.spoilings,
    );
    // Kept for all runs, as a warm container is.
    const container = exporter.container();
    const settings = { ...played.settings, url: tenant.url, api } as const;
    let runs = 0;
    const run = () => {
      runs += 1;
      const limits = runs % 2 === 0 ? played.limits : played.otherLimits;
      return container.run({ settings, limits });
    };

    for (let spoiled = true; spoiled; ) {
      const served = tenant.served().length;
      const result = await run().catch((error: unknown) => error);
      const pages = tenant.served().slice(served);
      spoiled = pages.some(({ kind }) => kind !== "as it should be") || result instanceof Error;
      // No loop: each page that is taken moves the cursor, each other one is asked for twice.
      expect(pages.length).toBeLessThanOrEqual(2 * (log.events.length + 3));
      await expectTreatment(result, pages);
    }
    tenant.becomeSane();
    expect(await run()).toMatchObject({ eventsRead: 0, caughtUp: true });

    const accounted = await expectEachOnce(exporter, log, played.settings);
    for (const { kinds } of log.events) {
      kinds.forEach(see);
    }
    for (const { kind } of tenant.served()) {
      see(kind);
    }
    counts.events += log.events.length;
    counts.pages += tenant.served().length;
    counts.refused += tenant.served().filter(({ kind }) => treatmentOf(kind) !== "taken").length;
    counts.written += accounted.written;
    counts.quarantined += accounted.quarantined;
    counts.filtered += accounted.filtered;
    counts.repeated += accounted.repeated;
  }

  /** A page that cannot be taken ends the run with a clear error, and the cursor stays before it. */
  async function expectTreatment(result: unknown, pages: ReturnType<FuzzingTenant["served"]>): Promise<void> {
    const last = pages.at(-1);
    const refused = pages.filter(({ kind }) => treatmentOf(kind) === "refused");
    if (!(result instanceof Error)) {
      const { eventsRead, eventsWritten, eventsFiltered, eventsQuarantined } = result as Record<
        string,
        number
      >;
      expect(refused).toEqual([]);
      expect(eventsRead).toBe((eventsWritten ?? 0) + (eventsFiltered ?? 0) + (eventsQuarantined ?? 0));
      return;
    }
    if (!CLEAR_ERROR.test(result.message)) {
      throw new Error("A crash", { cause: result });
    }
    expect(result.message).not.toMatch(new RegExp(`${CANARY}|AWS:`));
    expect(refused.slice(0, -1)).toEqual([]);
    const checkpoint = await exporter.storedCheckpoint();
    expect(checkpoint?.["next_from"]).toBeLessThanOrEqual(last?.from ?? 0);
    if (result.message.includes("held")) {
      // Only a tenant that says now this, now that can give other events than those of a window that it gave before.
      expect(pages.filter(({ kind }) => kind !== "as it should be")).not.toEqual([]);
      see("window that changed");
    } else if (result.message.includes("/accounts/")) {
      expect(checkpoint).toHaveProperty("intent");
      see("window left unfinished");
    } else {
      expect(last === undefined ? "no page" : treatmentOf(last.kind)).not.toBe("taken");
    }
    expect(checkpoint).not.toHaveProperty("lease_owner");
  }
}

/** A log is too long to be printed; seed and path play it again. */
async function throwWithoutLog<T>({ failed, seed, counterexamplePath, errorInstance }: fc.RunDetails<T>) {
  if (failed) {
    throw new Error(`Fuzz failed: seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
  }
}
