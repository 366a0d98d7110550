import { existsSync } from "node:fs";
import module from "node:module";
import { join, relative, resolve } from "node:path";
import { DeploymentError } from "./deployment/diagnostics.js";
import { loadDeployment, locateRefusal } from "./deployment/load.js";
import { RefusedDeployment } from "./deployment/refusal.js";
import type { Deployment } from "./deployment/schema.js";
import type { ToDo } from "./deployment/stacks/account-stack.js";
import type { StackSummary } from "./deployment/synth.js";

const OWN_FILE = "deployment.yaml";
const EXAMPLE_FILE = join(import.meta.dirname, "examples", "organization", "deployment.yaml");

/**
 * Writes the Terraform JSON of the deployment that a file describes: `tsx main.ts [file]`. `cdktf synth` runs
 * it without a file and says through CDKTF_OUTDIR where the output belongs.
 *
 * @returns the exit code.
 */
async function main([file]: readonly string[]): Promise<number> {
  const path = file ?? defaultFile();
  const outdir = process.env["CDKTF_OUTDIR"] ?? "cdktf.out";
  try {
    // Before anything is written: a wrong file leaves the last output as it was.
    const deployment = loadDeployment(path);
    console.log(report(path, outdir, await writeStacks(deployment, outdir)));
    return 0;
  } catch (error) {
    const located = error instanceof RefusedDeployment ? locateRefusal(error, path) : error;
    if (located instanceof DeploymentError) {
      console.error(located.message);
      return 1;
    }
    throw located;
  }
}

/** Loads CDKTF only now: it takes most of a second, and a wrong file is to be told at once. */
async function writeStacks(deployment: Deployment, outdir: string): Promise<StackSummary[]> {
  // tsx turns source maps on, and Node then parses those of CDKTF and the provider too, which takes
  // 15 MB. Ours stay on. Node 20 does not know the call.
  module.setSourceMapsSupport?.(true, { nodeModules: false, generatedCode: false });
  const { bundleExporter } = await import("./functions/security-lake-exporter/bundle.js");
  const { synthDeployment } = await import("./deployment/synth.js");
  return synthDeployment({ deployment, outdir, bundle: () => bundleExporter(resolve(outdir, "bundle")) });
}

function defaultFile(): string {
  if (existsSync(OWN_FILE)) {
    return OWN_FILE;
  }
  const example = relative(process.cwd(), EXAMPLE_FILE);
  console.error(`No ${OWN_FILE} here: taking ${example}.`);
  return example;
}

function report(path: string, outdir: string, summaries: readonly StackSummary[]): string {
  const width = Math.max(...summaries.map(({ id }) => id.length));
  const lines = summaries.map(({ id, accountId, region, resources, purpose }) => {
    const count = Object.values(resources).reduce((sum, number) => sum + number, 0);
    return `  ${id.padEnd(width)}  ${accountId}  ${region}  ${purpose} (${count} ${count === 1 ? "resource" : "resources"})`;
  });
  return [
    `${path}:`,
    ...lines,
    ...summaries.flatMap(({ id, warnings }) => warnings.map((warning) => `\nWarning (${id}): ${warning}`)),
    ...summaries.flatMap(({ id, toDo }) => toDo.map((step) => asStep(id, step))),
    `Terraform JSON is in ${join(outdir, "stacks")}. Apply in the order above, each with`,
    `  terraform -chdir=${join(outdir, "stacks", "<stack>")} init`,
    `  terraform -chdir=${join(outdir, "stacks", "<stack>")} apply`,
  ].join("\n");
}

function asStep(stack: string, { what, text }: ToDo): string {
  const indented = text?.replace(/^/gm, "    ");
  return [`\nTo do (${stack}): ${what}`, ...(indented === undefined ? [] : [indented]), ""].join("\n");
}

process.exitCode = await main(process.argv.slice(2));
