import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FunctionError, type Lambda, openLambda } from "../../rehearsal/lambda.js";

const NOW = new Date("2026-03-01T12:00:00Z");

let directory: string;
let lambda: Lambda;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "a function "));
});
afterEach(async () => {
  await lambda.close();
  await rm(directory, { recursive: true });
});

async function open(code: string, timeoutSeconds = 30, handler = "index.handler"): Promise<void> {
  const zipPath = join(directory, "function.zip");
  await writeFile(zipPath, zipSync({ "index.mjs": strToU8(code) }));
  lambda = openLambda({
    configuration: {
      functionName: "exporter",
      functionArn: "arn:aws:lambda:eu-west-1:333333333333:function:exporter",
      handler,
      runtime: "nodejs24.x",
      timeoutSeconds,
      memoryMegabytes: 512,
      environment: { TENANTS: "[]" },
    },
    zipPath,
    taskRoot: join(directory, "task"),
    logPath: join(directory, "function.log"),
    awsEnvironment: { AWS_REGION: "eu-west-1" },
  });
}

describe("the Lambda runtime", () => {
  it("gives the handler its event, a context and the function's environment, and nothing of ours", async () => {
    await open(`export const handler = async (event, context) => ({
      event,
      remaining: context.getRemainingTimeInMillis(),
      name: context.functionName,
      arn: context.invokedFunctionArn,
      environment: process.env,
      loaders: process.execArgv,
    });`);

    const result = await lambda.invoke({ tenant: "acme" }, NOW);

    expect(result).toMatchObject({
      event: { tenant: "acme" },
      name: "exporter",
      arn: "arn:aws:lambda:eu-west-1:333333333333:function:exporter",
      loaders: [],
    });
    const { remaining, environment } = result as { remaining: number; environment: Record<string, string> };
    expect(remaining).toBeGreaterThan(29_000);
    expect(remaining).toBeLessThanOrEqual(30_000);
    const given = Object.keys(environment).filter((name) => !name.startsWith("NODE_"));
    expect(given.sort()).toEqual([
      "AWS_CONFIG_FILE",
      "AWS_EXECUTION_ENV",
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_FUNCTION_NAME",
      "AWS_LAMBDA_FUNCTION_VERSION",
      "AWS_LAMBDA_LOG_GROUP_NAME",
      "AWS_LAMBDA_LOG_STREAM_NAME",
      "AWS_REGION",
      "AWS_SHARED_CREDENTIALS_FILE",
      "LAMBDA_TASK_ROOT",
      "TENANTS",
      "TZ",
      "_HANDLER",
    ]);
  });

  it("shows the function the simulated time", async () => {
    await open(
      "export const handler = async () => [Date.now(), new Date().getTime(), new Date(5).getTime()];",
    );

    const [now = 0, dated = 0, fixed] = (await lambda.invoke({}, NOW)) as number[];

    expect(now - NOW.getTime()).toBeLessThan(1000);
    expect(dated - NOW.getTime()).toBeLessThan(1000);
    expect(Math.min(now, dated)).toBeGreaterThanOrEqual(NOW.getTime());
    expect(fixed).toBe(5);
  });

  it("keeps the process warm between invocations, and starts a new one after a kill", async () => {
    await open("let calls = 0; export const handler = async () => ++calls;");

    const warm = [await lambda.invoke({}, NOW), await lambda.invoke({}, NOW)];
    const running = lambda.invoke({}, NOW);
    await running;
    lambda.kill();
    const cold = await lambda.invoke({}, NOW).catch(() => lambda.invoke({}, NOW));

    expect(warm).toEqual([1, 2]);
    expect(cold).toBe(1);
  });

  it("keeps what the function prints in the log", async () => {
    await open('export const handler = async () => { console.log("hello"); console.error("oh"); };');

    await lambda.invoke({}, NOW);
    await lambda.close();

    expect((await readFile(join(directory, "function.log"), "utf8")).split("\n").sort()).toEqual([
      "",
      "hello",
      "oh",
    ]);
  });

  it.each([
    ["throws", 'export const handler = async () => { throw new TypeError("no"); };', "TypeError: no"],
    ["ends the process", "export const handler = async () => process.exit(3);", "Runtime exited: code 3"],
    ["is not in the bundle", "export const other = 1;", "index.handler is not exported by the bundle"],
    [
      "imports what the bundle lacks",
      'import "zod"; export const handler = async () => 1;',
      "Cannot find package 'zod'",
    ],
  ])("reports a handler that %s", async (_, code, message) => {
    await open(code);

    const failure = lambda.invoke({}, NOW);

    await expect(failure).rejects.toBeInstanceOf(FunctionError);
    await expect(failure).rejects.toThrow(message);
  });

  it("ends a function at its time limit", async () => {
    await open("export const handler = () => new Promise((done) => setTimeout(done, 60_000));", 0.2);

    await expect(lambda.invoke({}, NOW)).rejects.toThrow("Task timed out after 0.2 seconds");
  });
});
