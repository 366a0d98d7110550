import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import {
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { parseDocument } from "yaml";
import { parseDeployment } from "../../deployment/load.js";
import { synthDeployment } from "../../deployment/synth.js";
import { bundleExporter, type ExporterBundle } from "../../functions/security-lake-exporter/bundle.js";
import { type MiniStack, startMiniStack } from "../e2e/ministack.js";
import { pythonEnvironment } from "../e2e/python-environment.js";
import { startAccountHostProxy } from "./account-host-proxy.js";
import { Checks, StoppedError } from "./checks.js";
import { changesOf, described, type Plan, unexplained } from "./drift.js";
import { emulatorDrifts } from "./emulator-drifts.js";
import { lakeOf, makeBucket } from "./lake.js";
import { startSecurityLakeStandIn } from "./security-lake-stand-in.js";
import { errorsOf, type Outcome, terraform, terraformVersion } from "./terraform.js";

/** Exit code for "could not be run here"; neither passed nor failed. */
const notRun = 77;
const example = join(import.meta.dirname, "..", "..", "examples", "organization", "deployment.yaml");
/** The caller, who may assume the deploy role of each account; an access key of 12 digits is that account's root. */
const operatorAccount = "444444444444";
const secretValue = "terraform-leg-secret-8c1f4e7a2b9d6035";

interface Bench {
  readonly directory: string;
  readonly outdir: string;
  readonly bundle: ExporterBundle;
  readonly log: string;
  readonly checks: Checks;
}

/**
 * Applies every stack of examples/organization with the real Terraform and the real AWS provider to an emulated
 * organization, plans again, and destroys what may be destroyed.
 *
 * @returns the exit code: 0 when every check passed, 1 when one failed, 77 when Terraform or the AWS provider
 *   cannot be had here.
 */
async function main(): Promise<number> {
  const version = await terraformVersion();
  if (version === undefined) return reportNotRun("there is no terraform on PATH");
  if (!atLeast(version, 1, 11)) return reportNotRun(`terraform is ${version}, 1.11 or newer is needed`);
  const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-terraform-"));
  try {
    const bench: Bench = {
      directory,
      outdir: join(directory, "cdktf.out"),
      bundle: bundleExporter(join(directory, "bundle")),
      log: join(directory, "terraform.log"),
      checks: new Checks(),
    };
    const stacks = synthesize(bench, true).map(({ id }) => id);
    const obstacle = await fetchProvider(bench, stacks);
    if (obstacle !== undefined)
      return reportNotRun(`terraform init cannot get the AWS provider: ${obstacle}`);
    console.log(`Terraform ${version}, stacks ${stacks.join(", ")} of examples/organization.`);
    await applyAndDestroy(bench, stacks);
    console.log(`\nTerraform leg: ${bench.checks.summary()}`);
    return bench.checks.failed === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function reportNotRun(reason: string): number {
  console.log(`not run: ${reason}`);
  return notRun;
}

function atLeast(version: string, major: number, minor: number): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split(".").map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}

/** Writes the example's stacks, to be retained or to be let go; a second time into the same folders. */
function synthesize({ outdir, bundle }: Bench, retain: boolean) {
  const file = parseDocument(readFileSync(example, "utf8"));
  file.set("retain", retain);
  return synthDeployment({
    deployment: parseDeployment(file.toString(), example),
    outdir,
    bundle: () => bundle,
  });
}

/**
 * Installs the provider that the stacks require into the plugin cache, from a configuration that has nothing else
 * in it: a failure here is the network's, a later one is ours. A mirror may hold another version of the provider
 * than the one that the stacks name; that serves too, and the leg says which and what had to be changed for it.
 *
 * @returns why it cannot be had, in one line; undefined when it can.
 */
async function fetchProvider({ directory, outdir, log }: Bench, stacks: readonly string[]) {
  const required = requiredProvider(outdir, stacks[0] ?? "");
  mkdirSync(join(directory, "plugins"));
  let reason = "";
  for (const version of [required.version, `~> ${/\d+/.exec(required.version)?.[0]}.0`, ">= 5.0"]) {
    const folder = mkdtempSync(join(directory, "provider-"));
    const terraformBlock = { required_providers: { aws: { ...required, version } } };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: terraformBlock }));
    const init = await terraform(folder, ["init", "-input=false", "-no-color"], environment(directory), log);
    if (init.exitCode !== 0) {
      reason ||= oneLine(errorsOf(init));
      continue;
    }
    const lockFile = join(folder, ".terraform.lock.hcl");
    for (const stack of stacks) {
      const target = join(outdir, "stacks", stack);
      if (version !== required.version) {
        const found = /version\s*=\s*"([\d.]+)"/.exec(readFileSync(lockFile, "utf8"))?.[1] ?? version;
        const override = { terraform: terraformBlock, ...runtimeKnownTo(found, target) };
        writeFileSync(join(target, "provider_override.tf.json"), JSON.stringify(override));
        console.log(`${stack}: AWS provider ${found}, because ${required.version} cannot be had here.`);
      }
      // With the lock file of this init the cache serves the stacks' inits; without one Terraform asks the registry again.
      copyFileSync(lockFile, join(target, ".terraform.lock.hcl"));
    }
    return undefined;
  }
  return reason;
}

interface Synthesized {
  readonly terraform: { readonly required_providers: { readonly aws: { source: string; version: string } } };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, { readonly runtime?: string }>>>>;
}

function requiredProvider(outdir: string, stack: string): { source: string; version: string } {
  return synthesizedIn(join(outdir, "stacks", stack)).terraform.required_providers.aws;
}

function synthesizedIn(folder: string): Synthesized {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
}

/** Provider 5 refuses the runtime nodejs24.x, which it does not know; the emulator runs any Node alike. */
function runtimeKnownTo(providerVersion: string, folder: string): object {
  const functions = Object.keys(synthesizedIn(folder).resource?.["aws_lambda_function"] ?? {});
  if (!providerVersion.startsWith("5.") || functions.length === 0) return {};
  console.log(
    `AWS provider ${providerVersion} does not know nodejs24.x: the function is planned as nodejs22.x.`,
  );
  const overrides = functions.map((name) => [name, { runtime: "nodejs22.x" }] as const);
  return { resource: { aws_lambda_function: Object.fromEntries(overrides) } };
}

/** Terraform's environment: the caller's, with his TF_ variables, without any AWS setting of his. */
function environment(directory: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    TF_PLUGIN_CACHE_DIR: join(directory, "plugins"),
    CHECKPOINT_DISABLE: "1",
    ...Object.fromEntries(inherited),
    TF_IN_AUTOMATION: "1",
  };
}

function emulatedAws(
  bench: Bench,
  emulator: MiniStack,
  securityLake: string,
  proxy: string,
): NodeJS.ProcessEnv {
  const nobodysSettings = join(bench.directory, "aws-config");
  writeFileSync(nobodysSettings, "");
  return {
    ...environment(bench.directory),
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ENDPOINT_URL_SECURITYLAKE: securityLake,
    AWS_ACCESS_KEY_ID: operatorAccount,
    AWS_SECRET_ACCESS_KEY: "unchecked",
    AWS_REGION: "eu-west-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: nobodysSettings,
    AWS_SHARED_CREDENTIALS_FILE: nobodysSettings,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    NO_PROXY: "",
    no_proxy: "",
  };
}

async function applyAndDestroy(bench: Bench, stacks: readonly string[]): Promise<void> {
  const deployment = parseDeployment(readFileSync(example, "utf8"), example);
  // Without permissions: over http the log bucket's and the topic's own "TLS only" would lock Terraform out.
  const emulator = await startMiniStack(await pythonEnvironment(), false);
  try {
    const lake = lakeOf(deployment);
    const owner = emulator.rootOf(lake.accountId, lake.region);
    const securityLake = await startSecurityLakeStandIn(owner, lake.accountId, lake.bucketName);
    const proxy = await startAccountHostProxy(emulator.endpoint);
    try {
      await makeDeployRoles(bench, stacks, emulator);
      await makeBucket(new S3Client(owner), lake.bucketName, lake.region);
      const aws = emulatedAws(bench, emulator, securityLake.url, proxy.url);
      await checkStacks(bench, stacks, aws, () => fillSecret(new SecretsManagerClient(owner)));
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
      console.log(error.message);
    } finally {
      await securityLake.close();
      await proxy.close();
    }
  } finally {
    await emulator.stop();
  }
}

/** The role that each stack's provider assumes: it exists before the first deployment. */
async function makeDeployRoles(
  { outdir }: Bench,
  stacks: readonly string[],
  emulator: MiniStack,
): Promise<void> {
  const roles = new Set(
    stacks.flatMap((stack) => {
      const content = readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
      const { provider } = JSON.parse(content) as {
        provider: { aws: { assume_role?: { role_arn: string }[] }[] };
      };
      return provider.aws.flatMap(({ assume_role }) => (assume_role ?? []).map(({ role_arn }) => role_arn));
    }),
  );
  for (const arn of roles) {
    const accountId = arn.split(":")[4] ?? "";
    const iam = new IAMClient(emulator.rootOf(accountId, "eu-west-1"));
    const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
    await iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: operatorAccount }, Action: "sts:AssumeRole" }],
        }),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: "deploy",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        }),
      }),
    );
  }
}

/** Puts the API client into the deployed secret, as a person does after the deployment. */
async function fillSecret(secrets: SecretsManagerClient): Promise<void> {
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  if (SecretList.length !== 1) throw new Error(`One secret is expected, found ${SecretList.length}.`);
  await secrets.send(
    new PutSecretValueCommand({
      SecretId: SecretList[0]?.ARN,
      SecretString: JSON.stringify({ client_id: "someone", client_secret: secretValue }),
    }),
  );
}

async function checkStacks(
  bench: Bench,
  stacks: readonly string[],
  aws: NodeJS.ProcessEnv,
  fillInSecret: () => Promise<void>,
): Promise<void> {
  const { checks, outdir, log } = bench;
  const run = (stack: string, ...parameters: string[]) =>
    terraform(join(outdir, "stacks", stack), parameters, aws, log);
  const succeed = async (stack: string, ...parameters: string[]) => {
    const outcome = await run(stack, ...parameters, "-no-color");
    if (outcome.exitCode !== 0) throw new Error(errorsOf(outcome));
    return outcome;
  };
  const readPlan = async (stack: string, file: string): Promise<Outcome> =>
    succeed(stack, "show", "-json", file);

  for (const stack of stacks) {
    await checks.need(`${stack}: init`, async () => {
      // With the caller's own proxy settings: it may still ask the registry or a mirror.
      const folder = join(outdir, "stacks", stack);
      const parameters = ["init", "-input=false", "-no-color"];
      const outcome = await terraform(folder, parameters, environment(bench.directory), log);
      if (outcome.exitCode !== 0) throw new Error(errorsOf(outcome));
    });
    await checks.need(`${stack}: validate`, async () => {
      await succeed(stack, "validate");
    });
    await checks.need(`${stack}: plan`, async () => {
      await succeed(stack, "plan", "-input=false", "-out=first.plan");
    });
    await checks.need(`${stack}: apply`, async () => {
      await succeed(stack, "apply", "-input=false", "first.plan");
    });
  }
  await checks.need("the secret takes its value, outside Terraform", fillInSecret);
  for (const stack of stacks) {
    await checks.run(`${stack}: a second plan is empty`, async () => {
      await succeed(stack, "plan", "-input=false", "-out=second.plan");
      const { stdout } = await readPlan(stack, "second.plan");
      const changes = changesOf(JSON.parse(stdout) as Plan);
      const ours = unexplained(changes, emulatorDrifts);
      if (ours.length > 0) throw new Error(ours.map(described).join("\n"));
      return changes.map((drift) => `the emulator's own drift: ${described(drift)}`);
    });
  }
  await checks.run("the outputs are what the Vectra UI asks for", async () => {
    const { stdout } = await succeed("log-archive", "output", "-json");
    expectSame(valuesOf(JSON.parse(stdout) as Record<string, { value: unknown }>), {
      log_bucket_name: "vectra-cdr-logs-222222222222-eu-west-1",
      log_bucket_region: "eu-west-1",
      notification_topic_arn: "arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs",
      vectra_role_arn: "arn:aws:iam::222222222222:role/vectra-cdr-log-reader",
      vectra_ui_values:
        "Paste these three values into the Vectra UI:\n" +
        "  Role ARN:  arn:aws:iam::222222222222:role/vectra-cdr-log-reader\n" +
        "  S3 bucket: vectra-cdr-logs-222222222222-eu-west-1 (eu-west-1)\n" +
        "  SNS topic: arn:aws:sns:eu-west-1:222222222222:vectra-cdr-logs\n",
    });
  });
  await checks.run("neither state nor plan nor configuration holds the secret's value", async () => {
    const texts = new Map(textFiles(bench).map((file) => [file, readFileSync(file, "utf8")]));
    for (const stack of stacks) {
      for (const file of ["first.plan", "second.plan"]) {
        texts.set(`${stack}/${file}`, (await readPlan(stack, file)).stdout);
      }
      texts.set(`state of ${stack}`, (await succeed(stack, "state", "pull")).stdout);
    }
    const holders = [...texts].filter(([, text]) => text.includes(secretValue)).map(([name]) => name);
    if (holders.length > 0) throw new Error(`It is in ${holders.join(", ")}.`);
  });
  for (const stack of ["log-archive", "security-lake"]) {
    await checks.run(`${stack}: what holds data cannot be destroyed`, async () => {
      const outcome = await run(stack, "plan", "-destroy", "-input=false", "-no-color");
      if (!outcome.output.includes("Instance cannot be destroyed")) {
        throw new Error(`prevent_destroy did not stop it (exit code ${outcome.exitCode}).`);
      }
    });
  }

  synthesize(bench, false);
  for (const stack of stacks) {
    await checks.need(`${stack}: apply with retain: false`, async () => {
      await succeed(stack, "apply", "-auto-approve", "-input=false");
    });
  }
  for (const stack of stacks.toReversed()) {
    await checks.run(`${stack}: destroy`, async () => {
      await succeed(stack, "destroy", "-auto-approve", "-input=false");
      const { stdout } = await run(stack, "state", "list");
      if (stdout.trim() !== "") throw new Error(`Still in the state:\n${stdout}`);
    });
  }
}

/** Terraform's log, states and configurations; not the provider, and plans only through `terraform show`. */
function textFiles({ directory }: Bench): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && !entry.parentPath.includes("plugins") && !entry.parentPath.includes(".terraform"),
    )
    .filter(({ name }) => /\.(json|log|tfstate|backup|hcl)$/.test(name))
    .map(({ parentPath, name }) => join(parentPath, name));
}

function valuesOf(outputs: Readonly<Record<string, { readonly value: unknown }>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

function expectSame(actual: Record<string, unknown>, expected: Record<string, unknown>): void {
  const [a, b] = [actual, expected].map((values) =>
    JSON.stringify(
      Object.entries(values).sort(([x], [y]) => (x < y ? -1 : 1)),
      undefined,
      2,
    ),
  );
  if (a !== b) throw new Error(`expected ${b}\nfound ${a}`);
}

/** The first paragraphs of an error, on one line. */
function oneLine(error: string): string {
  const paragraphs = error.split(/\n\s*\n/).slice(0, 2);
  return paragraphs.join(" ").replace(/[╷│╵]/g, " ").replace(/\s+/g, " ").trim();
}

process.exitCode = await main();
