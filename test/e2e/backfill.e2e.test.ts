import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CustomSource, Exporter } from "../../constructs/security-lake/index.js";
import { synthTemplate } from "../constructs/template.js";
import { type DeployedExporter, deployExporter } from "./deployed-exporter.js";
import { type EmulatedClient, type MiniStack, startMiniStack } from "./ministack.js";
import { pythonEnvironment } from "./python-environment.js";

const MINUTE = 60_000;

/** A finished execution. */
async function execution(client: EmulatedClient, stateMachineArn: string, input: unknown) {
  const sfn = new SFNClient(client);
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return vi.waitFor(
    async () => {
      const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      expect(described.status).not.toBe("RUNNING");
      return described;
    },
    { timeout: 60_000, interval: 200 },
  );
}

describe("The state machine's definition, with a function that returns scripted results", () => {
  const account = "333333333333";
  const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-backfill-"));
  const callsFile = join(directory, "calls.jsonl");
  const window = (month: number) => ({
    from: `2026-${String(month).padStart(2, "0")}-01T00:00:00Z`,
    to: `2026-${String(month + 1).padStart(2, "0")}-01T00:00:00Z`,
  });
  const done = { outcome: "exported", caughtUp: true, eventsRead: 7 };
  const more = { outcome: "exported", caughtUp: false, eventsRead: 10_000 };
  const held = { outcome: "lease-held", caughtUp: false, eventsRead: 0 };
  const script = {
    [window(1).from]: [more, more, done],
    [window(2).from]: [held, held, more, held, done],
    [window(3).from]: [{ error: "VectraRequestError" }],
    [window(4).from]: [held],
    [window(5).from]: [{ error: "VectraRequestError" }, done],
    [window(6).from]: [done],
    [window(7).from]: [{ error: "AuthenticationError" }],
    // Runs whose time is over before their first page.
    [window(9).from]: [{ outcome: "exported", caughtUp: false, eventsRead: 0 }],
    // Every 19 pauses a run that goes on: nothing to give up.
    [window(8).from]: [...Array(19).fill(held), more, ...Array(19).fill(held), done],
  };

  let emulator: MiniStack;
  let client: EmulatedClient;
  let stateMachineArn: string;

  beforeAll(async () => {
    emulator = await startMiniStack(await pythonEnvironment(), true);
    client = emulator.rootOf(account, "eu-west-1");
    const { Role } = await new IAMClient(client).send(
      new CreateRoleCommand({
        RoleName: "any",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: ["lambda.amazonaws.com", "states.amazonaws.com"] },
              Action: "sts:AssumeRole",
            },
          ],
        }),
      }),
    );
    const source = readFileSync(new URL("./scripted-function.mjs", import.meta.url));
    const lambda = new LambdaClient(client);
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: "scripted",
        Role: Role?.Arn,
        Runtime: "provided.al2023",
        Handler: "bootstrap",
        Code: {
          ZipFile: zipSync({
            bootstrap: [
              strToU8('#!/bin/sh\nexec node "$LAMBDA_TASK_ROOT/index.mjs"\n'),
              { os: 3, attrs: 0o755 << 16 },
            ],
            "index.mjs": source,
          }),
        },
        Environment: { Variables: { SCRIPT: JSON.stringify(script), CALLS: callsFile } },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName: "scripted" });
    const created = await new SFNClient(client).send(
      new CreateStateMachineCommand({
        name: "scripted-backfill",
        roleArn: Role?.Arn,
        definition: definitionFor("scripted"),
      }),
    );
    stateMachineArn = String(created.stateMachineArn);
  });

  afterAll(async () => {
    await emulator?.stop();
    rmSync(directory, { recursive: true });
  });

  function definitionFor(name: string): string {
    const zipPath = join(directory, "exporter.zip");
    writeFileSync(zipPath, "zip");
    const template = synthTemplate((stack) => {
      new Exporter(stack, "exporter", {
        name,
        accountId: account,
        region: "eu-west-1",
        bundle: { zipPath, sourceCodeHash: "aGFzaA==" },
        tenants: [{ name: "acme", url: "https://1.uw2.portal.vectra.ai", partitionAccountId: account }],
        customSource: CustomSource.fromCustomSourceAttributes(stack, "custom-source", {
          location: "s3://aws-security-data-lake-eu-west-1-abcdefghij/ext/vectra-cdr/",
          region: "eu-west-1",
          accountId: account,
          providerRoleArn: `arn:aws:iam::${account}:role/provider`,
          externalId: "0123456789abcdef",
        }),
        backfill: { maxConcurrency: 3 },
      });
    });
    return String(template.resource("aws_sfn_state_machine")["definition"]);
  }

  /** What the function is called with while an execution runs. */
  async function run(input: unknown) {
    rmSync(callsFile, { force: true });
    const described = await execution(client, stateMachineArn, input);
    const lines = existsSync(callsFile) ? readFileSync(callsFile, "utf8").trim().split("\n") : [];
    const calls = lines.map((line) => JSON.parse(line) as { backfill: { from: string } });
    return { ...described, calls };
  }

  function callsOf(calls: readonly { backfill: { from: string } }[], { from }: { from: string }) {
    return calls.filter(({ backfill }) => backfill.from === from).length;
  }

  it("invokes each window until it is exported, with tenant and window alone", async () => {
    const { status, output, calls } = await run({ tenant: "acme", windows: [window(6), window(1)] });

    expect(status).toBe("SUCCEEDED");
    expect(JSON.parse(String(output))).toEqual({ tenant: "acme", windows: 2, failed: [] });
    expect(callsOf(calls, window(1))).toBe(3);
    expect(calls.filter(({ backfill }) => backfill.from === window(6).from)).toEqual([
      {
        tenant: "acme",
        backfill: { from: "2026-06-01T00:00:00Z", to: "2026-07-01T00:00:00Z" },
      },
    ]);
  });

  it("hands options to each window, those that are given", async () => {
    const { from, to } = window(6);
    const given = async (options: object) =>
      (await run({ tenant: "acme", windows: [window(6)], ...options })).calls;

    expect(await given({ allowOverlap: true, requestsPerMinute: 60 })).toEqual([
      { tenant: "acme", backfill: { from, to, allowOverlap: true, requestsPerMinute: 60 } },
    ]);
    expect(await given({ requestsPerMinute: 30 })).toEqual([
      { tenant: "acme", backfill: { from, to, requestsPerMinute: 30 } },
    ]);
    expect(await given({ allowOverlap: false })).toEqual([
      { tenant: "acme", backfill: { from, to, allowOverlap: false } },
    ]);
  });

  it("has nothing to do for no windows", async () => {
    const { status, output, calls } = await run({ tenant: "acme", windows: [] });

    expect([status, JSON.parse(String(output)), calls]).toEqual([
      "SUCCEEDED",
      { tenant: "acme", windows: 0, failed: [] },
      [],
    ]);
  });

  it("waits while another run has the window, and counts anew after progress", async () => {
    const { status, calls } = await run({ tenant: "acme", windows: [window(2), window(8)] });

    expect(status).toBe("SUCCEEDED");
    expect(callsOf(calls, window(2))).toBe(5);
    expect(callsOf(calls, window(8))).toBe(40);
  });

  it("tries a failing window five times, goes on with the others, fails in the end and names it", async () => {
    const windows = [window(3), window(1), window(4), window(5), window(6), window(9)];
    const { status, error, cause, calls } = await run({ tenant: "acme", windows });

    expect(status).toBe("FAILED");
    expect(error).toBe("WindowsFailed");
    const [sentence, failed] = String(cause).split(" The first 100: ");
    expect(sentence).toBe(
      "3 of 6 windows of acme failed. Start again with them alone: what is exported stays, and is not exported twice.",
    );
    expect(JSON.parse(failed ?? "")).toEqual([
      { window: window(3), error: "VectraRequestError" },
      { window: window(4), error: "NoProgress" },
      { window: window(9), error: "NoProgress" },
    ]);
    expect(windows.map((each) => callsOf(calls, each))).toEqual([5, 3, 21, 2, 1, 21]);
  });

  it("never repeats a refused API client, and stops", async () => {
    const { status, error, cause, calls, executionArn } = await run({
      tenant: "acme",
      windows: [window(7), window(6)],
    });

    expect([status, error]).toEqual(["FAILED", "BackfillStopped"]);
    expect(cause).toContain("the tenant refused the API client (AuthenticationError)");
    expect(callsOf(calls, window(7))).toBe(1);
    const sfn = new SFNClient(client);
    const { mapRuns } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    const { executions } = await sfn.send(
      new ListExecutionsCommand({ mapRunArn: mapRuns?.[0]?.mapRunArn, statusFilter: "FAILED" }),
    );
    const [child] = executions ?? [];
    const described = await sfn.send(new DescribeExecutionCommand({ executionArn: child?.executionArn }));
    expect(described.error).toBe("AuthenticationError");
    expect(described.cause).toContain("It is scripted to fail.");
  });

  it.each([{}, { tenant: "acme" }, { windows: [] }])("refuses the input %j", async (input) => {
    const { status, error, cause, calls } = await run(input);

    expect([status, error, calls]).toEqual(["FAILED", "InvalidInput", []]);
    expect(cause).toContain('{"tenant": "acme", "windows": [{"from"');
  });
});

describe("The state machine beside the exporter", () => {
  let exporter: DeployedExporter;
  let stateMachineArn: string;

  beforeAll(async () => {
    exporter = await deployExporter({
      schedule: "rate(5 minutes)",
      settings: { backfill: { maxConcurrency: 2 } },
      tenantSettings: { start: "latest" },
    });
    stateMachineArn = String(exporter.stack.only("aws_sfn_state_machine")["arn"]);
    // GIVEN an hour of history, of which the live export takes nothing
    exporter.tenant.advance(60 * MINUTE);
    await exportedLive();
    // and ten minutes that it has exported
    exporter.tenant.advance(10 * MINUTE);
    await exportedLive();
  });

  afterAll(async () => {
    await exporter?.close();
  });

  async function exportedLive(): Promise<void> {
    const next = String((exporter.tenant.events().at(-1)?.id ?? 0) + 1);
    await exporter.invoke();
    await vi.waitFor(
      async () => expect(await exporter.checkpoint()).toMatchObject({ next_from: { N: next } }),
      { timeout: 30_000, interval: 500 },
    );
  }

  /** Each record of the lake as account and time, which no two events of the simulated tenant share. */
  async function lake(): Promise<string[]> {
    const { table } = await exporter.readLake();
    return (table?.rows ?? []).map(({ finding_uid, time }) => `${finding_uid} at ${time}`).toSorted();
  }

  function everyEvent(): string[] {
    return exporter.tenant
      .events()
      .map(({ entity_id, event_timestamp }) => `${entity_id} at ${Date.parse(event_timestamp)}`)
      .toSorted();
  }

  const HISTORY = {
    tenant: "acme",
    windows: [
      { from: "2025-01-31T23:00:00Z", to: "2025-02-01T00:10:00Z" },
      { from: "2025-02-01T00:10:00Z", to: "2025-02-01T00:30:00Z" },
      { from: "2025-02-01T00:30:00Z", to: "2025-02-01T00:50:00Z" },
    ],
  };

  it("exports the history beside what is live: each event once", async () => {
    expect(await lake()).toHaveLength(24);

    const { status, output, cause } = await execution(exporter.root, stateMachineArn, HISTORY);

    expect([status, cause]).toEqual(["SUCCEEDED", undefined]);
    expect(JSON.parse(String(output))).toEqual({ tenant: "acme", windows: 3, failed: [] });
    expect(await lake()).toEqual(everyEvent());
    expect(everyEvent()).toHaveLength(168);
  });

  it("adds nothing when it is started again", async () => {
    expect((await execution(exporter.root, stateMachineArn, HISTORY)).status).toBe("SUCCEEDED");
    expect(await lake()).toEqual(everyEvent());
  });

  it("does not export what the live export has, and says which window that was", async () => {
    const overlapping = { from: "2025-02-01T00:50:00Z", to: "2025-02-01T01:00:00Z" };
    const { status, error, cause } = await execution(exporter.root, stateMachineArn, {
      tenant: "acme",
      windows: [overlapping],
    });

    expect([status, error]).toEqual(["FAILED", "WindowsFailed"]);
    expect(cause).toContain(JSON.stringify(overlapping));
    expect(await lake()).toEqual(everyEvent());
  });
});
