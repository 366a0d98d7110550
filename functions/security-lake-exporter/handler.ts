import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { AWS_REQUESTS } from "./aws-requests.js";
import { readApiCredentials } from "./credentials.js";
import { AccountLookups } from "./enrichment/account-lookups.js";
import { type Invocation, readInvocation } from "./invocation.js";
import { Lake } from "./lake/lake.js";
import {
  type BackfillEstimate,
  backfill,
  backfillName,
  estimateBackfill,
  windowEventsWithin,
} from "./run/backfill.js";
import { type RedriveResult, redriveQuarantine } from "./run/redrive.js";
import { exportNewEvents, type RunResult } from "./run/run.js";
import { DEFAULT_LIMITS, deadlineOf, type RunContext } from "./run/run-context.js";
import { requireTime } from "./run/run-time.js";
import { readSettings, type Tenant } from "./settings.js";
import { AccountScores } from "./state/account-scores.js";
import { Checkpoint } from "./state/checkpoint.js";
import { DynamoDbTable } from "./state/dynamodb-table.js";
import { LagReader } from "./state/lag.js";
import { Quarantine } from "./state/quarantine.js";
import { type ExportState, partitionKeyOf } from "./state/state-table.js";
import { eventsApi } from "./vectra/apis.js";
import { AuthenticationError, VectraClient } from "./vectra/client.js";
import { VectraRequestError } from "./vectra/http.js";

// Made once and kept across warm invocations: connections, the lake's session, each tenant's token, and which of its
// accounts could not be looked up.
const logger = new Logger();
const metrics = new Metrics();
const settings = readSettings(process.env);
const table = new DynamoDbTable(
  new DynamoDBClient({ requestHandler: AWS_REQUESTS, maxAttempts: 5 }),
  settings.checkpointTable,
);
const lags = new LagReader(table);
const secretsManager = new SecretsManagerClient({ requestHandler: AWS_REQUESTS });
const lake = new Lake(settings.lake);
const vectraClients = new Map<string, VectraClient>();
const accountLookups = new Map<string, AccountLookups>();

/** Entry point of the function: one run for the tenant that the event names. */
export async function handler(
  event: unknown,
  context: Context,
): Promise<RunResult | RedriveResult | BackfillEstimate> {
  const startedAt = Date.now();
  const invocation = readInvocation(event, settings);
  logger.addContext(context);
  logger.appendKeys({ tenant: invocation.tenant.name });
  metrics.addDimension("tenant", invocation.tenant.name);
  try {
    requireTime(context.getRemainingTimeInMillis());
    return await run(invocation, context);
  } catch (error) {
    reportFailure(error);
    logger.error("Run failed; the next run goes on from the last complete window", error as Error);
    throw error;
  } finally {
    if (isLiveExport(invocation)) {
      await reportLag(invocation.tenant);
    }
    metrics.addMetric("RunDuration", MetricUnit.Milliseconds, Date.now() - startedAt);
    metrics.publishStoredMetrics();
  }
}

async function run(invocation: Invocation, context: Context) {
  const { tenant, redrive, backfill: requested } = invocation;
  if (requested !== undefined) {
    return await runBackfill(tenant, requested, context);
  }
  const runContext = contextOf(tenant, { table, pk: partitionKeyOf(tenant) }, context);
  if (redrive) {
    const result = await redriveQuarantine(runContext);
    logger.info("Quarantine redriven", { ...result });
    return result;
  }
  const result = await exportNewEvents(runContext);
  report(result);
  return result;
}

async function runBackfill(
  tenant: Tenant,
  { range, maxEvents, requestsPerMinute, allowOverlap, estimate }: NonNullable<Invocation["backfill"]>,
  context: Context,
) {
  const job = backfillName(range);
  const state: ExportState = { table, pk: partitionKeyOf(tenant), job };
  // Everything of the range is there: nothing is worth waiting for.
  const general = contextOf({ ...tenant, accumulate: undefined }, state, context);
  // A rate of its own wants a client of its own; without one, the tenant's token is shared.
  const vectra =
    requestsPerMinute === undefined
      ? general.source.vectra
      : newVectraClient(tenant, requestsPerMinute).startSession();
  const backfillContext = {
    ...general,
    source: { ...general.source, vectra, range },
    limits: {
      ...DEFAULT_LIMITS,
      windowEvents: windowEventsWithin(general.remaining(), requestsPerMinute),
      maxEvents,
    },
    job,
    range,
    state,
    allowOverlap,
  };
  if (estimate) {
    return await estimateBackfill(backfillContext, deadlineOf(backfillContext));
  }
  const result = await backfill(backfillContext);
  reportBackfill(job, result);
  return result;
}

function contextOf(tenant: Tenant, state: ExportState, context: Context): RunContext {
  return {
    tenant,
    source: { vectra: vectraClientFor(tenant).startSession(), api: eventsApi(tenant.api) },
    // An asynchronous invocation that is delivered twice comes with one request id, so that alone is no owner.
    checkpoint: new Checkpoint(state, `${context.awsRequestId}/${randomUUID()}`),
    lookups: lookupsFor(tenant),
    scores: new AccountScores(state),
    quarantine: new Quarantine(state),
    lake,
    limits: DEFAULT_LIMITS,
    remaining: () => context.getRemainingTimeInMillis(),
  };
}

function vectraClientFor(tenant: Tenant): VectraClient {
  const client = vectraClients.get(tenant.name) ?? newVectraClient(tenant);
  vectraClients.set(tenant.name, client);
  return client;
}

function lookupsFor({ name }: Tenant): AccountLookups {
  const lookups = accountLookups.get(name) ?? new AccountLookups();
  accountLookups.set(name, lookups);
  return lookups;
}

function newVectraClient({ url, secretArn }: Tenant, requestsPerMinute?: number): VectraClient {
  return new VectraClient(url, () => readApiCredentials(secretsManager, secretArn), { requestsPerMinute });
}

/** A backfill or a redrive says nothing about whether the tenant's new events arrive. */
function isLiveExport({ redrive, backfill }: Invocation): boolean {
  return !redrive && backfill === undefined;
}

/** Of every run, also of one that failed or did nothing: otherwise the alarm on lag would fall asleep. */
async function reportLag(tenant: Tenant): Promise<void> {
  const lag = await lags.lag(partitionKeyOf(tenant));
  if (lag !== undefined) {
    metrics.addMetric("LagSeconds", MetricUnit.Seconds, lag / 1000);
  }
}

/** The two failures that somebody has to mend at the tenant, each with an alarm of its own. */
function reportFailure(error: unknown): void {
  if (error instanceof AuthenticationError) {
    metrics.addMetric("AuthenticationFailures", MetricUnit.Count, 1);
  }
  if (error instanceof VectraRequestError && error.status === 429) {
    metrics.addMetric("Throttled", MetricUnit.Count, 1);
  }
}

function report(result: RunResult): void {
  if (result.outcome === "lease-held") {
    metrics.addMetric("LeaseHeld", MetricUnit.Count, 1);
    logger.info("Another run holds the lease; nothing done");
    return;
  }
  metrics.addMetric("RunSucceeded", MetricUnit.Count, 1);
  metrics.addMetric("EventsWaiting", MetricUnit.Count, result.eventsWaiting);
  metrics.addMetric("EventsRead", MetricUnit.Count, result.eventsRead);
  metrics.addMetric("EventsWritten", MetricUnit.Count, result.eventsWritten);
  metrics.addMetric("ObjectsWritten", MetricUnit.Count, result.objects.length);
  metrics.addMetric("EventsFiltered", MetricUnit.Count, result.eventsFiltered);
  metrics.addMetric("EventsQuarantined", MetricUnit.Count, result.eventsQuarantined);
  reportLookups(result);
  logger.info("Run succeeded", { ...result, objects: result.objects.length });
}

/** It has no part in the metrics of the live export. */
function reportBackfill(job: string, result: RunResult): void {
  if (result.outcome === "lease-held") {
    logger.info("Another run holds the lease of the backfill; nothing done", { job });
    return;
  }
  metrics.addMetric("EventsBackfilled", MetricUnit.Count, result.eventsWritten);
  metrics.addMetric("EventsQuarantined", MetricUnit.Count, result.eventsQuarantined);
  reportLookups(result);
  logger.info("Backfill progressed", { job, ...result, objects: result.objects.length });
}

function reportLookups({ failedLookups, skippedLookups, eventsWithoutSeverity }: RunResult): void {
  metrics.addMetric("FailedLookups", MetricUnit.Count, failedLookups);
  metrics.addMetric("SkippedLookups", MetricUnit.Count, skippedLookups);
  metrics.addMetric("EventsWithoutSeverity", MetricUnit.Count, eventsWithoutSeverity);
}
