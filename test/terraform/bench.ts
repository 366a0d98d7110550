import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { parseDeployment } from "../../deployment/load.js";
import { synthDeployment } from "../../deployment/synth.js";
import type { ExporterBundle } from "../../functions/security-lake-exporter/bundle.js";
import type { Checks } from "./checks.js";

/** Shared by all parts of the leg. */
export interface Bench {
  /** Everything is written below it. */
  readonly directory: string;
  readonly bundle: ExporterBundle;
  /** File that Terraform's output is appended to. */
  readonly log: string;
  readonly checks: Checks;
  /** Terraform's environment: the caller's with the TF_ variables, without any AWS setting. */
  readonly environment: NodeJS.ProcessEnv;
}

/** A deployment file whose stacks the leg works on. */
export interface Subject {
  /** `organization` */
  readonly name: string;
  /** Its deployment.yaml. */
  readonly file: string;
}

/** Settings of a deployment file, by their paths. */
export type Changes = Readonly<Record<string, unknown>>;

/** @returns the environment for Terraform, without the caller's AWS settings. */
export function terraformEnvironment(directory: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    TF_PLUGIN_CACHE_DIR: join(directory, "plugins"),
    CHECKPOINT_DISABLE: "1",
    ...Object.fromEntries(inherited),
    TF_IN_AUTOMATION: "1",
  };
}

/** The folder of one stack of a subject. */
export function stackFolder({ directory }: Bench, { name }: Subject, stack: string): string {
  return join(directory, name, "stacks", stack);
}

/**
 * Writes the stacks of a subject, into the same folders each time.
 *
 * @param changes settings in place of the file's.
 * @returns their ids, in the order in which they must be applied.
 */
export function synthesize(bench: Bench, subject: Subject, changes: Changes = {}): readonly string[] {
  const text = readFileSync(subject.file, "utf8");
  const document = parseDocument(text);
  for (const [path, value] of Object.entries(changes)) {
    document.setIn(path.split("."), value);
  }
  const deployment = parseDeployment(
    Object.keys(changes).length === 0 ? text : document.toString(),
    subject.file,
  );
  return synthDeployment({
    deployment,
    outdir: join(bench.directory, subject.name),
    bundle: () => bench.bundle,
  }).map(({ id }) => id);
}
