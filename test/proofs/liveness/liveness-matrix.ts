import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";
import { exporterAlarms } from "./alarms.js";
import {
  awsFault,
  DEPENDENCIES,
  type Dependency,
  EXPECTED,
  type Expectation,
  FAULTS,
  type Fault,
  tenantFault,
} from "./cells.js";
import { type Invocation, SECRET } from "./container.js";
import { type Cloud, Story, startCloud, timeAt } from "./hour.js";

/** Minutes after 08:00: the run before the hour, its twelve runs, and the one after it. */
const BEFORE = 6;
const HOUR = Array.from({ length: 12 }, (_, run) => 10 + 5 * run);
const AFTER = 70;

/** The metrics of a run that succeeds. */
const SUCCESS = [
  "EventsFiltered",
  "EventsQuarantined",
  "EventsRead",
  "EventsWaiting",
  "EventsWithoutSeverity",
  "EventsWritten",
  "FailedLookups",
  "LagSeconds",
  "ObjectsWritten",
  "RunDuration",
  "RunSucceeded",
  "SkippedLookups",
];

interface Cell {
  readonly dependency: Dependency;
  readonly fault: Fault;
}

const CELLS: readonly Cell[] = DEPENDENCIES.flatMap((dependency) =>
  FAULTS.map((fault) => ({ dependency, fault })),
);

/** Which part of the proof is run. */
export interface LivenessProof {
  /** One cell of how many is played. @default 1 */
  readonly every?: number;
}

/**
 * Proves that an hour in which a dependency fails costs no more than that hour: what is not needed for the events does
 * not stop them; otherwise every run ends within its time with an error that names the dependency, the alarms go off, and
 * the first healthy run catches up.
 */
export function proveLiveness({ every = 1 }: LivenessProof = {}): void {
  const isPlayed = (_: unknown, index: number) => index % every === 0;
  const cells = CELLS.filter(isPlayed);
  const alarms = exporterAlarms();
  const total = { cells: 0, runs: 0, failedRuns: 0, events: 0, lost: 0, doubled: 0, stuck: 0 };
  let cloud: Cloud;
  let story: Story;

  beforeAll(async () => {
    cloud = await startCloud();
  });
  afterAll(() => cloud.close());

  /** Plays a story and ends it, also when it fails. */
  async function play(name: string, acts: () => Promise<void>): Promise<void> {
    story = await Story.begin(name, cloud);
    try {
      await acts();
    } finally {
      await story.end();
    }
  }

  function begin({ dependency, fault }: Cell): void {
    if (dependency === "token" || dependency === "events" || dependency === "account") {
      story.tenantFails(tenantFault(dependency, fault));
    } else {
      cloud.onCall(({ service }) => (service === dependency ? awsFault(dependency, fault) : "pass"));
    }
  }

  /** The first healthy run exports everything that was left, and the next one finds nothing. */
  async function expectToCatchUp(minute = AFTER): Promise<void> {
    story.recover();
    const { result, error, metrics } = await story.invokeAt(minute);
    expect(error).toBe(undefined);
    expect(metrics).toMatchObject({ RunSucceeded: 1, EventsWritten: result?.eventsWritten });
    expect(result).toMatchObject({ outcome: "exported", caughtUp: true, eventsQuarantined: 0 });
    const { events, lost, doubled } = await story.accounting();
    const last = await story.invoke();
    total.runs += story.invocations.length;
    total.failedRuns += story.invocations.filter((invocation) => invocation.error !== undefined).length;
    total.events += events;
    total.lost += lost.length;
    total.doubled += doubled.length;
    total.stuck += last.result?.eventsRead === 0 && last.result.caughtUp ? 0 : 1;
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
    expect(last.result).toMatchObject({ outcome: "exported", eventsRead: 0, caughtUp: true });
    expect(alarms.goneOff(story.invocations, timeAt(minute), timeAt(minute + 5))).toEqual([]);
  }

  describe.each(cells)("GIVEN an hour of $dependency: $fault", (cell) => {
    it("THEN it costs what it must, and then nothing is missing", async () => {
      const { dependency, fault } = cell;
      const expected = EXPECTED[dependency][fault];
      await play(`${dependency}-${fault}`, async () => {
        const before = await story.invokeAt(BEFORE);
        expect(before.result).toMatchObject({ caughtUp: true, failedLookups: 0 });
        begin(cell);
        let lastSuccess = before;
        for (const [index, minute] of HOUR.entries()) {
          const invocation = await story.invokeAt(minute);
          if (index + 1 < (expected.failsFrom ?? Number.POSITIVE_INFINITY)) {
            expectSuccess(invocation, expected, story.newEvents);
            lastSuccess = invocation;
          } else {
            expectFailure(invocation, expected, story.tenant.url, lastSuccess);
          }
        }
        expect(alarms.goneOff(story.invocations, timeAt(10), timeAt(70)).toSorted()).toEqual(
          expected.alarms.toSorted(),
        );
        const longest = Math.max(...story.invocations.map(({ seconds }) => seconds));
        expect(longest).toBeGreaterThanOrEqual(expected.takesSeconds ?? 0);
        await expectToCatchUp();
      });
      total.cells += 1;
    }, 60_000);
  });

  describe("GIVEN DynamoDB that fails from the middle of a run on", () => {
    it.each(FAULTS.filter(isPlayed))(
      "THEN the next healthy run catches up: %s",
      async (fault) => {
        await play(`middle-${fault}`, async () => {
          await story.invokeAt(BEFORE);
          let calls = 0;
          // The lease is taken and the scores are read by then.
          cloud.onCall(({ service }) => {
            calls += service === "dynamodb" ? 1 : 0;
            return service === "dynamodb" && calls > 2 ? awsFault("dynamodb", fault) : "pass";
          });
          for (const minute of HOUR) {
            const { seconds, error } = await story.invokeAt(minute);
            expect(seconds).toBeLessThanOrEqual(240);
            expect(error ?? "").toMatch(fault === "slow" ? /^$/ : NAMES_THE_TABLE);
          }
          await expectToCatchUp();
        });
      },
      60_000,
    );
  });

  describe("GIVEN a run whose time is nearly over", () => {
    it.each([
      [
        "s3",
        "hangs",
        /^The run was abandoned 4 s before .* It waited for: Writing s3:\/\/lake\/ext\/\S+\.parquet\. /,
      ],
      [
        "sts",
        "hangs",
        /^The run was abandoned 4 s before .* It waited for: Writing \S+; Assuming role arn:\S+-eu-west-1\. /,
      ],
      ["dynamodb", "hangs", LATE_AT_THE_TABLE],
      // The run that was abandoned ends well, minutes after it was reported as failed.
      ["dynamodb", "slow", LATE_AT_THE_TABLE],
    ] as const)(
      "WHEN %s fails, too (%s) THEN it ends in time, says so, and the next run catches up",
      async (dependency, fault, says) => {
        await play(`late-${dependency}-${fault}`, async () => {
          await story.invokeAt(BEFORE);
          // Three minutes are over before the first page; the lake's session has ended by 08:25.
          story.tenantFails({ on: "events", kind: "429-retry-after", retryAfterSeconds: 60, times: 3 });
          let pages = 0;
          cloud.onCall(({ service }) => {
            pages = story.tenant
              .requests()
              .filter(({ path, status }) => path.includes("/events/") && status === 200).length;
            return service === dependency && pages > 1 ? awsFault(dependency, fault) : "pass";
          });

          const { seconds, error, metrics, log } = await story.invokeAt(25);

          expect(error).toMatch(says);
          expect(seconds).toBeGreaterThanOrEqual(236);
          expect(seconds).toBeLessThanOrEqual(239);
          expect(Object.keys(metrics).toSorted()).toEqual(["LagSeconds", "RunDuration"]);
          expect(metrics["LagSeconds"]).toBeGreaterThanOrEqual(19 * 60 + 236);
          expect(errorIn(log)).toBe(error);
          // What was abandoned ends in the meantime, and so does its lease.
          await expectToCatchUp(30);
        });
      },
      60_000,
    );
  });

  it("says how much that was", () => {
    const { runs, failedRuns, events, lost, doubled, stuck } = total;
    expect(total).toMatchObject({ cells: cells.length, lost: 0, doubled: 0, stuck: 0 });
    console.log(
      `Liveness matrix: ${cells.length} hours (${DEPENDENCIES.length} dependencies, ${FAULTS.length} faults), ` +
        `${runs} runs, of which ${failedRuns} failed as they must; ${events} events: ` +
        `${lost} lost, ${doubled} doubled, ${stuck} stuck`,
    );
  });
}

const LATE_AT_THE_TABLE =
  /^The run was abandoned 4 s before .* of DynamoDB table vectra-exporter-checkpoints\. /;
const NAMES_THE_TABLE = /^\w+ of DynamoDB table vectra-exporter-checkpoints failed: \S/;

/** A run that does without what fails. */
function expectSuccess(
  { error, result, seconds, metrics }: Invocation,
  { withoutAccounts }: Expectation,
  events: readonly EntityScoringEvent[],
): void {
  const accounts = new Set(events.map(({ entity_id }) => entity_id)).size;
  expect(error).toBe(undefined);
  expect(result).toMatchObject({ eventsWritten: events.length, caughtUp: true });
  expect(seconds).toBeLessThanOrEqual(240);
  expect(Object.keys(metrics).toSorted()).toEqual(SUCCESS);
  expect(metrics).toMatchObject({ RunSucceeded: 1, EventsWritten: events.length, EventsQuarantined: 0 });
  const { FailedLookups = 0, SkippedLookups = 0 } = metrics;
  expect(FailedLookups + SkippedLookups).toBe(withoutAccounts ? accounts : 0);
  // Where the table answers too late, the lag is since the run before: a tick and what this one took.
  expect(metrics["LagSeconds"]).toBeLessThanOrEqual(300 + seconds);
}

/** A run that cannot do without it. */
function expectFailure(
  { error, result, startedAt, seconds, metrics, log }: Invocation,
  { error: says, withinSeconds, failureMetric }: Expectation,
  tenantUrl: string,
  lastSuccess: Invocation,
): void {
  const message = says?.(tenantUrl);
  expect(result).toBe(undefined);
  expect(error).toEqual(message instanceof RegExp ? expect.stringMatching(message) : message);
  expect(errorIn(log)).toBe(error);
  expect(log).not.toContain(SECRET.client_secret);
  expect(seconds).toBeLessThanOrEqual(withinSeconds ?? 0);
  const others = failureMetric === undefined ? [] : [failureMetric];
  expect(Object.keys(metrics).toSorted()).toEqual(["LagSeconds", "RunDuration", ...others]);
  expect(others.map((name) => metrics[name])).toEqual(others.map(() => 1));
  const since = (startedAt - lastSuccess.startedAt) / 1000 + seconds - lastSuccess.seconds;
  expect(Math.abs((metrics["LagSeconds"] ?? 0) - since)).toBeLessThanOrEqual(2);
}

/** The message of the one error in a log. */
function errorIn(log: string): string | undefined {
  const errors = log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line))
    .filter(({ level }) => level === "ERROR");
  expect(errors).toHaveLength(1);
  return errors[0]?.error.message;
}
