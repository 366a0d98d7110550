import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { AwsFault } from "../../simulator/aws/stand-ins.js";
import { type ExporterUnderTest, startExporter } from "../functions/exporter.js";

/** The run that crashes cuts 6 events into windows of 4 and 2, in pages of 2; the next one takes all at once. */
const SMALL = { pageSize: 2, windowEvents: 4 };
const LARGE = { pageSize: 1000, windowEvents: 10_000 };
const QUARTER_OF_AN_HOUR = 900_000;

/** Where a run dies, relative to one of its calls; `after` is after the effect, before the answer. */
const MOMENTS = ["before", "after"] as const;
type Moment = (typeof MOMENTS)[number];

let exporter: ExporterUnderTest;
const realFetch = globalThis.fetch;
let stories = 0;

/** Every call of a run passes here, to Vectra and to AWS; `decide` gets its number. */
function intercept(decide: (call: number) => "pass" | "dead" | "after"): void {
  let calls = 0;
  const next = () => decide(calls++);
  vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
    const verdict = next();
    if (verdict === "dead") throw new TypeError("fetch failed");
    const response = await realFetch(...request);
    if (verdict === "after") throw new TypeError("fetch failed");
    return response;
  });
  exporter.onCall((): AwsFault => {
    const verdict = next();
    if (verdict === "after") return "drop-answer";
    return verdict === "dead" ? { status: 400, code: "SimulatedCrash" } : "pass";
  });
}

function live(): void {
  vi.unstubAllGlobals();
  exporter.onCall(() => "pass");
}

/** A run that dies at its n-th call: nothing it does from then on has an effect. */
async function crashedRun(call: number, moment: Moment): Promise<void> {
  intercept((number) => {
    if (number < call) return "pass";
    return number === call && moment === "after" ? "after" : "dead";
  });
  await exporter.run({ limits: SMALL }).catch(() => undefined);
  live();
}

async function newStory(): Promise<void> {
  stories += 1;
  await exporter.restart(`story-${stories}`);
  exporter.tenant.advance(QUARTER_OF_AN_HOUR);
}

/** The lease of a run that died ends by itself. */
function letTheLeaseEnd(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });
}

/**
 * The proof that every event is in the lake exactly once.
 *
 * @param crashEvery 1 crashes a run at each call that it makes, n at every n-th.
 * @param sequences random sequences of runs and mishaps.
 */
export function proveExactlyOnce({ crashEvery, sequences }: { crashEvery: number; sequences: number }): void {
  beforeAll(async () => {
    exporter = await startExporter({ accounts: 3, eventsPerTick: 2 });
  });
  afterEach(() => {
    live();
    vi.useRealTimers();
  });
  afterAll(() => exporter.close());

  it("when a run dies before, or after, each call that it makes", { timeout: 120_000 }, async () => {
    await newStory();
    let calls = 0;
    intercept((number) => {
      calls = number + 1;
      return "pass";
    });
    await exporter.run({ limits: SMALL });
    live();
    expect(calls).toBeGreaterThan(30);

    for (const moment of MOMENTS) {
      for (let call = 0; call < calls; call += crashEvery) {
        await newStory();
        await crashedRun(call, moment);
        exporter.tenant.advance(300_000);
        letTheLeaseEnd();

        await exporter.run({ limits: LARGE });

        const where = `a crash ${moment} call ${call + 1} of ${calls}`;
        expect(await exporter.differences(), where).toEqual([]);
        expect(await exporter.run({ limits: LARGE }), where).toMatchObject({ eventsRead: 0, caughtUp: true });
        vi.useRealTimers();
      }
    }
    const crashes = Math.ceil(calls / crashEvery) * MOMENTS.length;
    console.log(`Crash matrix: ${crashes} crashes at ${calls} calls, 0 lost, 0 doubled`);
  });

  it("after any sequence of runs, crashes, overlaps, faults and pauses", { timeout: 120_000 }, async () => {
    const limits = fc.record({
      pageSize: fc.integer({ min: 1, max: 8 }),
      windowEvents: fc.integer({ min: 1, max: 12 }),
    });
    const step = fc.oneof(
      fc.record({ kind: fc.constant("run" as const), limits }),
      fc.record({ kind: fc.constant("overlap" as const), limits }),
      fc.record({
        kind: fc.constant("crash" as const),
        call: fc.nat({ max: 40 }),
        moment: fc.constantFrom(...MOMENTS),
      }),
      fc.record({
        kind: fc.constant("tenant fault" as const),
        fault: fc.constantFrom(
          "429",
          "500",
          "401",
          "truncated",
          "disconnect",
          "html",
          "out-of-order",
          "repeated",
          "checkpoint-stuck",
        ),
        after: fc.nat({ max: 3 }),
      }),
      fc.record({
        kind: fc.constant("aws fault" as const),
        operation: fc.constantFrom("PutObject", "UpdateItem", "BatchGetItem", "AssumeRole"),
        code: fc.constantFrom("AccessDenied", "ValidationException"),
        at: fc.nat({ max: 12 }),
      }),
      fc.record({ kind: fc.constant("time" as const), minutes: fc.integer({ min: 1, max: 15 }) }),
      fc.constant({ kind: "lease ends" } as const),
    );

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        vi.useRealTimers();
        await newStory();
        for (const action of steps) {
          switch (action.kind) {
            case "run":
              await exporter.run({ limits: action.limits }).catch(() => undefined);
              break;
            case "overlap":
              await Promise.allSettled([1, 2, 3].map(() => exporter.run({ limits: action.limits })));
              break;
            case "crash":
              await crashedRun(action.call, action.moment);
              break;
            case "tenant fault":
              exporter.tenant.faults.add({
                on: "events",
                kind: action.fault,
                times: 1,
                after: action.after,
              });
              break;
            case "aws fault": {
              let seen = 0;
              exporter.onCall((operation) => {
                if (operation === action.operation) seen += 1;
                const fails = operation === action.operation && seen === action.at;
                return fails ? { status: 400, code: action.code } : "pass";
              });
              break;
            }
            case "time":
              exporter.tenant.advance(action.minutes * 60_000);
              break;
            case "lease ends":
              letTheLeaseEnd();
          }
        }
        live();
        exporter.tenant.faults.clear();
        letTheLeaseEnd();

        await exporter.run({ limits: LARGE });
        expect(await exporter.differences()).toEqual([]);
        expect(await exporter.run({ limits: LARGE })).toMatchObject({ eventsRead: 0, caughtUp: true });
      }),
      { numRuns: sequences, verbose: 1, endOnFailure: true },
    );
  });
}
