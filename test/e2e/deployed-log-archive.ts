import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDeployment } from "../../deployment/load.js";
import { synthDeployment } from "../../deployment/synth.js";
import { bundleExporter } from "../../functions/security-lake-exporter/bundle.js";
import { type EmulatedClient, startMiniStack } from "./ministack.js";
import { withoutPermission } from "./permission.js";
import { pythonEnvironment } from "./python-environment.js";
import { type AppliedStack, applyStack } from "./terraform-apply.js";
import { startTlsProxy } from "./tls-proxy.js";

const example = join(import.meta.dirname, "..", "..", "examples", "organization", "deployment.yaml");

/** The log-archive stack of the example, deployed into one of several emulated accounts. */
export interface DeployedLogArchive {
  readonly stack: AppliedStack;
  /** Client settings of an account's root user, over TLS. */
  rootOf(accountId: string): EmulatedClient;
  /** The same caller without TLS. */
  withoutTls(caller: EmulatedClient): EmulatedClient;
  close(): Promise<void>;
}

/**
 * Deploys the log-archive stack of examples/organization as its synthesized Terraform declares it: bucket, key,
 * topic, Vectra's role and every policy of theirs.
 *
 * @param brokenPermission an IAM action to leave out of every policy, to show that its absence is noticed.
 */
export async function deployLogArchive(brokenPermission: string | undefined): Promise<DeployedLogArchive> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-e2e-"));
    closers.push(async () => rmSync(directory, { recursive: true, force: true }));
    const emulator = await startMiniStack(await pythonEnvironment(), true);
    closers.push(emulator.stop);
    const tls = await startTlsProxy(emulator.endpoint);
    closers.push(tls.close);
    const deployment = parseDeployment(readFileSync(example, "utf8"), example);
    const rootOf = (accountId: string): EmulatedClient => ({
      ...emulator.rootOf(accountId, deployment.region),
      endpoint: tls.url,
    });
    const id = deployment.accounts.logArchive?.id;
    if (id === undefined)
      throw new Error("The example has no log archive account, which this test is about.");
    const outdir = join(directory, "cdktf.out");
    synthDeployment({ deployment, outdir, bundle: () => bundleExporter(join(directory, "bundle")) });
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
      rootOf,
      withoutTls: (caller) => ({ ...caller, endpoint: emulator.endpoint }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
