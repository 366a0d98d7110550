import { AthenaClient } from "@aws-sdk/client-athena";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { parse as parseArn } from "@aws-sdk/util-arn-parser";
import { stateMachineArn } from "../../../facts/arn.js";
import { given } from "../../../facts/given.js";
import { objectNamePrefix } from "../../../facts/object-names.js";
import type { BackfillInvocation } from "../../../functions/security-lake-exporter/invocation.js";
import type { BackfillEstimate } from "../../../functions/security-lake-exporter/run/backfill.js";
import type { RedriveResult } from "../../../functions/security-lake-exporter/run/redrive.js";
import type { RunResult } from "../../../functions/security-lake-exporter/run/run-result.js";
import { DynamoDbTable } from "../../../functions/security-lake-exporter/state/dynamodb-table.js";
import { UsageError } from "../../usage-error.js";
import type { ExporterTarget } from "../exporter-target.js";
import { AthenaLake, type AthenaTable } from "./athena-lake.js";
import { explaining } from "./aws-errors.js";
import { DeadLetterQueue } from "./dead-letters.js";
import { type DeployedFunction, findFunction, SHORT_CALLS } from "./deployed-function.js";
import { StateMachineFanOut } from "./fan-out.js";

export interface DeployedExporterOptions {
  /** Name or ARN of the exporter's function. */
  readonly functionName: string;
  /** @default - the ARN's, else the environment's or the profile's */
  readonly region?: string | undefined;
  /** @default - the lake cannot be read */
  readonly athena?: AthenaTable | undefined;
}

/**
 * An exporter in AWS, reached with the caller's own credentials (the SDK's usual chain).
 *
 * @throws Error if it does not exist, or the caller may not read it.
 */
export async function openDeployedExporter({
  functionName,
  region,
  athena,
}: DeployedExporterOptions): Promise<ExporterTarget> {
  const exporter = await findFunction(functionName, region);
  const { settings } = exporter;
  const clientSettings = { ...SHORT_CALLS, region: exporter.region };
  const dynamodb = explaining(new DynamoDBClient(clientSettings), {
    ResourceNotFoundException:
      `Table ${settings.checkpointTable} of ${exporter.name} does not exist in ${exporter.region}: deploy the ` +
      "exporter again. Without its table, the export starts from the beginning.",
  });
  const sqs = explaining(new SQSClient(clientSettings), {
    QueueDoesNotExist: gone(exporter, "dead-letter queue"),
  });
  const sfn = explaining(new SFNClient(clientSettings), {
    StateMachineDoesNotExist: `State machine ${exporter.name}-backfill does not exist: deploy the exporter with \`backfill\`, or omit --fan-out.`,
  });
  const athenaClient = explaining(new AthenaClient(clientSettings));
  const sts = explaining(new STSClient(clientSettings));
  const backfillEvent = (tenant: string, { range, ...options }: BackfillInvocation, estimate: boolean) => ({
    tenant,
    backfill: { ...range, ...options, estimate },
  });
  const estimateBackfill = async (tenant: string, request: BackfillInvocation) =>
    answered<BackfillEstimate>(await exporter.invoke(backfillEvent(tenant, request, true)), "overlap");

  return {
    title: `function ${exporter.name} in ${exporter.region}`,
    tenants: settings.tenants.map((tenant) => ({
      name: tenant.name,
      api: tenant.api,
      url: tenant.url,
      profile: tenant.profile,
    })),
    // The documented policy allows exactly these attributes: see README.md in this folder.
    table: new DynamoDbTable(dynamodb, settings.checkpointTable, "UPDATED_NEW"),
    exportOnce: async (tenant) => answered<RunResult>(await exporter.invoke({ tenant }), "caughtUp"),
    redriveQuarantine: async (tenant) =>
      answered<RedriveResult>(await exporter.invoke({ tenant, redrive: true }), "filtered"),
    backfill: async (tenant, request) =>
      answered<RunResult>(await exporter.invoke(backfillEvent(tenant, request, false)), "caughtUp"),
    estimateBackfill,
    lastRecords: async (tenant, count) => {
      if (athena === undefined) {
        throw new UsageError(
          "The exporter does not know its Athena table; pass --database and --table, as Security Lake shows them.",
        );
      }
      return new AthenaLake(athenaClient, athena).lastRecords(objectPrefixOf(tenant, exporter), count);
    },
    objectNames: async () => {
      const { objectNamesInBucket } = await import("./lake-bucket.js");
      return await objectNamesInBucket(settings.lake);
    },
    operator: async () => String((await sts.send(new GetCallerIdentityCommand({}))).Arn),
    ...given({
      deadLetters:
        exporter.deadLetterQueueArn === undefined
          ? undefined
          : new DeadLetterQueue(sqs, exporter.deadLetterQueueArn, exporter),
    }),
    fanOut: new StateMachineFanOut(sfn, stateMachineArnOf(exporter), estimateBackfill),
    close: async () => {
      exporter.close();
      for (const client of [dynamodb, sqs, sfn, athenaClient, sts]) {
        client.destroy();
      }
    },
  };
}

/** The state machine has the function's name with the suffix `-backfill`, in the same account and region. */
function stateMachineArnOf({ arn, name }: DeployedFunction): string {
  return stateMachineArn(parseArn(arn), `${name}-backfill`);
}

function objectPrefixOf(name: string | undefined, { settings }: DeployedFunction): string | undefined {
  const tenant = settings.tenants.find((known) => known.name === name);
  return tenant === undefined ? undefined : objectNamePrefix({ tenant: tenant.name, api: tenant.api });
}

/** An older function returns something else for a request that it does not know. */
function answered<Result>(answer: unknown, field: keyof Result & string): Result {
  if (typeof answer !== "object" || answer === null || !(field in answer)) {
    throw new Error(
      "This version of vectra-cdr does not understand the function's result: deploy the exporter of the same version.",
    );
  }
  return answer as Result;
}

function gone({ name, region }: DeployedFunction, what: string): string {
  return `The ${what} of ${name} does not exist in ${region}: deploy the exporter again.`;
}
