import { SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, it, vi } from "vitest";
import { StateMachineFanOut } from "../../../../cli/exporters/deployed/fan-out.js";
import { splitRange } from "../../../../cli/exporters/deployed/time-slices.js";
import type { FanOutProgress } from "../../../../cli/exporters/exporter-target.js";
import { type AwsAnswer, AwsFailure, type AwsStandIn, startAws } from "./deployed-aws.js";

const HOME = "arn:aws:states:eu-west-1:333333333333";
const MACHINE = `${HOME}:stateMachine:vectra-cdr-exporter-backfill`;
const EXECUTION = `${HOME}:execution:vectra-cdr-exporter-backfill:acme-20260101T000000Z-20260101T000010Z-3`;
const REQUEST = {
  range: { from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:00:10Z" },
  allowOverlap: false,
  estimate: false,
};
const WINDOWS = [
  { from: "2026-01-01T00:00:00Z", to: "2026-01-01T00:00:03Z" },
  { from: "2026-01-01T00:00:03Z", to: "2026-01-01T00:00:06Z" },
  { from: "2026-01-01T00:00:06Z", to: "2026-01-01T00:00:10Z" },
];

const POLLING = { intervalSeconds: 0.001, deadlineSeconds: 24 * 3600 };

let aws: AwsStandIn | undefined;

afterEach(async () => {
  await aws?.close();
  aws = undefined;
  vi.useRealTimers();
});

/** Executions by ARN; those that are started succeed when they are looked at for the third time. */
async function fanOut(executions: Record<string, { status: string; cause?: string }> = {}, more = {}) {
  let looks = 0;
  const answers: Record<string, AwsAnswer> = {
    DescribeStateMachine: () => ({
      definition: JSON.stringify({
        States: { Check: { Type: "Choice" }, Windows: { Type: "Map", MaxConcurrency: 2 } },
      }),
    }),
    DescribeExecution: ({ executionArn }) => {
      const found = executions[String(executionArn)];
      if (found === undefined) {
        throw new AwsFailure("ExecutionDoesNotExist", "Execution Does Not Exist");
      }
      looks += 1;
      if (found.status === "RUNNING" && looks === 3) {
        found.status = "SUCCEEDED";
      }
      return { executionArn, name: String(executionArn).split(":").at(-1), ...found };
    },
    StartExecution: ({ name }) => {
      executions[`${HOME}:execution:vectra-cdr-exporter-backfill:${name}`] = { status: "RUNNING" };
      return { executionArn: name };
    },
    ListMapRuns: () => ({ mapRuns: looks < 2 ? [] : [{ mapRunArn: `${HOME}:mapRun:m/windows:1` }] }),
    DescribeMapRun: () => ({
      itemCounts:
        looks < 3
          ? { pending: 1, running: 2, succeeded: 0 }
          : { pending: 0, running: 0, succeeded: 2, failed: 1 },
    }),
    ...more,
  };
  aws = await startAws(answers);
  const client = new SFNClient({
    endpoint: String(aws.environment["AWS_ENDPOINT_URL"]),
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "unchecked" },
  });
  const estimate = async (tenant: string, { range }: typeof REQUEST) => ({
    tenant,
    events: Date.parse(range.to) - Date.parse(range.from),
    overlap: range.to === "2026-01-01T00:00:06Z" ? "globex has part of these events" : null,
  });
  return { fanOut: new StateMachineFanOut(client, MACHINE, estimate, POLLING), aws };
}

const started = (stand: AwsStandIn) => stand.requests("StartExecution").map(({ name }) => name);

describe("GIVEN a range of time", () => {
  it("WHEN it is split THEN the windows touch, and cover it in whole seconds", () => {
    expect(splitRange(REQUEST.range, 3)).toEqual(WINDOWS);
  });

  it.each([
    [0, "0 slices are not possible: choose a whole number from 1 to 1000."],
    [1.5, "1.5 slices are not possible: choose a whole number from 1 to 1000."],
    [1001, "1001 slices are not possible: choose a whole number from 1 to 1000."],
    [
      11,
      "11 slices are more than the 10 seconds from 2026-01-01T00:00:00Z to 2026-01-01T00:00:10Z: choose fewer.",
    ],
  ])("WHEN it is to be split into %s THEN that is wrong usage", (count, message) => {
    expect(() => splitRange(REQUEST.range, count)).toThrow(
      expect.objectContaining({ name: "UsageError", message }),
    );
  });
});

describe("GIVEN a state machine", () => {
  it("WHEN a range is estimated THEN every window is, and what one would refuse is told", async () => {
    const { fanOut: machine } = await fanOut();

    expect(await machine.estimate("acme", REQUEST, 3)).toEqual({
      tenant: "acme",
      events: 10_000,
      overlap: "globex has part of these events",
    });
  });

  it("WHEN a range is fanned out THEN one execution takes its windows, and its progress is told until it ends", async () => {
    const { fanOut: machine, aws: stand } = await fanOut();
    const progress: FanOutProgress[] = [];

    const result = await machine.run("acme", REQUEST, 3, (step) => progress.push(step));

    expect(result).toEqual({ execution: `${EXECUTION}-1`, windows: 3, resumed: false });
    expect(stand.requests("StartExecution")).toEqual([
      {
        stateMachineArn: MACHINE,
        name: "acme-20260101T000000Z-20260101T000010Z-3-1",
        input: JSON.stringify({ tenant: "acme", windows: WINDOWS }),
      },
    ]);
    expect(progress).toEqual([
      { total: 3, ended: 0, running: 0 },
      { total: 3, ended: 0, running: 2 },
      { total: 3, ended: 3, running: 0 },
    ]);
  });

  it("WHEN overlap and a rate are allowed THEN the windows that run at once share the rate", async () => {
    const { fanOut: machine, aws: stand } = await fanOut();

    await machine.run("acme", { ...REQUEST, allowOverlap: true, requestsPerMinute: 61 }, 3, () => undefined);

    expect(JSON.parse(String(stand.requests("StartExecution")[0]?.["input"]))).toEqual({
      tenant: "acme",
      windows: WINDOWS,
      allowOverlap: true,
      requestsPerMinute: 30,
    });
  });

  it.each([
    [{ requestsPerMinute: 1 }, /^1 requests per minute are too few for 2 slices at once: allow at least 2/],
    [{ maxEvents: 10 }, /^A maximum number of events cannot be combined with fan-out/],
  ])("WHEN %j is asked for THEN it is refused and nothing is started", async (options, message) => {
    const { fanOut: machine, aws: stand } = await fanOut();

    await expect(machine.run("acme", { ...REQUEST, ...options }, 3, () => undefined)).rejects.toThrow(
      expect.objectContaining({ name: "UsageError", message: expect.stringMatching(message) }),
    );
    expect(started(stand)).toEqual([]);
  });

  it.each(["RUNNING", "SUCCEEDED"])(
    "WHEN the same was asked for and has %s THEN it is the same execution",
    async (status) => {
      const { fanOut: machine, aws: stand } = await fanOut({ [`${EXECUTION}-1`]: { status } });

      const result = await machine.run("acme", REQUEST, 3, () => undefined);

      expect(result).toEqual({ execution: `${EXECUTION}-1`, windows: 3, resumed: true });
      expect(started(stand)).toEqual([]);
    },
  );

  it("WHEN somebody else starts the same at that moment THEN theirs is followed", async () => {
    const executions: Record<string, { status: string }> = {};
    const { fanOut: machine } = await fanOut(executions, {
      StartExecution: () => {
        executions[`${EXECUTION}-1`] = { status: "RUNNING" };
        throw new AwsFailure("ExecutionAlreadyExists", "Execution Already Exists");
      },
    });

    expect(await machine.run("acme", REQUEST, 3, () => undefined)).toMatchObject({ resumed: true });
  });

  it("WHEN the same has failed before THEN another execution goes on with it", async () => {
    const { fanOut: machine, aws: stand } = await fanOut({
      [`${EXECUTION}-1`]: { status: "FAILED" },
      [`${EXECUTION}-2`]: { status: "ABORTED" },
    });

    expect(await machine.run("acme", REQUEST, 3, () => undefined)).toMatchObject({
      execution: `${EXECUTION}-3`,
    });
    expect(started(stand)).toEqual(["acme-20260101T000000Z-20260101T000010Z-3-3"]);
  });

  it("WHEN windows fail THEN the error is the execution's own cause", async () => {
    const executions: Record<string, { status: string; cause?: string }> = {};
    const { fanOut: machine } = await fanOut(executions, {
      StartExecution: () => {
        executions[`${EXECUTION}-1`] = { status: "FAILED", cause: "1 of 3 windows of acme failed." };
        return {};
      },
    });

    await expect(machine.run("acme", REQUEST, 3, () => undefined)).rejects.toThrow(
      "Execution acme-20260101T000000Z-20260101T000010Z-3-1 failed: 1 of 3 windows of acme failed. " +
        "Run the same command again to export the rest.",
    );
  });

  it("WHEN an execution takes longer than a day THEN the wait ends, and the same command follows it again", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-03-20T12:00:00Z") });
    const { fanOut: machine } = await fanOut(
      {},
      {
        DescribeMapRun: () => {
          vi.setSystemTime(Date.now() + 25 * 3_600_000);
          return { itemCounts: { pending: 1, running: 2, succeeded: 0 } };
        },
        ListMapRuns: () => ({ mapRuns: [{ mapRunArn: `${HOME}:mapRun:m/windows:1` }] }),
      },
    );

    await expect(machine.run("acme", REQUEST, 3, () => undefined)).rejects.toThrow(
      "Execution acme-20260101T000000Z-20260101T000010Z-3-1 is still running after 24 hours, and continues in " +
        "AWS. Run the same command again to follow it.",
    );
  });

  it("WHEN it is another kind of state machine THEN it is not used", async () => {
    const { fanOut: machine } = await fanOut({}, { DescribeStateMachine: () => ({ definition: "{}" }) });

    await expect(machine.concurrency()).rejects.toThrow(`${MACHINE} is not one that runs backfills.`);
  });
});
