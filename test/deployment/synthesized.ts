import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDeployment } from "../../deployment/load.js";
import { type StackSummary, synthDeployment } from "../../deployment/synth.js";

/** Configuration of a resource or data source as Terraform reads it. */
type Block = Readonly<Record<string, unknown>>;

/** A stack's Terraform JSON, as far as tests look at it. */
export interface StackJson {
  readonly terraform: { readonly required_providers: Block };
  readonly provider: { readonly aws: readonly Block[] };
  readonly output: Readonly<Record<string, { readonly value: string }>>;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly import?: readonly Block[];
  readonly removed?: readonly Block[];
}

/** A deployment without an exporter needs no bundle, and a bundle takes its time. */
function noBundle(): never {
  throw new Error("A deployment without an exporter asked for the exporter's bundle");
}

/** Synthesizes a deployment file without Security Lake and reads its stacks back. */
export function synthesized(text: string): {
  summaries: StackSummary[];
  stacks: Record<string, StackJson>;
  dependencies: Record<string, string[]>;
} {
  const outdir = mkdtempSync(join(tmpdir(), "synthesized-"));
  try {
    const deployment = parseDeployment(text, "deployment.yaml");
    const summaries = synthDeployment({ deployment, outdir, bundle: noBundle });
    const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
      stacks: Record<string, { dependencies: string[] }>;
    };
    return {
      summaries,
      stacks: Object.fromEntries(
        summaries.map(({ id }) => [
          id,
          JSON.parse(readFileSync(join(outdir, "stacks", id, "cdk.tf.json"), "utf8")) as StackJson,
        ]),
      ),
      dependencies: Object.fromEntries(
        Object.entries(manifest.stacks).map(([id, { dependencies }]) => [id, dependencies]),
      ),
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The one resource of a type in a stack. @throws when there is none or more than one. */
export function only(stack: StackJson | undefined, type: string): Block {
  const [block, ...others] = Object.values(stack?.resource[type] ?? {});
  if (block === undefined || others.length > 0) {
    throw new Error(`The stack has ${others.length + (block === undefined ? 0 : 1)} of ${type}, not one`);
  }
  return block;
}

/** Statements of a policy by their Sid. */
export function statementsOf(document: unknown): Record<string, Record<string, unknown>> {
  const { Statement } = JSON.parse(String(document)) as {
    Statement: (Record<string, unknown> & { Sid: string })[];
  };
  return Object.fromEntries(Statement.map((statement) => [statement.Sid, statement]));
}
