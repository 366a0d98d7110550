import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { handler as Handler } from "../../../functions/security-lake-exporter/handler.js";
import { type Aws, startAws } from "../../../simulator/aws/stand-ins.js";
import { startTenant, type Tenant } from "../../../simulator/tenant.js";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf";
const CLIENT_SECRET = "swordfish-of-the-handler-test";
const ROLE_ARN = "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1";

let tenant: Tenant;
let aws: Aws;
let handler: typeof Handler;
let output = "";

const context = {
  awsRequestId: "11111111-2222-3333-4444-555555555555",
  functionName: "vectra-cdr-exporter",
  getRemainingTimeInMillis: () => 240_000,
} as Context;

beforeAll(async () => {
  tenant = await startTenant({
    seed: 3,
    clientId: "client",
    clientSecret: CLIENT_SECRET,
    startTime: new Date("2026-01-01T00:00:00Z"),
  });
  aws = await startAws({
    lakeDirectory: mkdtempSync(join(tmpdir(), "lake-")),
    lake: {
      bucket: "lake",
      prefix: "ext/vectra-cdr/",
      roleArn: ROLE_ARN,
      externalId: "external-id-of-the-test",
    },
    table: { name: "checkpoints", hashKey: "pk", rangeKey: "sk" },
    secrets: { [SECRET_ARN]: JSON.stringify({ client_id: "client", client_secret: CLIENT_SECRET }) },
  });
  Object.assign(process.env, aws.environment, {
    TENANTS: JSON.stringify([
      {
        name: "acme",
        url: tenant.url,
        secretArn: SECRET_ARN,
        partitionAccountId: "333333333333",
        includeScoreDecreases: true,
        start: "beginning",
      },
      {
        name: "globex",
        url: tenant.url,
        secretArn: SECRET_ARN,
        partitionAccountId: "333333333333",
        includeScoreDecreases: true,
        start: "latest",
      },
    ]),
    CHECKPOINT_TABLE: "checkpoints",
    LAKE_LOCATION: "s3://lake/ext/vectra-cdr/",
    LAKE_REGION: "eu-west-1",
    LAKE_ROLE_ARN: ROLE_ARN,
    LAKE_EXTERNAL_ID: "external-id-of-the-test",
    POWERTOOLS_SERVICE_NAME: "security-lake-exporter",
    POWERTOOLS_METRICS_NAMESPACE: "VectraCdr",
    POWERTOOLS_LOG_LEVEL: "INFO",
  });
  const collect = (chunk: unknown) => {
    output += String(chunk);
    return true;
  };
  // Powertools writes past console, straight to the streams.
  vi.spyOn(process.stdout, "write").mockImplementation(collect);
  vi.spyOn(process.stderr, "write").mockImplementation(collect);
  vi.spyOn(console, "log").mockImplementation((line) => collect(`${line}\n`));
  ({ handler } = await import("../../../functions/security-lake-exporter/handler.js"));
});
afterAll(async () => {
  vi.restoreAllMocks();
  await tenant.close();
  await aws.close();
});
beforeEach(() => {
  output = "";
});

function lines(): Record<string, unknown>[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

describe("the handler", () => {
  it("exports what is new, and reports it as log lines and metrics", async () => {
    tenant.advance(300_000);

    const result = await handler({ tenant: "acme" }, context);

    expect(result).toMatchObject({ tenant: "acme", eventsWritten: 12, caughtUp: true });
    expect(lines().find(({ message }) => message === "Run succeeded")).toMatchObject({
      level: "INFO",
      tenant: "acme",
      function_request_id: "11111111-2222-3333-4444-555555555555",
      eventsRead: 12,
      eventsWritten: 12,
      objects: 1,
    });
    expect(lines().find((line) => "_aws" in line)).toMatchObject({
      service: "security-lake-exporter",
      tenant: "acme",
      RunSucceeded: 1,
      EventsRead: 12,
      EventsWritten: 12,
      ObjectsWritten: 1,
      FailedLookups: 0,
      SkippedLookups: 0,
      EventsWithoutSeverity: 0,
      RunDuration: expect.any(Number),
      LagSeconds: expect.any(Number),
      _aws: {
        CloudWatchMetrics: [{ Namespace: "VectraCdr", Dimensions: [["service", "tenant"]] }],
      },
    });
  });

  it("keeps the token across warm invocations", async () => {
    tenant.advance(300_000);
    await handler({ tenant: "acme" }, context);

    expect(tenant.requests().filter(({ path }) => path === "/oauth2/token")).toHaveLength(1);
  });

  it("says that another run holds the lease", async () => {
    const hold = Promise.withResolvers<void>();
    tenant.advance(300_000);
    tenant.faults.add({ on: "events", kind: "slow", times: 1, delayMilliseconds: 300 });
    const first = handler({ tenant: "acme" }, context);
    setTimeout(hold.resolve, 100);
    await hold.promise;

    expect(await handler({ tenant: "acme" }, context)).toMatchObject({ outcome: "lease-held" });
    expect(lines().find((line) => "_aws" in line)).toMatchObject({ LeaseHeld: 1 });
    expect(lines().some((line) => "RunSucceeded" in line)).toBe(false);
    expect(await first).toMatchObject({ eventsWritten: 12 });
  });

  it("reports a failed run without RunSucceeded, throws, and shows no secret", async () => {
    tenant.revokeTokens();
    tenant.faults.add({ on: "token", kind: "401", times: 1 });

    await expect(handler({ tenant: "acme" }, context)).rejects.toThrow(/refused the API client/);

    expect(lines().find(({ level }) => level === "ERROR")).toMatchObject({
      message: "Run failed; the next run continues after the last complete window",
      error: { name: "AuthenticationError" },
    });
    expect(lines().some((line) => "RunSucceeded" in line)).toBe(false);
    expect(lines().find((line) => "_aws" in line)).toMatchObject({
      RunDuration: expect.any(Number),
      AuthenticationFailures: 1,
    });
    expect(lines().some((line) => "Throttled" in line)).toBe(false);
  });

  it("counts a run that the tenant's rate limit ended", async () => {
    // GIVEN a Retry-After that is longer than a run waits
    tenant.faults.add({ on: "events", kind: "429-retry-after", times: 1, retryAfterSeconds: 3600 });

    await expect(handler({ tenant: "acme" }, context)).rejects.toThrow(/answered 429/);

    const metrics = lines().find((line) => "_aws" in line);
    expect(metrics).toMatchObject({ Throttled: 1, tenant: "acme" });
    expect(metrics).not.toHaveProperty("AuthenticationFailures");
  });

  it("counts no other failure as one of these", async () => {
    tenant.faults.add({ on: "events", kind: "wrong-json", times: 1 });

    await expect(handler({ tenant: "acme" }, context)).rejects.toThrow(/unexpected shape/);

    const metrics = lines().find((line) => "_aws" in line);
    expect(metrics).toMatchObject({ RunDuration: expect.any(Number) });
    expect(metrics).not.toHaveProperty("AuthenticationFailures");
    expect(metrics).not.toHaveProperty("Throttled");
  });

  it("never prints the secret, a token or an account's name at level INFO", async () => {
    tenant.advance(300_000);

    await handler({ tenant: "acme" }, context);

    expect(output).toContain("Run succeeded");
    expect(output).not.toContain(CLIENT_SECRET);
    expect(output).not.toMatch(/Bearer|Basic /);
    expect(output).not.toContain("AWS:");
  });

  it("refuses an event that names no tenant", async () => {
    await expect(handler({}, context)).rejects.toThrow(/with one of acme, globex/);
  });

  it("exports once when an asynchronous invocation is delivered twice at once, with one request id", async () => {
    tenant.advance(300_000);
    const before = objectsWritten();

    const results = await Promise.all([
      handler({ tenant: "acme" }, context),
      handler({ tenant: "acme" }, context),
    ]);

    expect(results.map((result) => "outcome" in result && result.outcome).toSorted()).toEqual([
      "exported",
      "lease-held",
    ]);
    expect(objectsWritten()).toBe(before + 1);
  });

  it("exports once when an invocation is delivered again after it has succeeded", async () => {
    tenant.advance(300_000);
    expect(await handler({ tenant: "acme" }, context)).toMatchObject({ eventsWritten: 12 });
    const before = objectsWritten();

    expect(await handler({ tenant: "acme" }, context)).toMatchObject({ outcome: "exported", eventsRead: 0 });
    expect(objectsWritten()).toBe(before);
  });
});

describe("the handler of a backfill", () => {
  /** Ten minutes with 24 events, which the live export of globex leaves out. */
  const history = { from: "", to: "" };
  beforeAll(async () => {
    history.from = tenant.now().toISOString().replace(".000Z", "Z");
    tenant.advance(600_000);
    history.to = tenant.now().toISOString().replace(".000Z", "Z");
    await handler({ tenant: "globex" }, context);
  });

  const items = async () => (await aws.items()).filter(({ pk }) => pk === "globex#v3.4");
  const liveCheckpoint = async () => (await items()).find(({ sk }) => sk === "checkpoint");

  it("estimates it, without metrics of a run", async () => {
    const before = await items();

    const estimate = await handler({ tenant: "globex", backfill: { ...history, estimate: true } }, context);

    expect(estimate).toEqual({ tenant: "globex", events: 24, overlap: null });
    expect(await items()).toEqual(before);
    expect(metricNames()).toEqual(["RunDuration"]);
  });

  it("exports a part at a time, with metrics that say nothing of the live export", async () => {
    const before = await liveCheckpoint();
    const backfill = { ...history, maxEvents: 10, requestsPerMinute: 6000 };

    expect(await handler({ tenant: "globex", backfill }, context)).toMatchObject({
      tenant: "globex",
      outcome: "exported",
      eventsWritten: 10,
      caughtUp: false,
    });
    expect(metricNames().join(" ")).toBe(
      "EventsBackfilled EventsQuarantined EventsWithoutSeverity FailedLookups RunDuration SkippedLookups",
    );
    expect(lines().find(({ message }) => message === "Backfill progressed")).toMatchObject({
      tenant: "globex",
      job: `backfill-${history.from.replaceAll(/[-:]/g, "")}-${history.to.replaceAll(/[-:]/g, "")}`,
      eventsWritten: 10,
    });
    expect(await handler({ tenant: "globex", backfill: history }, context)).toMatchObject({
      eventsWritten: 14,
      caughtUp: true,
    });
    expect(await liveCheckpoint()).toEqual(before);
  });

  it("says that another run of it holds the lease", async () => {
    const earlier = { from: "2025-01-01T00:00:00Z", to: "2025-01-02T00:00:00Z" };
    tenant.faults.add({ on: "events", kind: "slow", times: 1, delayMilliseconds: 1_000 });
    const first = handler({ tenant: "globex", backfill: earlier }, context);
    while (tenant.faults.pending().length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    output = "";

    expect(await handler({ tenant: "globex", backfill: earlier }, context)).toMatchObject({
      outcome: "lease-held",
    });
    expect(lines().some(({ message }) => String(message).includes("holds the lease of the backfill"))).toBe(
      true,
    );
    expect(metricNames()).toEqual(["RunDuration"]);
    await first;
  });

  it("is not counted as a success of the live export, and neither is a redrive", async () => {
    const before = await liveCheckpoint();

    expect(await handler({ tenant: "globex", redrive: true }, context)).toEqual({
      objects: [],
      redriven: 0,
      filtered: 0,
      remaining: [],
    });

    const after = await liveCheckpoint();
    expect(after?.["last_success_at"]).toBe(before?.["last_success_at"]);
    expect(after).not.toHaveProperty("lease_owner");
    expect(metricNames()).toEqual(["RunDuration"]);
  });
});

function objectsWritten(): number {
  return aws.calls().filter(({ operation }) => operation === "PutObject").length;
}

/** Names of the metrics of the last invocation, in order. */
function metricNames(): string[] {
  const metrics = lines().find((line) => "_aws" in line)?.["_aws"] as {
    CloudWatchMetrics: { Metrics: { Name: string }[] }[];
  };
  return metrics.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name)).toSorted();
}
