import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";

/** A function's configuration, as Lambda would receive it. */
export interface FunctionConfiguration {
  readonly functionName: string;
  readonly functionArn: string;
  /** `<file>.<export>` */
  readonly handler: string;
  /** `nodejs24.x`, … */
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** One call of the handler, as it is sent to the function's process. */
export interface Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  readonly timeoutSeconds: number;
  /** What the function's clock shows when the handler is called, epoch milliseconds. */
  readonly now: number;
  readonly event: unknown;
}

/** What the function's process returns. */
export type InvocationOutcome = { readonly result: unknown } | { readonly error: string };

/** A function that runs as it does in Lambda: from its zip, in its own process, which stays warm. */
export interface Lambda {
  /**
   * Calls the handler in the warm process, or in a new one after a crash.
   *
   * @param now what the function's clock shows
   * @throws FunctionError if the handler throws, the process ends or the time limit is exceeded
   */
  invoke(event: unknown, now: Date): Promise<unknown>;
  /** Kills the process at once, whatever it is doing. */
  kill(): void;
  close(): Promise<void>;
}

/** The handler threw, or its process ended. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
}

/**
 * Unpacks a function's zip and makes it ready to be invoked.
 *
 * @param options.zipPath the zip that the deployment points to
 * @param options.taskRoot where it is unpacked: Lambda's /var/task
 * @param options.logPath receives the function's output
 * @param options.awsEnvironment region, credentials and endpoints; Lambda adds them to the function's own
 */
export function openLambda(options: {
  configuration: FunctionConfiguration;
  zipPath: string;
  taskRoot: string;
  logPath: string;
  awsEnvironment: Readonly<Record<string, string>>;
}): Lambda {
  const { configuration } = options;
  unpack(options.zipPath, options.taskRoot);
  const log = createWriteStream(options.logPath);
  let warm: ChildProcess | undefined;

  function start(): ChildProcess {
    const child = fork(fileURLToPath(new URL("./lambda-runtime.ts", import.meta.url)), {
      cwd: options.taskRoot,
      env: {
        ...options.awsEnvironment,
        ...configuration.environment,
        ...lambdaEnvironment(configuration, options.taskRoot),
      },
      // Without the parent's loader: AWS does not compile TypeScript either.
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    child.once("exit", () => {
      if (warm === child) {
        warm = undefined;
      }
    });
    return child;
  }

  async function invoke(event: unknown, now: Date): Promise<unknown> {
    warm ??= start();
    const outcome = await exchange(warm, {
      requestId: randomUUID(),
      functionArn: configuration.functionArn,
      timeoutSeconds: configuration.timeoutSeconds,
      now: now.getTime(),
      event,
    });
    if ("error" in outcome) {
      throw new FunctionError(outcome.error);
    }
    return outcome.result;
  }

  return {
    invoke,
    kill: () => warm?.kill("SIGKILL"),
    async close() {
      const child = warm;
      if (child !== undefined) {
        const exited = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await exited;
      }
      await new Promise<void>((resolve) => {
        log.end(resolve);
      });
    },
  };
}

function exchange(child: ChildProcess, invocation: Invocation): Promise<InvocationOutcome> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => {
      settle({ error: `Task timed out after ${invocation.timeoutSeconds} seconds` });
      child.kill("SIGKILL");
    }, invocation.timeoutSeconds * 1000);
    const onExit = (code: number | null, signal: string | null): void =>
      settle({ error: `Runtime exited: ${signal ?? `code ${code}`}` });
    function settle(outcome: InvocationOutcome): void {
      clearTimeout(limit);
      child.off("message", settle);
      child.off("exit", onExit);
      resolve(outcome);
    }
    child.once("message", settle);
    child.once("exit", onExit);
    child.send(invocation);
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function lambdaEnvironment(configuration: FunctionConfiguration, taskRoot: string): Record<string, string> {
  return {
    _HANDLER: configuration.handler,
    LAMBDA_TASK_ROOT: taskRoot,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${configuration.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "rehearsal",
    TZ: ":UTC",
    // Lambda has no home directory; the user's own AWS settings must not leak in.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}

function unpack(zipPath: string, directory: string): void {
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zipPath)))) {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
