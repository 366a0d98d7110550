import { existsSync } from "node:fs";
import module from "node:module";
import { join, relative, resolve } from "node:path";
import { visibleLines } from "./cli/terminal/visible-streams.js";
import { givenPath } from "./command-line/given-path.js";
import { fieldList } from "./command-line/table.js";
import { answered, WRONG_USAGE } from "./command-line/usage.js";
import { DeploymentError } from "./deployment/file/diagnostics.js";
import { readDeploymentText } from "./deployment/file/file-text.js";
import { locateRefusal, locateWarning } from "./deployment/file/locate.js";
import { RefusedDeployment } from "./deployment/file/refusal.js";
import type { DeploymentSource } from "./deployment/file/source.js";
import { deploymentSource, fileWarnings, parseDeployment } from "./deployment/load.js";
import {
  chosenOutputFolder,
  outputFolderWarnings,
  stacksIn,
  unwritable,
} from "./deployment/output/output-folder.js";
import { oldStateWarnings } from "./deployment/output/state-in-danger.js";
import type { Deployment } from "./deployment/schema/deployment.js";
import type { ToDo } from "./deployment/stacks/account-stack.js";
import type { StackSummary } from "./deployment/synth.js";
import { visibleText } from "./text/visible-text.js";

const OWN_FILE = "deployment.yaml";
const EXAMPLE_FILE = join(import.meta.dirname, "examples", "organization", "deployment.yaml");

/** With fewer columns, a table would break account ids and stack names. */
const MIN_TABLE_COLUMNS = 72;

const HELP = `The Terraform JSON of a deployment (npm run synth -- [file])

  [file]             the deployment file  (default: ${OWN_FILE}, or else examples/organization)
  --help, --version

The output goes to cdktf.out, or to the folder that CDKTF_OUTDIR names.`;

/**
 * Writes the Terraform JSON of the deployment that a file describes: `tsx main.ts [file]`. `cdktf synth` runs
 * it without a file and sets the output folder in CDKTF_OUTDIR.
 *
 * @returns the exit code.
 */
async function main(parameters: readonly string[]): Promise<number> {
  const code = answered(parameters, HELP);
  if (code !== undefined) {
    return code;
  }
  const [file, ...others] = parameters;
  const unknown = parameters.find((parameter) => parameter.startsWith("-")) ?? others[0];
  if (unknown !== undefined) {
    console.error(visibleLines(`error: unexpected argument ${unknown}.\n\n${HELP}`));
    return WRONG_USAGE;
  }
  const path = file === undefined ? defaultFile() : givenPath(file);
  const outdir = chosenOutputFolder(process.env["CDKTF_OUTDIR"], process.cwd());
  try {
    console.log(await synthesize(path, outdir));
    return 0;
  } catch (error) {
    const message = messageOf(error, outdir);
    if (message === undefined) {
      throw error;
    }
    console.error(visibleLines(message));
    return 1;
  }
}

/** @returns the report for the user. */
async function synthesize(path: string, outdir: string): Promise<string> {
  // Read once, and every later message quotes this text: a pipe cannot be read again.
  const text = readDeploymentText(path);
  // Before anything is written: an invalid file leaves the last output unchanged.
  const deployment = parseDeployment(text, path);
  const source = deploymentSource(text);
  try {
    const { summaries, warnings } = await writeStacks(deployment, outdir);
    return report(path, source, outdir, summaries, [...fileWarnings(source, path), ...warnings]);
  } catch (error) {
    throw error instanceof RefusedDeployment ? locateRefusal(error, source, path) : error;
  }
}

/** The message to print instead of a stack trace; undefined for a bug in this program. */
function messageOf(error: unknown, outdir: string): string | undefined {
  return error instanceof DeploymentError ? error.message : unwritable(error, outdir);
}

/** Loads CDKTF only now: it takes most of a second, and an invalid file must be reported at once. */
async function writeStacks(
  deployment: Deployment,
  outdir: string,
): Promise<{ summaries: StackSummary[]; warnings: string[] }> {
  // tsx turns source maps on, and Node then also parses those of CDKTF and the provider, which takes
  // 15 MB. Ours stay on. Node 20 does not have this function.
  module.setSourceMapsSupport?.(true, { nodeModules: false, generatedCode: false });
  const { bundleExporter } = await import("./functions/security-lake-exporter/bundle.js");
  const { plannedStacks, synthDeployment } = await import("./deployment/synth.js");
  const found = stacksIn(outdir);
  const summaries = synthDeployment({
    deployment,
    outdir,
    bundle: () => bundleExporter(resolve(outdir, "bundle")),
  });
  const planned = plannedStacks(deployment, summaries);
  return {
    summaries,
    warnings: [...outputFolderWarnings(outdir, found, planned), ...oldStateWarnings(outdir, planned)],
  };
}

function defaultFile(): string {
  if (existsSync(OWN_FILE)) {
    return OWN_FILE;
  }
  const example = relative(process.cwd(), EXAMPLE_FILE);
  console.error(`${OWN_FILE} not found; using ${example}.`);
  return example;
}

function report(
  path: string,
  source: DeploymentSource,
  outdir: string,
  summaries: readonly StackSummary[],
  warnings: readonly string[],
): string {
  const rows = summaries.map(({ id, accountId, region, resources, purpose }): [string, ...string[]] => {
    const count = Object.values(resources).reduce((sum, number) => sum + number, 0);
    return [id, accountId, region, `${purpose} (${count} ${count === 1 ? "resource" : "resources"})`];
  });
  const all = [
    `${path}:`,
    fieldList(rows, columnsOfTerminal()).trimEnd(),
    ...warnings.map((warning) => `\nWarning: ${warning}`),
    ...summaries.flatMap(({ id, warnings }) =>
      warnings.map((warning) => `\nWarning (${id}): ${locateWarning(warning, source, path)}`),
    ),
    ...summaries.flatMap(({ id, toDo }) => toDo.map((step) => asStep(id, step))),
    `\nTerraform JSON is in ${join(outdir, "stacks")}. Apply in the order above, each with`,
    `  terraform -chdir=${join(outdir, "stacks", "<stack>")} init`,
    `  terraform -chdir=${join(outdir, "stacks", "<stack>")} apply`,
  ].join("\n");
  // It contains names and policies of the file, whose control characters a terminal would interpret.
  return all.split("\n").map(visibleText).join("\n");
}

/** Undefined for files and pipes, and for narrow terminals, which wrap lines themselves. */
function columnsOfTerminal(): number | undefined {
  const { isTTY, columns } = process.stdout;
  return isTTY && columns >= MIN_TABLE_COLUMNS ? columns : undefined;
}

function asStep(stack: string, { what, text }: ToDo): string {
  const indented = text?.replace(/^/gm, "    ");
  return [`\nTo do (${stack}): ${what}`, ...(indented === undefined ? [] : [indented])].join("\n");
}

process.exitCode = await main(process.argv.slice(2));
