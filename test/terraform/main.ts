import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { loadDeployment } from "../../deployment/load.js";
import { bundleExporter } from "../../functions/security-lake-exporter/bundle.js";
import { pythonEnvironment } from "../e2e/python-environment.js";
import { type Bench, stackFolder, synthesize, terraformEnvironment } from "./bench.js";
import { Checks, StoppedError } from "./checks.js";
import { startOrganization } from "./emulated-organization.js";
import { lakeOf } from "./lake.js";
import { checkLifecycle, type LifecycleSubject } from "./lifecycle.js";
import { installProvider, type Provider } from "./provider.js";
import { everyOption, organization, validatedOptions } from "./subjects.js";
import { synthesizedIn } from "./synthesized.js";
import { terraformVersion } from "./terraform.js";
import { examples, validateAll } from "./validate-examples.js";

/** Exit code for "not run": neither passed nor failed. */
const NOT_RUN = 77;
const EXAMPLES = join(import.meta.dirname, "..", "..", "examples");
const SECRET_VALUE = "terraform-leg-secret-8c1f4e7a2b9d6035";

/**
 * Applies every stack of examples/organization, and of a deployment with every option on, with the real Terraform and
 * the real AWS provider to an emulated organization, plans again, and destroys what may be destroyed. The stacks of all
 * examples are validated.
 *
 * @returns the exit code: 0 if every check passed, 1 if one failed, 77 if Terraform or the AWS provider is
 *   unavailable.
 */
async function main(): Promise<number> {
  const version = await terraformVersion();
  if (version === undefined) {
    return reportNotRun("terraform is not on PATH");
  }
  if (!atLeast(version, 1, 11)) {
    return reportNotRun(`terraform is version ${version}; 1.11 or newer is required`);
  }
  const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-terraform-"));
  try {
    const bench: Bench = {
      directory,
      bundle: bundleExporter(join(directory, "bundle")),
      log: join(directory, "terraform.log"),
      checks: new Checks(),
      environment: terraformEnvironment(directory),
    };
    const [first = ""] = synthesize(bench, organization);
    const { terraform } = synthesizedIn(stackFolder(bench, organization, first));
    const provider = await installProvider(bench, terraform.required_providers.aws.version);
    if (typeof provider === "string") {
      return reportNotRun(`terraform init cannot get the AWS provider: ${provider}`);
    }
    console.log(`Terraform ${version}, AWS provider ${provider.version}.`);
    await validateAll(bench, [...examples(EXAMPLES), validatedOptions], provider);
    for (const subject of [organization, everyOption]) {
      await deployAndDestroy(bench, subject, provider);
    }
    console.log(`\nTerraform leg: ${bench.checks.summary()}`);
    return bench.checks.failed === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function reportNotRun(reason: string): number {
  console.log(`not run: ${reason}`);
  return NOT_RUN;
}

function atLeast(version: string, major: number, minor: number): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split(".").map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}

async function deployAndDestroy(bench: Bench, subject: LifecycleSubject, provider: Provider): Promise<void> {
  const stacks = synthesize(bench, subject);
  const emulated = await startOrganization(bench, subject, stacks, await pythonEnvironment());
  const { accountId, region } = lakeOf(loadDeployment(subject.file));
  const secrets = new SecretsManagerClient(emulated.rootOf(accountId, region));
  try {
    await checkLifecycle(bench, subject, stacks, provider, emulated, {
      value: SECRET_VALUE,
      fill: () => fillSecret(secrets),
    });
  } catch (error) {
    if (!(error instanceof StoppedError)) {
      throw error;
    }
    console.log(error.message);
  } finally {
    await emulated.close();
  }
}

/** Puts the API client into the deployed secret, as a person does after the deployment. */
async function fillSecret(secrets: SecretsManagerClient): Promise<void> {
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  if (SecretList.length !== 1) {
    throw new Error(`Expected one secret, found ${SecretList.length}.`);
  }
  await secrets.send(
    new PutSecretValueCommand({
      SecretId: SecretList[0]?.ARN,
      SecretString: JSON.stringify({ client_id: "someone", client_secret: SECRET_VALUE }),
    }),
  );
}

process.exitCode = await main();
