/*
 * The part of Lambda that runs inside the function's process: loads the handler from the unzipped bundle
 * and calls it for each message from lambda.ts. It imports nothing but Node's modules and runs on plain Node:
 * anything missing from the bundle must fail here as it would in AWS.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Invocation, InvocationOutcome } from "./lambda.js";

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const RealDate = Date;
let clockOffset = 0;

/** Time is compressed: for the function, five minutes must pass between two invocations. */
class SimulatedDate extends RealDate {
  constructor(...parts: [] | [number | string | Date]) {
    if (parts.length === 0) {
      super(SimulatedDate.now());
    } else {
      super(...parts);
    }
  }

  static override now(): number {
    return RealDate.now() + clockOffset;
  }
}

async function loadHandler(taskRoot: string, name: string): Promise<Handler> {
  const [file = "", exported = ""] = name.split(".");
  const path = [".mjs", ".js", ".cjs"]
    .map((extension) => join(taskRoot, file + extension))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new Error(`Cannot find module '${file}' in the bundle`);
  }
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const handler = module[exported];
  if (typeof handler !== "function") {
    throw new Error(`${name} is not exported by the bundle`);
  }
  return handler as Handler;
}

function contextOf(invocation: Invocation): object {
  const deadline = performance.now() + invocation.timeoutSeconds * 1000;
  return {
    functionName: process.env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: process.env["AWS_LAMBDA_FUNCTION_VERSION"],
    memoryLimitInMB: process.env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: process.env["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: process.env["AWS_LAMBDA_LOG_STREAM_NAME"],
    invokedFunctionArn: invocation.functionArn,
    awsRequestId: invocation.requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
}

let handler: Handler | undefined;

async function invoke(invocation: Invocation): Promise<InvocationOutcome> {
  clockOffset = invocation.now - RealDate.now();
  try {
    // As in AWS, the bundle is loaded once: its clients and caches stay warm between invocations.
    handler ??= await loadHandler(process.env["LAMBDA_TASK_ROOT"] ?? "", process.env["_HANDLER"] ?? "");
    return { result: await handler(invocation.event, contextOf(invocation)) };
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

globalThis.Date = SimulatedDate as unknown as DateConstructor;
process.on("message", (invocation: Invocation) => {
  invoke(invocation).then((outcome) => process.send?.(outcome));
});
