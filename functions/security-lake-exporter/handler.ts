import { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { backfillName } from "../../facts/object-names.js";
import { AWS_REQUESTS, naming } from "./aws-requests.js";
import { readApiCredentials } from "./credentials.js";
import { Exporter } from "./exporter.js";
import { type Invocation, readInvocation } from "./invocation.js";
import { Lake } from "./lake/lake.js";
import { ExporterMetrics } from "./metrics.js";
import type { BackfillEstimate } from "./run/backfill.js";
import type { RedriveResult } from "./run/redrive.js";
import type { RunTerms } from "./run/run-context.js";
import type { RunResult } from "./run/run-result.js";
import { requireTime } from "./run/run-time.js";
import { readSettings } from "./settings.js";
import { DynamoDbTable } from "./state/dynamodb-table.js";
import { LagReader } from "./state/lag.js";
import { withinTimeLimit } from "./time-limit.js";

// Created once and kept across warm invocations: connections, the lake's session, and what the exporter remembers.
const logger = new Logger();
const settings = readSettings(process.env);
const dynamodb = naming(
  new DynamoDBClient({ requestHandler: AWS_REQUESTS, maxAttempts: 5 }),
  `DynamoDB table ${settings.checkpointTable}`,
);
const table = new DynamoDbTable(dynamodb, settings.checkpointTable);
const metrics = new ExporterMetrics(new LagReader(table));
const secretsManager = new SecretsManagerClient({ requestHandler: AWS_REQUESTS });
const lake = new Lake(settings.lake);
const exporter = new Exporter({
  table,
  lakeOf: () => lake,
  readCredentials: ({ secretArn }) => readApiCredentials(secretsManager, secretArn),
});

/** What the caller gets. */
type Answer = RunResult | RedriveResult | BackfillEstimate;

/** Entry point of the function: one run for the tenant that the event names. */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  const startedAt = Date.now();
  const invocation = readInvocation(event, settings);
  const { tenant, redrive, backfill } = invocation;
  logger.addContext(context);
  logger.appendKeys({ tenant: tenant.name });
  metrics.begin(tenant);
  const remaining = () => context.getRemainingTimeInMillis();
  try {
    requireTime(remaining());
    return await run(invocation, { ownerPrefix: context.awsRequestId, remaining });
  } catch (error) {
    metrics.failed(error);
    logger.error("Run failed; the next run continues after the last complete window", error as Error);
    throw error;
  } finally {
    const isLiveExport = !redrive && backfill === undefined;
    await metrics.end(tenant, { isLiveExport }, Date.now() - startedAt);
  }
}

async function run({ tenant, redrive, backfill }: Invocation, terms: RunTerms): Promise<Answer> {
  const inTime = <Result>(work: Promise<Result>) => withinTimeLimit(work, terms.remaining());
  if (backfill?.estimate) {
    return await inTime(exporter.estimate(tenant, backfill, terms));
  }
  if (backfill !== undefined) {
    const result = await inTime(exporter.backfill(tenant, backfill, terms));
    metrics.backfilled(result);
    log("Backfill progressed", result, { job: backfillName(backfill.range) });
    return result;
  }
  if (redrive) {
    const result = await inTime(exporter.redrive(tenant, terms));
    logger.info("Quarantine redriven", { ...result });
    return result;
  }
  const result = await inTime(exporter.exportNewEvents(tenant, terms));
  metrics.exported(result);
  log("Run succeeded", result);
  return result;
}

function log(message: string, result: RunResult, keys: { readonly job?: string } = {}): void {
  if (result.outcome === "lease-held") {
    const lease = keys.job === undefined ? "the lease" : "the lease of the backfill";
    logger.info(`Another run holds ${lease}; nothing done`, keys);
    return;
  }
  logger.info(message, { ...keys, ...result, objects: result.objects.length });
}
