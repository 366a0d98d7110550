import type { Context } from "aws-lambda";
import { vi } from "vitest";
import { ENVIRONMENT } from "../../../facts/environment.js";
import { METRICS_NAMESPACE, SERVICE_NAME } from "../../../facts/metrics.js";
import type { RunResult } from "../../../functions/security-lake-exporter/run/run-result.js";
import type { Aws } from "../../../simulator/aws/stand-ins.js";
import type { SimulatedTime } from "./simulated-time.js";

/** The function's time limit in seconds, as it is by default. */
const TIME_LIMIT_SECONDS = 240;

export const TABLE = "vectra-exporter-checkpoints";
export const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf";
export const SECRET = { client_id: "client", client_secret: "swordfish-of-the-liveness-matrix" };
export const LAKE = {
  bucket: "lake",
  prefix: "ext/vectra-cdr/",
  roleArn: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
  externalId: "external-id-of-the-liveness-matrix",
};

/** One invocation of the function, as CloudWatch sees it. */
export interface Invocation {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly seconds: number;
  /** What it returned; undefined for one that failed. */
  readonly result: RunResult | undefined;
  /** The message of the error that it threw. */
  readonly error: string | undefined;
  /** Its metrics, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Everything that it wrote to its log. */
  readonly log: string;
}

/** A warm container of the function: the handler itself, with all that it keeps between invocations. */
export interface Container {
  /** One invocation, for which time passes. */
  invoke(): Promise<Invocation>;
  /** The environment is as it was. */
  end(): void;
}

/** Loads the handler anew, as Lambda does for a new container. */
export async function startContainer(
  tenant: { readonly name: string; readonly url: string },
  aws: Aws,
  time: SimulatedTime,
): Promise<Container> {
  const environment = {
    ...aws.environment,
    [ENVIRONMENT.tenants]: JSON.stringify([
      {
        ...tenant,
        secretArn: SECRET_ARN,
        partitionAccountId: "333333333333",
        includeScoreDecreases: true,
        start: "beginning",
      },
    ]),
    [ENVIRONMENT.checkpointTable]: TABLE,
    [ENVIRONMENT.lakeLocation]: `s3://${LAKE.bucket}/${LAKE.prefix}`,
    [ENVIRONMENT.lakeRegion]: "eu-west-1",
    [ENVIRONMENT.lakeRoleArn]: LAKE.roleArn,
    [ENVIRONMENT.lakeExternalId]: LAKE.externalId,
    POWERTOOLS_SERVICE_NAME: SERVICE_NAME,
    POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
    POWERTOOLS_LOG_LEVEL: "INFO",
  };
  const before = { ...process.env };
  Object.assign(process.env, environment);
  vi.resetModules();
  const { handler } = await import("../../../functions/security-lake-exporter/handler.js");

  return {
    async invoke() {
      const startedAt = Date.now();
      const written = captureOutput();
      const context = {
        awsRequestId: "11111111-2222-3333-4444-555555555555",
        functionName: "vectra-exporter",
        getRemainingTimeInMillis: () => startedAt + TIME_LIMIT_SECONDS * 1000 - Date.now(),
      } as Context;
      const outcome = await time
        .until(handler({ tenant: tenant.name }, context))
        .then(
          (result) => ({ result: result as RunResult, error: undefined }),
          (error: Error) => ({ result: undefined, error: error.message }),
        )
        .finally(written.end);
      const log = written.text();
      return {
        startedAt,
        seconds: (Date.now() - startedAt) / 1000,
        ...outcome,
        metrics: metricsIn(log),
        log,
      };
    },
    end() {
      for (const name of Object.keys(environment)) {
        delete process.env[name];
      }
      Object.assign(process.env, before);
      // Nobody else must get a handler with these settings.
      vi.resetModules();
    },
  };
}

/** Powertools writes past console, straight to the streams. */
function captureOutput() {
  let output = "";
  const collect = (chunk: unknown) => {
    output += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(collect),
    vi.spyOn(process.stderr, "write").mockImplementation(collect),
    vi.spyOn(console, "log").mockImplementation((line) => collect(`${line}\n`)),
  ];
  return {
    text: () => output,
    end: () => {
      for (const spy of spies) {
        spy.mockRestore();
      }
    },
  };
}

/** What CloudWatch extracts from a log in the embedded metric format. */
function metricsIn(log: string): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const line of log.split("\n").filter((text) => text.includes('"_aws"'))) {
    const document = JSON.parse(line);
    for (const { Namespace, Metrics } of document._aws.CloudWatchMetrics) {
      if (Namespace !== METRICS_NAMESPACE) {
        throw new Error(`A metric in the namespace ${Namespace}`);
      }
      for (const { Name } of Metrics) {
        metrics[Name] = document[Name];
      }
    }
  }
  return metrics;
}
