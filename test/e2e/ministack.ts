import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Settings of an AWS SDK client that talks to the emulator. */
export interface EmulatedClient {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly forcePathStyle: true;
}

/** A running MiniStack: every AWS account at one loopback endpoint, empty at the start. */
export interface MiniStack {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** Client settings of the root user of an account; MiniStack takes a 12-digit access key for that account's root. */
  rootOf(accountId: string, region: string): EmulatedClient;
  /** What MiniStack and the functions it ran have printed so far. */
  output(): string;
  /** Ends MiniStack with its functions and deletes its files. */
  stop(): Promise<void>;
}

const startLimitMilliseconds = 30_000;

/**
 * Starts MiniStack on a free loopback port, with files of its own below the system's temporary directory.
 *
 * It inherits neither AWS settings nor NODE_OPTIONS: it hands its whole environment on to the functions it runs,
 * and a caller's credentials or test runner must not reach them. It ends when this process ends, however that
 * happens (see emulator.py).
 *
 * @param python interpreter of the environment that has MiniStack, from `pythonEnvironment()`.
 * @param enforcePermissions evaluate IAM, trust and resource policies; without it nearly everything is allowed.
 * @throws when it does not answer within 30 s; the message carries its output.
 */
export async function startMiniStack(python: string, enforcePermissions: boolean): Promise<MiniStack> {
  const directory = mkdtempSync(join(tmpdir(), "ministack-"));
  for (const folder of ["tmp", "s3", "state"]) {
    mkdirSync(join(directory, folder));
  }
  // MiniStack runs its CommonJS worker from TMPDIR; below a folder that is "type": "module" Node would refuse it.
  writeFileSync(join(directory, "package.json"), '{"type":"commonjs"}\n');
  const logFile = join(directory, "ministack.log");
  const log = openSync(logFile, "w");
  const port = await freePort();
  const emulator = spawn(python, [join(import.meta.dirname, "emulator.py")], {
    cwd: directory,
    detached: true, // A process group of its own, so that the functions it runs end with it.
    stdio: ["pipe", log, log],
    env: {
      PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter), // This Node runs the functions.
      HOME: directory,
      AUTH: String(enforcePermissions),
      BIND_HOST: "127.0.0.1",
      GATEWAY_PORT: String(port),
      LAMBDA_ASYNC_RETRY_BASE_SECONDS: "0",
      SFN_WAIT_SCALE: "0.001", // A minute of a state machine takes 60 milliseconds.
      TMPDIR: join(directory, "tmp"),
      S3_DATA_DIR: join(directory, "s3"),
      STATE_DIR: join(directory, "state"),
    },
  });
  const output = () => readFileSync(logFile, "utf8");
  const stop = async () => {
    await end(emulator);
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  // `localhost` would make the SDK address buckets as host names.
  const endpoint = `http://127.0.0.1:${port}`;
  if (!(await answers(`${endpoint}/_ministack/health`, emulator))) {
    const reason = output();
    await stop();
    throw new Error(
      `MiniStack did not answer at ${endpoint} within ${startLimitMilliseconds} ms.\n${reason}`,
    );
  }
  return {
    endpoint,
    output,
    stop,
    rootOf: (accountId, region) => ({
      endpoint,
      region,
      credentials: { accessKeyId: accountId, secretAccessKey: "unchecked" },
      forcePathStyle: true,
    }),
  };
}

async function answers(url: string, emulator: ChildProcess): Promise<boolean> {
  const deadline = Date.now() + startLimitMilliseconds;
  while (Date.now() < deadline && emulator.exitCode === null && emulator.signalCode === null) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) {
      return true;
    }
    await sleep(100);
  }
  return false;
}

async function end(emulator: ChildProcess): Promise<void> {
  if (emulator.exitCode !== null || emulator.signalCode !== null) {
    return;
  }
  const ended = once(emulator, "exit");
  emulator.stdin?.end(); // emulator.py takes it for the signal to leave.
  await ended;
}

/** A port that was free a moment ago; MiniStack cannot choose one itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new Error("No free loopback port.");
  }
  return address.port;
}
