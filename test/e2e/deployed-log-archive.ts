import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDeployment } from "../../deployment/load.js";
import { accountFor } from "../../deployment/plan/accounts.js";
import type { ToDo } from "../../deployment/stacks/account-stack.js";
import { synthDeployment } from "../../deployment/synth.js";
import { bundleExporter } from "../../functions/security-lake-exporter/bundle.js";
import { type EmulatedClient, startMiniStack } from "./ministack.js";
import { withoutPermission } from "./permission.js";
import { pythonEnvironment } from "./python-environment.js";
import { type AppliedStack, applyStack } from "./terraform-apply.js";
import { startTlsProxy } from "./tls-proxy.js";

const examples = join(import.meta.dirname, "..", "..", "examples");

export interface LogArchiveProps {
  /** Name of the example whose deployment file is deployed. */
  readonly example: string;
  /**
   * Creates what the file says already exists.
   *
   * @param owner client settings of the root user of the log archive account, over TLS.
   * @param file content of the deployment file.
   * @returns the same with values that are unknown before, such as the id of a key.
   */
  readonly prepare?: (owner: EmulatedClient, file: string) => Promise<string>;
  /** An IAM action to leave out of every policy, to show that its absence is noticed. */
  readonly brokenPermission: string | undefined;
}

/** The log-archive stack of an example, deployed into one of several emulated accounts. */
export interface DeployedLogArchive {
  readonly stack: AppliedStack;
  /** What the owners of existing resources must do, as synth prints it. */
  readonly toDo: readonly ToDo[];
  /** Client settings of an account's root user, over TLS. */
  rootOf(accountId: string): EmulatedClient;
  /** The same caller without TLS. */
  withoutTls(caller: EmulatedClient): EmulatedClient;
  close(): Promise<void>;
}

/** Deploys the log-archive stack of an example as its synthesized Terraform declares it. */
export async function deployLogArchive({
  example,
  prepare,
  brokenPermission,
}: LogArchiveProps): Promise<DeployedLogArchive> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) {
      await closer();
    }
  };
  try {
    const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-e2e-"));
    closers.push(async () => rmSync(directory, { recursive: true, force: true }));
    const emulator = await startMiniStack(await pythonEnvironment(), true);
    closers.push(emulator.stop);
    const tls = await startTlsProxy(emulator.endpoint);
    closers.push(tls.close);
    const path = join(examples, example, "deployment.yaml");
    const file = readFileSync(path, "utf8");
    const written = parseDeployment(file, path);
    const rootOf = (accountId: string): EmulatedClient => ({
      ...emulator.rootOf(accountId, written.region),
      endpoint: tls.url,
    });
    const { id } = accountFor(written, "logArchive");
    const deployment =
      prepare === undefined ? written : parseDeployment(await prepare(rootOf(id), file), path);
    const outdir = join(directory, "cdktf.out");
    const [summary] = synthDeployment({
      deployment,
      outdir,
      bundle: () => bundleExporter(join(directory, "bundle")),
    });
    const stack = await applyStack(
      join(outdir, "stacks", "log-archive"),
      { id, client: rootOf(id) },
      (_, values) =>
        brokenPermission === undefined || typeof values["policy"] !== "string"
          ? values
          : { ...values, policy: withoutPermission(values["policy"], brokenPermission) },
    );
    return {
      stack,
      toDo: summary?.toDo ?? [],
      rootOf,
      withoutTls: (caller) => ({ ...caller, endpoint: emulator.endpoint }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
