import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.js";
import { synthesizedIn } from "./synthesized.js";
import { errorsOf, terraform } from "./terraform.js";
import { findUnpackedProvider, MIRROR_VARIABLE } from "./unpacked-provider.js";

/** The AWS provider that Terraform installs. */
export interface Provider {
  readonly version: string;
  /** The constraint that selects this version: the stacks' own, or the version alone. */
  readonly constraint: string;
  /** `.terraform.lock.hcl` of the installation. */
  readonly lockFile: string;
  /** Variables for every `terraform init`. */
  readonly environment: Readonly<Record<string, string>>;
}

interface Attempt {
  readonly constraint: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Installs the provider that the stacks require, from a configuration with nothing else: a failure here is caused by
 * the machine, a later one is our bug. First from the source of the caller's Terraform, with the stacks' own constraint and
 * then with wider ones, for a mirror with another version; then from an unpacked provider on the machine.
 *
 * @returns the provider, or the reason why it is unavailable, in one line.
 */
export async function installProvider(bench: Bench, required: string): Promise<Provider | string> {
  mkdirSync(join(bench.directory, "plugins"));
  const wider = ["~> 6.0", ">= 5.0"].map((constraint) => ({ constraint, environment: {} }));
  let reason = "";
  for (const attempt of [{ constraint: required, environment: {} }, ...wider, ...unpacked(bench.directory)]) {
    const installed = await tryToInstall(bench, attempt);
    if (typeof installed !== "string") {
      return installed;
    }
    reason ||= installed;
  }
  return `${reason} No unpacked provider was found either; set ${MIRROR_VARIABLE} to a folder that has one.`;
}

/** Installation from an unpacked provider, with a CLI configuration that names only its folder. */
function unpacked(directory: string): readonly Attempt[] {
  const found = findUnpackedProvider();
  if (found === undefined) {
    return [];
  }
  const configuration = join(directory, "mirror.tfrc");
  writeFileSync(
    configuration,
    `provider_installation {\n  filesystem_mirror {\n    path = ${asHcl(found.mirror)}\n  }\n}\n`,
  );
  return [{ constraint: found.version, environment: { TF_CLI_CONFIG_FILE: configuration } }];
}

async function tryToInstall(bench: Bench, attempt: Attempt): Promise<Provider | string> {
  const folder = mkdtempSync(join(bench.directory, "provider-"));
  const { constraint, environment } = attempt;
  const content = { required_providers: { aws: { source: "hashicorp/aws", version: constraint } } };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: content }));
  const init = await terraform(
    folder,
    ["init", "-input=false", "-no-color"],
    { ...bench.environment, ...environment },
    bench.log,
  );
  if (init.exitCode !== 0) {
    return oneLine(errorsOf(init));
  }
  const lockFile = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
  const version = /version\s*=\s*"([\d.]+)"/.exec(lockFile)?.[1] ?? constraint;
  return { version, constraint, lockFile, environment };
}

/**
 * Adapts a copy of a synthesized stack to the installed provider.
 *
 * @returns remarks about what was changed.
 *
 * @param folder of the stack, in the leg's own directory.
 */
export function useProvider(folder: string, { version, constraint, lockFile }: Provider): readonly string[] {
  const { terraform: settings, resource } = synthesizedIn(folder);
  const required = settings.required_providers.aws;
  // With the lock file of the installation, the stack's init uses the cache; without it, Terraform asks the registry again.
  writeFileSync(join(folder, ".terraform.lock.hcl"), lockFile);
  if (required.version === constraint) {
    return [];
  }
  const functions = version.startsWith("5.") ? Object.keys(resource?.["aws_lambda_function"] ?? {}) : [];
  const runtimes = Object.fromEntries(functions.map((name) => [name, { runtime: "nodejs22.x" }]));
  const override = {
    terraform: { required_providers: { aws: { ...required, version: constraint } } },
    ...(functions.length === 0 ? {} : { resource: { aws_lambda_function: runtimes } }),
  };
  writeFileSync(join(folder, "provider_override.tf.json"), JSON.stringify(override));
  return [
    `required_providers relaxed from ${required.version} to ${constraint}`,
    ...(functions.length === 0
      ? []
      : [`nodejs22.x instead of nodejs24.x, which provider ${version} does not support`]),
  ];
}

/** The first paragraphs of an error, on one line. */
function oneLine(error: string): string {
  const paragraphs = error.split(/\n\s*\n/).slice(0, 2);
  return paragraphs.join(" ").replace(/[╷│╵]/g, " ").replace(/\s+/g, " ").trim();
}

function asHcl(text: string): string {
  return JSON.stringify(text).replaceAll("${", "$${").replaceAll("%{", "%%{");
}
