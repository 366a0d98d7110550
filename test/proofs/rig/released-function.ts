import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { LAMBDA_LIMITS } from "../../../bench/backlog.js";
import { listenOnLoopback, readBody } from "../../../simulator/loopback.js";

/** What an invocation ended with. */
export interface Outcome {
  /** What the function answered. */
  readonly result?: unknown;
  /** Name and message of what it threw. */
  readonly error?: string;
  /** How long it took. */
  readonly milliseconds: number;
}

/** A container of a released function: it keeps what the function keeps from one invocation to the next. */
export interface ReleasedContainer {
  invoke(event: unknown): Promise<Outcome>;
  end(): void;
}

/** A function's zip as it was deployed, which runs in processes of its own. */
export class ReleasedFunction {
  readonly #directory = mkdtempSync(join(tmpdir(), "released "));
  readonly #bundle = join(this.#directory, "index.mjs");
  readonly #environment: () => Readonly<Record<string, string>>;
  /** The next one starts while the one before works. */
  #next: ChildProcess | undefined;

  /** @param environment of the function, asked when a container starts to work. */
  constructor(zip: string, environment: () => Readonly<Record<string, string>>) {
    const { "index.mjs": code } = unzipSync(readFileSync(zip));
    if (code === undefined) {
      throw new Error(`${zip} has no index.mjs`);
    }
    writeFileSync(this.#bundle, code);
    this.#environment = environment;
  }

  /** A new container. */
  container(): ReleasedContainer {
    const child = this.#next ?? this.#start();
    this.#next = this.#start();
    let settle: (outcome: Outcome) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    child.on("message", (outcome: Outcome) => settle(outcome));
    child.on("exit", (code, signal) =>
      fail(new Error(`The function's process ended with ${code ?? signal}`)),
    );
    return {
      invoke: async (event) => {
        const outcome = new Promise<Outcome>((resolve, reject) => {
          settle = resolve;
          fail = reject;
        });
        child.send({ environment: this.#environment(), event, now: Date.now(), time: 240_000 });
        return await outcome;
      },
      end: () => {
        fail = () => undefined;
        child.kill("SIGKILL");
      },
    };
  }

  close(): void {
    this.#next?.kill("SIGKILL");
    rmSync(this.#directory, { recursive: true });
  }

  #start(): ChildProcess {
    return fork(join(import.meta.dirname, "released-function.mjs"), [this.#bundle], {
      execArgv: [...LAMBDA_LIMITS],
      // What the function logs is not of interest here.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: { NODE_COMPILE_CACHE: join(this.#directory, "compiled") },
    });
  }
}

/**
 * An address at which another process reaches a tenant through this process's own `fetch`, so that a test that lets
 * requests fail decides about those of the other process, too. One that fails is answered 400, which nobody repeats.
 */
export async function startRelay(tenant: () => string) {
  return await listenOnLoopback(async (request, response) => {
    const body = await readBody(request);
    const { authorization, "content-type": type } = request.headers;
    try {
      const answer = await fetch(`${tenant()}${request.url}`, {
        method: request.method ?? "GET",
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(type === undefined ? {} : { "content-type": type }),
        },
        ...(request.method === "POST" ? { body: new Uint8Array(body) } : {}),
      });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.writeHead(400).end();
    }
  });
}
