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

/** A Lambda function, as it is found in AWS. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly settings: Settings;
  /** ARN of the queue that takes its failed invocations; undefined where it has none. */
  readonly deadLetterQueueArn: string | undefined;
  /**
   * Invokes it and waits until it has ended.
   *
   * @param event an invocation, as `functions/security-lake-exporter/invocation.ts` reads it.
   * @throws Error with the function's own message where it failed.
   */
  invoke(event: object): Promise<unknown>;
  close(): void;
}

/** Settings of SDK clients whose calls are answered at once. Without the last one, the SDK only warns. */
export const SHORT_CALLS = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

/** Attempts to begin an invocation while the account, or the function, has no run free. */
const THROTTLED_RETRIES = 7;
/** Milliseconds before the first of them; each following pause is twice as long. */
const THROTTLED_PAUSE = 200;
/** Milliseconds that an answer may take besides the function's own time limit. */
const ANSWER_MARGIN = 30_000;

/**
 * Reads what is deployed, from the function's own configuration: nothing about it is asked for or guessed.
 *
 * @param name or ARN.
 * @param region @default - the ARN's, else the environment's or the profile's
 * @throws Error where there is no such function, it is not an exporter, or the caller may not read it.
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
      `AWS does not show the environment of ${FunctionName}: ${Environment.Error.Message} ` +
        "Grant kms:Decrypt on the exporter's key to whoever runs this command.",
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
        `There is no function ${name} in ${region} in the account of these credentials: ` +
        "check --function, --region and AWS_PROFILE.",
    });
  }
}

function settingsOf(name: string, environment: Readonly<Record<string, string>>): Settings {
  try {
    return readSettings(environment);
  } catch (error) {
    throw new Error(
      `The function ${name} is not an exporter, or not of this version: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/**
 * A run answers when it ends. The SDK itself must not try again: the first run may still be at work, and the second
 * would answer that it found the lease held. Nothing would be lost or doubled, but what the run did would not be told.
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
    // The one error that says that no run has begun.
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

/** What to say where the answer got lost on the way. */
function connectionLost(error: unknown): Error | undefined {
  const { name, code } = error as { name?: unknown; code?: unknown };
  if (name !== "TimeoutError" && code !== "ECONNRESET" && code !== "EPIPE") {
    return undefined;
  }
  return new Error(
    `The connection to AWS was lost while the function ran (${String(code ?? name)}). The run goes on by itself; ` +
      "`status` tells when it has ended. To run the command again is safe: every event is exported once.",
    { cause: error },
  );
}

/** The message of a function's error, from the answer that Lambda makes of it. */
function failureOf(answer: string): string {
  try {
    const { errorMessage, errorType } = JSON.parse(answer) as { errorMessage?: unknown; errorType?: unknown };
    return String(errorMessage ?? errorType ?? answer);
  } catch {
    return answer;
  }
}
