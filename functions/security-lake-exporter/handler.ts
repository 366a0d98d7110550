import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { AccountScores } from "./account-scores.js";
import { Checkpoint } from "./checkpoint.js";
import { readApiCredentials } from "./credentials.js";
import type { TenantSettings } from "./environment.js";
import { Lake } from "./lake.js";
import { DEFAULT_LIMITS, type RunResult, run } from "./run.js";
import { readSettings, tenantOf } from "./settings.js";
import { VectraClient } from "./vectra/client.js";
import { EVENTS_API } from "./vectra/events.js";

// Made once and kept across warm invocations: connections, the lake's session, each tenant's token.
const logger = new Logger();
const metrics = new Metrics();
const settings = readSettings(process.env);
const requestHandler = { connectionTimeout: 5_000, requestTimeout: 20_000 };
const dynamodb = new DynamoDBClient({ requestHandler, maxAttempts: 5 });
const secretsManager = new SecretsManagerClient({ requestHandler });
const lake = new Lake(settings.lake);
const vectraClients = new Map<string, VectraClient>();

/** Entry point of the function: one run for the tenant that the schedule names. */
export async function handler(event: unknown, context: Context): Promise<RunResult> {
  const startedAt = Date.now();
  const tenant = tenantOf(event, settings);
  const partitionKey = `${tenant.name}#${EVENTS_API}`;
  // An asynchronous invocation that is delivered twice comes with one request id, so that alone is no owner.
  const owner = `${context.awsRequestId}/${randomUUID()}`;
  logger.addContext(context);
  logger.appendKeys({ tenant: tenant.name });
  metrics.addDimension("tenant", tenant.name);
  try {
    const result = await run({
      tenant,
      vectra: vectraClientFor(tenant),
      checkpoint: new Checkpoint(dynamodb, settings.checkpointTable, partitionKey, owner),
      scores: new AccountScores(dynamodb, settings.checkpointTable, partitionKey),
      lake,
      limits: DEFAULT_LIMITS,
      remaining: () => context.getRemainingTimeInMillis(),
    });
    report(result);
    return result;
  } catch (error) {
    logger.error("Run failed; the next run goes on from the last complete window", error as Error);
    throw error;
  } finally {
    metrics.addMetric("RunDuration", MetricUnit.Milliseconds, Date.now() - startedAt);
    metrics.publishStoredMetrics();
  }
}

function vectraClientFor({ name, url, secretArn }: TenantSettings): VectraClient {
  const client =
    vectraClients.get(name) ?? new VectraClient(url, () => readApiCredentials(secretsManager, secretArn));
  vectraClients.set(name, client);
  return client;
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
