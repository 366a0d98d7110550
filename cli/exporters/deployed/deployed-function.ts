import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  TooManyRequestsException,
} from "@aws-sdk/client-lambda";
import { validate as isArn, parse as parseArn } from "@aws-sdk/util-arn-parser";
import pRetry from "p-retry";
import { given } from "../../../facts/given.js";
import { readSettings, type Settings } from "../../../functions/security-lake-exporter/settings.js";
import { explained, explaining } from "./aws-errors.js";

/** A deployed Lambda function. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly settings: Settings;
  /** ARN of the queue for its failed invocations; undefined if it has none. */
  readonly deadLetterQueueArn: string | undefined;
  /**
   * Invokes the function and waits for its result.
   *
   * @param event an invocation, as `functions/security-lake-exporter/invocation.ts` reads it.
   * @throws Error with the function's own message if it fails.
   */
  invoke(event: object): Promise<unknown>;
  close(): void;
}

/** Settings of SDK clients whose calls return quickly. Without the last one, the SDK only warns. */
export const SHORT_CALLS = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

/** Attempts to start an invocation while the account or the function is at its concurrency limit. */
const THROTTLED_RETRIES = 7;
/** Milliseconds before the first retry; each further pause is twice as long. */
const THROTTLED_PAUSE = 200;
/** Milliseconds that a response may take in addition to the function's time limit. */
const ANSWER_MARGIN = 30_000;

/**
 * Reads a function's own configuration, so that nothing about it must be passed or guessed.
 *
 * @param name or ARN.
 * @param region @default - the ARN's, else the environment's or the profile's
 * @throws Error if the function does not exist, is not an exporter, or the caller may not read it.
 */
export async function findFunction(name: string, region: string | undefined): Promise<DeployedFunction> {
  const known = region ?? (isArn(name) ? parseArn(name).region : undefined);
  const reader = new LambdaClient({ ...SHORT_CALLS, ...given({ region: known }) });
  const foundRegion = await reader.config.region().catch((error: unknown) => {
    throw explained(error);
  });
  const configuration = await configurationOf(reader, name, foundRegion).finally(() => reader.destroy());
  const {
    FunctionName = name,
    FunctionArn = "",
    Timeout = 900,
    Environment,
    DeadLetterConfig,
  } = configuration;
  if (Environment?.Error !== undefined) {
    throw new Error(
      `The environment of ${FunctionName} cannot be decrypted: ${Environment.Error.Message} ` +
        "Grant kms:Decrypt on the exporter's key to the identity that runs this command.",
    );
  }
  const settings = settingsOf(FunctionName, Environment?.Variables ?? {});
  const client = invokingClient(foundRegion, Timeout);
  return {
    name: FunctionName,
    arn: FunctionArn,
    region: foundRegion,
    settings,
    deadLetterQueueArn: DeadLetterConfig?.TargetArn,
    invoke: (event) => invoke(client, FunctionName, event),
    close: () => client.destroy(),
  };
}

async function configurationOf(lambda: LambdaClient, name: string, region: string) {
  try {
    return await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  } catch (error) {
    throw explained(error, {
      ResourceNotFoundException:
        `Function ${name} does not exist in ${region} in the account of these credentials: ` +
        "check --function, --region and AWS_PROFILE.",
    });
  }
}

function settingsOf(name: string, environment: Readonly<Record<string, string>>): Settings {
  try {
    return readSettings(environment);
  } catch (error) {
    throw new Error(
      `Function ${name} is not an exporter, or was deployed by another version: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/**
 * A run returns when it ends. The SDK itself must not retry: the first run may still be in progress, and the second
 * would report that the lease is held. Nothing would be lost or duplicated, but the first run's result would be.
 */
function invokingClient(region: string, timeoutSeconds: number): LambdaClient {
  return explaining(
    new LambdaClient({
      region,
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: 5_000,
        requestTimeout: timeoutSeconds * 1000 + ANSWER_MARGIN,
        throwOnRequestTimeout: true,
      },
    }),
  );
}

async function invoke(lambda: LambdaClient, name: string, event: object): Promise<unknown> {
  const { FunctionError, Payload } = await pRetry(() => begin(lambda, name, event), {
    retries: THROTTLED_RETRIES,
    minTimeout: THROTTLED_PAUSE,
    randomize: true,
    // The only error which means that no run has begun.
    shouldRetry: ({ error }) => error instanceof TooManyRequestsException,
  });
  const answer = Payload === undefined ? "null" : Buffer.from(Payload).toString();
  if (FunctionError !== undefined) {
    throw new Error(`The function failed: ${failureOf(answer)}`);
  }
  return JSON.parse(answer);
}

async function begin(lambda: LambdaClient, name: string, event: object) {
  try {
    return await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }));
  } catch (error) {
    throw connectionLost(error) ?? error;
  }
}

/** The message for a lost response. */
function connectionLost(error: unknown): Error | undefined {
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name !== "TimeoutError" && code !== "ECONNRESET" && code !== "EPIPE") {
    return undefined;
  }
  return new Error(
    `The connection to AWS was lost while the function ran (${String(code ?? name)}). The run continues in AWS; ` +
      "`status` shows when it has ended. It is safe to run the command again: every event is exported once.",
    { cause: error },
  );
}

/** The message of a function's error, from Lambda's response. */
function failureOf(answer: string): string {
  try {
    const { errorMessage, errorType } = JSON.parse(answer) as { errorMessage?: unknown; errorType?: unknown };
    return String(errorMessage ?? errorType ?? answer);
  } catch {
    return answer;
  }
}
