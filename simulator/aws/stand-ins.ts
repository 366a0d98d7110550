import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { MAINTENANCE_PAGE } from "../answer.js";
import { listenOnLoopback, readBody } from "../loopback.js";
import {
  type AwsAnswer,
  type AwsCall,
  type AwsService,
  awsError,
  recognizeCall,
  sendAwsAnswer,
} from "./call.js";
import { type CapacityUnits, type Item, leaveUnprocessed, openDynamoDb, type TableKey } from "./dynamodb.js";
import { openS3 } from "./s3.js";
import { openSecretsManager } from "./secrets-manager.js";
import { openSts } from "./sts.js";

/** Options of the stand-ins. */
export interface AwsOptions {
  /** Objects become files below it, at their keys. */
  readonly lakeDirectory: string;
  readonly lake: {
    readonly bucket: string;
    /** The custom source's prefix, `ext/<source>/`: nothing may be written outside it. */
    readonly prefix: string;
    /** The provider role, and the External ID without which it cannot be assumed. */
    readonly roleArn: string;
    readonly externalId: string;
  };
  readonly table: TableKey;
  /** Secret strings by ARN. */
  readonly secrets: Readonly<Record<string, string>>;
  /** @default "eu-west-1" */
  readonly region?: string;
  /** Told what each call of DynamoDB consumes; the answers state it as well, then. @default - nobody asks */
  readonly onUnits?: (units: CapacityUnits) => void;
  /** Called before each call, to fail, delay or crash it. @default - every call passes */
  readonly onCall?: (call: AwsCallName) => AwsFault | Promise<AwsFault>;
}

/** The part of a call that decides whether it fails. */
export interface AwsCallName {
  readonly service: AwsService;
  /** `AssumeRole`, `PutObject`, `GetSecretValue`, `GetItem`, `UpdateItem`, … */
  readonly operation: string;
}

/**
 * What happens to a call: `pass`; `drop` closes the connection before the call takes effect, `drop-answer` after
 * that; `hang` never answers, without an effect; `garbage` answers 200 with an HTML page, without an effect;
 * `unprocessed` is a BatchGetItem that succeeds without having read anything, as under throttling; `slow` answers
 * correctly, that many milliseconds later; or an error of the service, such as `AccessDenied` or
 * `ProvisionedThroughputExceededException`, without an effect.
 */
export type AwsFault =
  | "pass"
  | "drop"
  | "drop-answer"
  | "hang"
  | "garbage"
  | "unprocessed"
  | { readonly slow: number }
  | { readonly status: number; readonly code: string };

/** The running stand-ins. */
export interface Aws {
  readonly url: string;
  /** What the SDK reads from the environment: address of the stand-ins, region, credentials of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every call so far, including failed ones. */
  calls(): readonly AwsCallName[];
  /** Every item of the table as plain JSON, by key. */
  items(): Promise<Item[]>;
  /** Gives a secret a new value, as a rotation does. */
  putSecret(secretArn: string, secretString: string): void;
  close(): Promise<void>;
}

/**
 * Starts loopback stand-ins for exactly the AWS calls that the exporter makes, at one address: STS AssumeRole,
 * S3 PutObject, Secrets Manager GetSecretValue, and DynamoDB. Signatures are not verified, but credentials and
 * their permissions are.
 */
export async function startAws(options: AwsOptions): Promise<Aws> {
  const sts = openSts(options.lake);
  const s3 = openS3(options.lakeDirectory, options.lake, sts);
  const secretsManager = openSecretsManager(options.secrets);
  const dynamoDb = await openDynamoDb(options.table, options.onUnits);
  const calls: AwsCallName[] = [];

  async function answer(call: AwsCall): Promise<AwsAnswer> {
    switch (call.service) {
      case "sts":
        return sts.answer(call);
      case "s3":
        return await s3.answer(call);
      case "secretsmanager":
        return secretsManager.answer(call);
      case "dynamodb":
        return await dynamoDb.answer(call);
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = recognizeCall(request, await readBody(request));
    if (call === undefined) {
      response.writeHead(400).end("Not a signed call to STS, S3, Secrets Manager or DynamoDB.");
      return;
    }
    const name = { service: call.service, operation: call.operation };
    calls.push(name);
    const fault = (await options.onCall?.(name)) ?? "pass";
    switch (fault) {
      case "pass":
        return sendAwsAnswer(response, await answer(call));
      case "drop-answer":
        await answer(call);
        response.destroy();
        return;
      case "drop":
        response.destroy();
        return;
      case "hang":
        if (!response.closed) {
          await once(response, "close");
        }
        return;
      case "garbage":
        return sendAwsAnswer(response, { status: 200, contentType: "text/html", body: MAINTENANCE_PAGE });
      case "unprocessed":
        return sendAwsAnswer(response, leaveUnprocessed(call));
    }
    if ("slow" in fault) {
      await delay(fault.slow, undefined, { ref: false });
      return sendAwsAnswer(response, await answer(call));
    }
    sendAwsAnswer(response, awsError(call.service, fault.status, fault.code, `Simulated ${fault.code}`));
  }

  const server = await listenOnLoopback(serve);
  return {
    url: server.url,
    environment: {
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: options.region ?? "eu-west-1",
      AWS_ACCESS_KEY_ID: "ASIAEXECUTIONROLE000",
      AWS_SECRET_ACCESS_KEY: "simulated-execution-role",
      AWS_SESSION_TOKEN: "simulated-execution-role-session",
    },
    calls: () => calls,
    items: dynamoDb.items,
    putSecret: secretsManager.put,
    async close() {
      await server.close();
      await dynamoDb.close();
    },
  };
}
