import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { handler as Handler } from "../../../functions/security-lake-exporter/handler.js";
import { type Aws, type AwsFault, startAws } from "../../../simulator/aws/stand-ins.js";
import { startTenant, type Tenant } from "../../../simulator/tenant.js";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf";
const ROLE_ARN = "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1";
const MINUTE = 60_000;
/** Simulated time begins here; the clock follows it. */
const START = Date.parse("2026-01-01T00:00:00Z");

let tenant: Tenant;
let aws: Aws;
let handler: typeof Handler;
let directory: string;
let output = "";
let fault: (operation: string) => AwsFault = () => "pass";
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  environment = { ...process.env };
  directory = mkdtempSync(join(tmpdir(), "lake-"));
  tenant = await startTenant({
    seed: 3,
    clientId: "client",
    clientSecret: "swordfish",
    startTime: new Date(START),
    tokenClock: () => Date.now(),
  });
  aws = await startAws({
    lakeDirectory: directory,
    lake: { bucket: "lake", prefix: "ext/vectra-cdr/", roleArn: ROLE_ARN, externalId: "external-id" },
    table: { name: "checkpoints", hashKey: "pk", rangeKey: "sk" },
    secrets: { [SECRET_ARN]: JSON.stringify({ client_id: "client", client_secret: "swordfish" }) },
    onCall: ({ operation }) => fault(operation),
  });
  const settings = { url: tenant.url, secretArn: SECRET_ARN, partitionAccountId: "333333333333" };
  const named = (name: string, others: object) => ({
    name,
    ...settings,
    includeScoreDecreases: true,
    start: "beginning",
    ...others,
  });
  Object.assign(process.env, aws.environment, {
    TENANTS: JSON.stringify([
      named("acme", {}),
      named("fresh", {}),
      named("patient", { accumulate: { maxAgeSeconds: 3600, maxEvents: 10_000 } }),
    ]),
    CHECKPOINT_TABLE: "checkpoints",
    LAKE_LOCATION: "s3://lake/ext/vectra-cdr/",
    LAKE_REGION: "eu-west-1",
    LAKE_ROLE_ARN: ROLE_ARN,
    LAKE_EXTERNAL_ID: "external-id",
    POWERTOOLS_SERVICE_NAME: "security-lake-exporter",
    POWERTOOLS_METRICS_NAMESPACE: "VectraCdr",
    POWERTOOLS_LOG_LEVEL: "INFO",
  });
  const collect = (chunk: unknown) => {
    output += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(collect);
  vi.spyOn(process.stderr, "write").mockImplementation(collect);
  vi.spyOn(console, "log").mockImplementation((line) => collect(`${line}\n`));
  // Another test may have loaded it with another environment.
  vi.resetModules();
  ({ handler } = await import("../../../functions/security-lake-exporter/handler.js"));
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.resetModules();
  await tenant.close();
  await aws.close();
  rmSync(directory, { recursive: true });
  for (const name of Object.keys(process.env).filter((known) => !(known in environment))) {
    delete process.env[name];
  }
  Object.assign(process.env, environment);
});
beforeEach(() => {
  output = "";
  synchronize();
});
afterEach(() => {
  fault = () => "pass";
  tenant.faults.clear();
  vi.useRealTimers();
});

/** The clock shows the tenant's time, and `later` milliseconds more. */
function synchronize(later = 0): void {
  vi.useFakeTimers({ toFake: ["Date"], now: tenant.now().getTime() + later });
}

/** What an invocation reports, in the embedded metric format. */
async function reported(name: string, remaining = 240_000): Promise<Record<string, unknown>> {
  output = "";
  const context = {
    awsRequestId: "11111111-2222-3333-4444-555555555555",
    functionName: "vectra-cdr-exporter",
    getRemainingTimeInMillis: () => remaining,
  } as Context;
  const failure = await handler({ tenant: name }, context).then(
    () => undefined,
    (error: Error) => error,
  );
  const metrics = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find((line) => "_aws" in line);
  return { ...metrics, failure };
}

const failed = { failure: expect.any(Error) };

describe("the lag that every run reports", () => {
  it("is 0 at the end of a run that left nothing with the tenant, whatever the age of its events", async () => {
    tenant.advance(60 * MINUTE);
    synchronize();

    expect(await reported("acme")).toMatchObject({ RunSucceeded: 1, EventsWritten: 144, LagSeconds: 0 });
  });

  it("is 0 of a quiet tenant, hours after its newest event", async () => {
    await reported("acme");
    synchronize(600 * MINUTE);

    expect(await reported("acme")).toMatchObject({ RunSucceeded: 1, EventsRead: 0, LagSeconds: 0 });
  });

  it("of runs that fail grows from the last one that had caught up", async () => {
    await reported("acme");
    for (const minutes of [5, 10, 35]) {
      synchronize(minutes * MINUTE);
      tenant.faults.add({ on: "events", kind: "wrong-json" });

      const metrics = await reported("acme");

      expect(metrics).toMatchObject({ ...failed, LagSeconds: minutes * 60 });
      expect(metrics).not.toHaveProperty("RunSucceeded");
    }
  });

  it("of a run that another one keeps out is what the checkpoint says", async () => {
    await reported("acme");
    tenant.advance(10 * MINUTE);
    synchronize();
    tenant.faults.add({ on: "events", kind: "slow", delayMilliseconds: 300 });
    const first = reported("acme");
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(await reported("acme")).toMatchObject({ LeaseHeld: 1, LagSeconds: 600 });
    await first;
  });

  it("of a run that the table of checkpoints does not answer is what that said last, and the run's own error is thrown", async () => {
    tenant.advance(5 * MINUTE);
    synchronize();
    expect(await reported("acme")).toMatchObject({ LagSeconds: 0 });
    synchronize(20 * MINUTE);
    fault = (operation) =>
      operation === "UpdateItem" || operation === "BatchGetItem"
        ? { status: 400, code: "AccessDeniedException" }
        : "pass";

    const metrics = await reported("acme");

    expect(metrics).toMatchObject({ LagSeconds: 1200, RunDuration: expect.any(Number) });
    expect(String(metrics["failure"])).toContain("AccessDeniedException");
  });

  it("of an export that has never written or caught up is not known, and a failing run still reports", async () => {
    fault = () => ({ status: 400, code: "AccessDeniedException" });

    const metrics = await reported("fresh");

    expect(metrics).toMatchObject({ ...failed, RunDuration: expect.any(Number) });
    expect(metrics).not.toHaveProperty("LagSeconds");
  });

  it("of events that wait to accumulate grows until they are written", async () => {
    expect(await reported("patient")).toMatchObject({ RunSucceeded: 1, LagSeconds: 0 });
    tenant.advance(10 * MINUTE);
    synchronize();
    expect(await reported("patient")).toMatchObject({ EventsWaiting: 24, LagSeconds: 600 });
    synchronize(40 * MINUTE);
    expect(await reported("patient")).toMatchObject({ EventsWaiting: 24, LagSeconds: 3000 });
    synchronize(55 * MINUTE);

    expect(await reported("patient")).toMatchObject({ EventsWritten: 24, LagSeconds: 0 });
  });
});

describe("a run that has no time", () => {
  it("because the function's time limit is below a minute fails, names the limit and the remedy, and reports lag", async () => {
    await reported("acme");
    synchronize(10 * MINUTE);

    const metrics = await reported("acme", 30_000);

    expect(metrics).toMatchObject({ LagSeconds: 600, RunDuration: expect.any(Number) });
    expect(metrics).not.toHaveProperty("RunSucceeded");
    expect(metrics["failure"]).toMatchObject({
      name: "OutOfTimeError",
      message:
        "The function's time limit is 30 s and must be at least 60 s: a run starts no window in its last 30 s. " +
        "Raise timeoutSeconds of the exporter (default 240, maximum 900). Nothing is lost: the cursor is at the end of " +
        "the last complete window.",
    });
  });

  it("is one of 57 seconds, and one of 59 that Lambda has begun to count is none", async () => {
    expect(await reported("acme", 57_000)).toMatchObject(failed);
    expect(await reported("acme", 59_000)).toMatchObject({ RunSucceeded: 1 });
  });
});
