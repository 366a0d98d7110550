import { EventEmitter } from "node:events";
import { mkdirSync, readdirSync, statSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TenantAccess } from "./accounting.js";
import { bundleCommandLine, type Running, startCommand } from "./command-line.js";
import { FolderState, STATE_FILE } from "./folder-state.js";

/** Each AWS account has a partition of its own, so that a window is many objects, and a kill comes between two of them. */
const DEPLOYMENT = {
  name: "kill-test",
  region: "eu-west-1",
  terraform: { backend: { local: {} } },
  accounts: { securityLake: { id: "333333333333" } },
  securityLake: {
    bucketName: "aws-security-data-lake-eu-west-1-abcdefghijklmnopqrstuvwxyz0123",
    customSource: { create: { name: "vectra-cdr", externalId: "external-id-of-the-test" } },
    exporter: {
      tenants: [
        {
          name: "acme",
          url: "https://acme.portal.vectra.ai",
          secret: { create: {} },
          start: "latest",
          partitionBy: "event",
        },
      ],
    },
  },
};

/** A folder into which processes of the command line export a tenant. */
export class Folder {
  readonly lake: string;
  readonly state: FolderState;
  /** A deployment file with the tenant's settings. */
  readonly deployment: string;
  readonly #program: string;
  readonly #access: TenantAccess;
  readonly #writes = new EventEmitter();
  readonly #watcher: ReturnType<typeof watch>;
  #processes = 0;

  /** @param directory where the folder is created, and what else is needed. */
  constructor(directory: string, access: TenantAccess) {
    this.lake = join(directory, "lake");
    this.state = new FolderState(this.lake, directory);
    this.#program = bundleCommandLine(directory);
    this.#access = access;
    mkdirSync(this.lake);
    this.deployment = join(directory, "deployment.yaml");
    // YAML includes JSON.
    writeFileSync(this.deployment, JSON.stringify(DEPLOYMENT));
    this.#watcher = watch(this.lake, (change, name) => {
      if (change === "change" && name === `${STATE_FILE}-wal`) {
        this.#writes.emit("write");
      }
    });
  }

  /** How many there were. */
  get processes(): number {
    return this.#processes;
  }

  close(): void {
    this.#watcher.close();
  }

  /** Starts a command. */
  start(parameters: readonly string[]): Running {
    this.#processes += 1;
    return startCommand(this.#program, [...parameters, "--lake", this.lake, "--json"], {
      VECTRA_CLIENT_ID: this.#access.clientId,
      VECTRA_CLIENT_SECRET: this.#access.clientSecret,
    });
  }

  /**
   * Lets a command come to its end.
   *
   * @param allowed the error with which it may end.
   * @returns its JSON.
   */
  async complete(parameters: readonly string[], allowed?: RegExp): Promise<unknown> {
    const { code, out, err } = await this.start(parameters).ended;
    if (code !== 0 && allowed?.test(err) !== true) {
      throw new Error(`vectra-cdr ${parameters.join(" ")} ended with ${code}: ${err}`);
    }
    return JSON.parse(out);
  }

  /** When the state was written to, in the time of `performance.now`, until something has happened. */
  async writesUntil(happened: Promise<unknown>): Promise<readonly number[]> {
    const times: number[] = [];
    const note = () => times.push(performance.now());
    this.#writes.on("write", note);
    await happened;
    this.#writes.off("write", note);
    return times;
  }

  /** Waits until the state has been written to so many times, or something else has happened. */
  async written(times: number, happened: Promise<unknown>): Promise<void> {
    const reached = Promise.withResolvers<void>();
    let left = times;
    const count = () => {
      left -= 1;
      if (left === 0) {
        reached.resolve();
      }
    };
    this.#writes.on("write", count);
    await Promise.race([reached.promise, happened]);
    this.#writes.off("write", count);
  }

  /** What is in the folder's partitions: path, size and time of the last change. */
  objects(): readonly string[] {
    return readdirSync(this.lake, { recursive: true, encoding: "utf8" })
      .filter((path) => path.startsWith("region="))
      .map((path) => ({ path, status: statSync(join(this.lake, path)) }))
      .filter(({ status }) => status.isFile())
      .map(({ path, status }) => `${path} (${status.size} bytes, ${status.mtimeMs})`);
  }
}
