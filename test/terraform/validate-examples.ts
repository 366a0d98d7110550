import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Bench, type Subject, stackFolder, synthesize } from "./bench.js";
import { type Provider, useProvider } from "./provider.js";
import { errorsOf, terraform } from "./terraform.js";

/** Validates every stack of the given deployments, including GovCloud, without any account. */
export async function validateAll(
  bench: Bench,
  subjects: readonly Subject[],
  provider: Provider,
): Promise<void> {
  const environment = {
    ...bench.environment,
    ...provider.environment,
    // One installation for all: the folders differ only in their resources.
    TF_DATA_DIR: join(bench.directory, "validation"),
  };
  let initialized = false;
  for (const subject of subjects) {
    const stacks = synthesize(bench, subject);
    await bench.checks.run(`${subject.name}: ${stacks.join(", ")}: validate`, async () => {
      const remarks: string[] = [];
      for (const stack of stacks) {
        const folder = stackFolder(bench, subject, stack);
        remarks.push(...useProvider(folder, provider));
        if (!initialized) {
          const init = ["init", "-backend=false", "-input=false", "-no-color"];
          await succeed(folder, init, environment, bench.log);
          initialized = true;
        }
        await succeed(folder, ["validate", "-no-color"], environment, bench.log);
      }
      return [...new Set(remarks)];
    });
  }
}

/** The deployments of examples/. */
export function examples(folder: string): readonly Subject[] {
  return readdirSync(folder).map((name) => ({
    name: `examples/${name}`,
    file: join(folder, name, "deployment.yaml"),
  }));
}

async function succeed(...call: Parameters<typeof terraform>): Promise<void> {
  const outcome = await terraform(...call);
  if (outcome.exitCode !== 0) {
    throw new Error(errorsOf(outcome));
  }
}
