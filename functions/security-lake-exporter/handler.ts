import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { AccountScores } from "./account-scores.js";
import { Checkpoint } from "./checkpoint.js";
import { readApiCredentials } from "./credentials.js";
import { Lake } from "./lake.js";
import { Quarantine } from "./quarantine.js";
import type { RedriveResult } from "./redrive.js";
import {
  DEFAULT_LIMITS,
  exportNewEvents,
  type RunContext,
  type RunResult,
  redriveQuarantine,
} from "./run.js";
import { readInvocation, readSettings, type Tenant } from "./settings.js";
import { eventsApi } from "./vectra/apis.js";
import { AuthenticationError, VectraClient } from "./vectra/client.js";
import { VectraRequestError } from "./vectra/http.js";

// Made once and kept across warm invocations: connections, the lake's session, each tenant's token.
const logger = new Logger();
const metrics = new Metrics();
const settings = readSettings(process.env);
const requestHandler = { connectionTimeout: 5_000, requestTimeout: 20_000 };
const dynamodb = new DynamoDBClient({ requestHandler, maxAttempts: 5 });
const secretsManager = new SecretsManagerClient({ requestHandler });
const lake = new Lake(settings.lake);
const vectraClients = new Map<string, VectraClient>();

/** Entry point of the function: one run for the tenant that the event names. */
export async function handler(event: unknown, context: Context): Promise<RunResult | RedriveResult> {
  const startedAt = Date.now();
  const { tenant, redrive } = readInvocation(event, settings);
  // Cursors of two API versions do not mix, so each has a checkpoint of its own.
  const partitionKey = `${tenant.name}#${tenant.api}`;
  // An asynchronous invocation that is delivered twice comes with one request id, so that alone is no owner.
  const owner = `${context.awsRequestId}/${randomUUID()}`;
  logger.addContext(context);
  logger.appendKeys({ tenant: tenant.name });
  metrics.addDimension("tenant", tenant.name);
  try {
    const run: RunContext = {
      tenant,
      source: { vectra: vectraClientFor(tenant), api: eventsApi(tenant.api) },
      checkpoint: new Checkpoint(dynamodb, settings.checkpointTable, partitionKey, owner),
      scores: new AccountScores(dynamodb, settings.checkpointTable, partitionKey),
      quarantine: new Quarantine(dynamodb, settings.checkpointTable, partitionKey),
      lake,
      limits: DEFAULT_LIMITS,
      remaining: () => context.getRemainingTimeInMillis(),
    };
    if (redrive) {
      const result = await redriveQuarantine(run);
      logger.info("Quarantine put through again", { ...result });
      return result;
    }
    const result = await exportNewEvents(run);
    report(result);
    return result;
  } catch (error) {
    reportFailure(error);
    logger.error("Run failed; the next run goes on from the last complete window", error as Error);
    throw error;
  } finally {
    metrics.addMetric("RunDuration", MetricUnit.Milliseconds, Date.now() - startedAt);
    metrics.publishStoredMetrics();
  }
}

function vectraClientFor({ name, url, secretArn }: Tenant): VectraClient {
  const client =
    vectraClients.get(name) ?? new VectraClient(url, () => readApiCredentials(secretsManager, secretArn));
  vectraClients.set(name, client);
  return client;
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
  metrics.addMetric("EventsRead", MetricUnit.Count, result.eventsRead);
  metrics.addMetric("EventsWritten", MetricUnit.Count, result.eventsWritten);
  metrics.addMetric("ObjectsWritten", MetricUnit.Count, result.objects.length);
  metrics.addMetric("EventsFiltered", MetricUnit.Count, result.eventsFiltered);
  metrics.addMetric("EventsQuarantined", MetricUnit.Count, result.eventsQuarantined);
  metrics.addMetric("FailedLookups", MetricUnit.Count, result.failedLookups);
  if (result.newestEventTime !== null) {
    metrics.addMetric(
      "LagSeconds",
      MetricUnit.Seconds,
      Math.max(0, (Date.now() - result.newestEventTime) / 1000),
    );
  }
  logger.info("Run succeeded", { ...result, objects: result.objects.length });
}
