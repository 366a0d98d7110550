import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Tenant as TenantSettings } from "../../../functions/security-lake-exporter/settings.js";
import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import type { AwsFault } from "../../../simulator/aws/stand-ins.js";
import type { ContainerOptions, RunOptions } from "../rig/exporter.js";
import { fallAsleep, type Sleeper } from "../rig/sleeper.js";
import { MOMENTS, Stage } from "../rig/stage.js";
import { LARGE } from "../rig/subjects.js";

const HOUR = 3_600_000;

const limits = fc.record({
  pageSize: fc.integer({ min: 1, max: 8 }),
  windowEvents: fc.integer({ min: 1, max: 12 }),
});
/** What runs: the live export, or the backfill of the story's history. */
const who = fc.constantFrom("live", "live", "backfill");

/** Everything that a schedule may hold. */
const action = fc.oneof(
  fc.record({ kind: fc.constant("run" as const), who, limits }),
  fc.record({
    kind: fc.constant("run that accumulates" as const),
    maxEvents: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant("overlapping runs" as const), limits, runs: fc.integer({ min: 2, max: 5 }) }),
  fc.record({
    kind: fc.constant("crash" as const),
    who,
    limits,
    call: fc.nat({ max: 40 }),
    moment: fc.constantFrom(...MOMENTS),
  }),
  fc.record({ kind: fc.constant("fall asleep" as const), who, limits, step: fc.nat({ max: 42 }) }),
  fc.constant({ kind: "wake up" } as const),
  fc.record({
    kind: fc.constant("tenant fault" as const),
    fault: fc.constantFrom(
      "429",
      "500",
      "401",
      "truncated",
      "disconnect",
      "html",
      "wrong-json",
      "out-of-order",
      "repeated",
      "checkpoint-stuck",
      "checkpoint-backwards",
    ),
    times: fc.integer({ min: 1, max: 3 }),
    after: fc.nat({ max: 3 }),
  }),
  fc.record({
    kind: fc.constant("Retry-After" as const),
    on: fc.constantFrom("token", "events", "account"),
    seconds: fc.constantFrom(0, 3600),
  }),
  fc.record({
    kind: fc.constant("aws fault" as const),
    operation: fc.constantFrom(
      "PutObject",
      "UpdateItem",
      "BatchGetItem",
      "AssumeRole",
      "Query",
      "DeleteItem",
    ),
    fault: fc.constantFrom<AwsFault>(
      { status: 403, code: "AccessDenied" },
      { status: 400, code: "ProvisionedThroughputExceededException" },
      "drop",
      "drop-answer",
    ),
    at: fc.nat({ max: 12 }),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    kind: fc.constant("time passes" as const),
    minutes: fc.integer({ min: 1, max: 15 }),
    // So many of its events cannot be exported by this version of the function.
    spoiled: fc.constantFrom(0, 0, 1, 2),
  }),
  fc.constant({ kind: "a version that can export them" } as const),
  fc.record({
    kind: fc.constant("other settings" as const),
    settings: fc.constantFrom<Partial<TenantSettings>>(
      { partitionAccountId: "444444444444" },
      { partitionBy: "event" },
      { rawData: true },
      { assignmentRequired: true },
    ),
  }),
  // Runs that find unfinished work are refused then.
  fc.record({
    kind: fc.constant("the lake moves" as const),
    lakePrefix: fc.constantFrom("ext/vectra-cdr/", "ext/vectra-cdr/moved/"),
  }),
  fc.constant({ kind: "redrive" } as const),
  fc.record({ kind: fc.constant("the clock jumps" as const), hours: fc.integer({ min: -5, max: 5 }) }),
  fc.constant({ kind: "leases end" } as const),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/**
 * The proof that every event is in the lake exactly once after any schedule of runs and mishaps.
 *
 * @param schedules how many.
 * @param seed makes the schedules the same again.
 * @param countAgain counts the events of all stories in the lake in another way.
 */
export function proveSchedules({
  schedules,
  seed,
  countAgain,
}: {
  schedules: number;
  seed: number;
  countAgain?: (stage: Stage) => Promise<void>;
}): void {
  let stage: Stage;
  const played = new Map<string, number>();
  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage.close());

  it("after any schedule of runs, crashes, overlaps, sleeps, faults and clocks", {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 1, maxLength: 10 }),
        fc.boolean(),
        async (actions, wakeFirst) => {
          const range = await stage.newStoryWithHistory();
          stage.exporter.tenant.advance(HOUR / 12);
          const sleepers: Sleeper[] = [];
          const deployed: Deployed = {};
          const reordered = actions.some((next) => "fault" in next && next.fault === "out-of-order");
          const directions = reordered ? "any" : "unknown";
          for (const next of actions) {
            played.set(next.kind, (played.get(next.kind) ?? 0) + 1);
            await play(stage, next, { range, sleepers, deployed });
          }
          stage.live();
          stage.exporter.tenant.faults.clear();
          if (wakeFirst) {
            await wakeAll(sleepers);
          }
          stage.letTheLeasesEnd();

          await finishBoth(stage, range, deployed);
          await stage.expectExactlyOnce(undefined, directions);
          await wakeAll(sleepers);
          await finishBoth(stage, range, deployed);
          await stage.expectExactlyOnce(undefined, directions);
        },
      ),
      { numRuns: schedules, seed, verbose: 1, endOnFailure: true },
    );
    // A sample need not have played everything.
    if (schedules >= 100) {
      expect(played.size).toBe(16);
    }
    const kinds = [...played].map(([kind, times]) => `${kind} ${times}`).toSorted();
    console.log(`Schedules: seed ${seed}, ${schedules} schedules of ${kinds.join(", ")}: 0 lost, 0 doubled`);
  });

  if (countAgain !== undefined) {
    it("the lake holds each event once, as another reader counts", () => countAgain(stage));
  }
}

/** What the runs of a schedule have in common from now on. */
interface Deployed {
  settings?: Partial<TenantSettings>;
  lakePrefix?: string;
}

async function play(
  stage: Stage,
  next: Action,
  {
    range,
    sleepers,
    deployed,
  }: { readonly range: TimeRange; readonly sleepers: Sleeper[]; readonly deployed: Deployed },
): Promise<void> {
  const { exporter } = stage;
  const run = (options: RunOptions & ContainerOptions & { who: string }) => {
    const all = { ...options, ...deployed };
    return options.who === "live" ? exporter.run(all) : exporter.backfill(range, all);
  };
  switch (next.kind) {
    case "run":
      await run(next).catch(() => undefined);
      break;
    case "run that accumulates": {
      const accumulate = { maxAgeSeconds: 86_400, maxEvents: next.maxEvents };
      const settings = { ...deployed.settings, accumulate };
      await exporter.run({ ...deployed, settings }).catch(() => undefined);
      break;
    }
    case "overlapping runs":
      await Promise.allSettled([
        run({ ...next, who: "backfill" }),
        ...Array.from({ length: next.runs }, () => run({ ...next, who: "live" })),
      ]);
      break;
    case "crash":
      await stage.crashed(() => run(next), next.call, next.moment);
      break;
    case "fall asleep":
      sleepers.push(await fallAsleep((options) => run({ ...options, who: next.who }), next, next.step));
      break;
    case "wake up":
      await sleepers.shift()?.wake();
      break;
    case "tenant fault":
      exporter.tenant.faults.add({ on: "events", kind: next.fault, times: next.times, after: next.after });
      break;
    case "Retry-After":
      exporter.tenant.faults.add({ on: next.on, kind: "429-retry-after", retryAfterSeconds: next.seconds });
      break;
    case "aws fault":
      failAws(stage, next);
      break;
    case "time passes":
      for (const { id } of exporter.tenant.advance(next.minutes * 60_000).slice(0, next.spoiled)) {
        exporter.tamper(id, { entity_id: "eight" });
      }
      break;
    case "a version that can export them":
      // Runs of the version before have ended by then: a function's run takes 15 minutes at most.
      await wakeAll(sleepers);
      stage.live();
      await exporter.fixAll();
      break;
    case "other settings":
      deployed.settings = next.settings;
      break;
    case "the lake moves":
      deployed.lakePrefix = next.lakePrefix;
      break;
    case "redrive":
      await exporter.redrive(deployed).catch(() => undefined);
      break;
    case "the clock jumps":
      stage.jump(next.hours * HOUR);
      break;
    case "leases end":
      stage.letTheLeasesEnd();
  }
}

function failAws(
  { exporter }: Stage,
  { operation, fault, at, times }: Extract<Action, { kind: "aws fault" }>,
): void {
  let seen = 0;
  exporter.onCall((called) => {
    if (called !== operation) {
      return "pass";
    }
    seen += 1;
    return seen > at && seen <= at + times ? fault : "pass";
  });
}

async function wakeAll(sleepers: Sleeper[]): Promise<void> {
  for (const sleeper of sleepers.splice(0)) {
    await sleeper.wake();
  }
}

/** Work that belongs to the place before is finished there first. */
async function finishBoth(stage: Stage, range: TimeRange, { lakePrefix, settings }: Deployed): Promise<void> {
  const { exporter } = stage;
  for (const prefix of ["ext/vectra-cdr/", "ext/vectra-cdr/moved/"]) {
    if (lakePrefix !== undefined) {
      const there = { limits: LARGE, lakePrefix: prefix, ...(settings === undefined ? {} : { settings }) };
      await exporter.run(there).catch(() => undefined);
      await exporter.backfill(range, there).catch(() => undefined);
    }
  }
  await finish(stage, range);
}

/** What other runs do once all is well. */
async function finish({ exporter }: Stage, range: TimeRange): Promise<void> {
  expect(await exporter.run({ limits: LARGE })).toMatchObject({ outcome: "exported", caughtUp: true });
  expect(await exporter.backfill(range, { limits: LARGE })).toMatchObject({ caughtUp: true });
  expect(await exporter.run({ limits: LARGE })).toMatchObject({ eventsRead: 0, caughtUp: true });
}
