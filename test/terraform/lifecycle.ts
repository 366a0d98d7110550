import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bench, type Changes, type Subject, stackFolder, synthesize } from "./bench.js";
import { changesOf, described, type Plan, unexplained } from "./drift.js";
import type { EmulatedOrganization } from "./emulated-organization.js";
import { emulatorDrifts } from "./emulator-drifts.js";
import { type Provider, useProvider } from "./provider.js";
import { errorsOf, type Outcome, terraform } from "./terraform.js";

/** A deployment that is applied, planned again and destroyed. */
export interface LifecycleSubject extends Subject {
  /** Outputs of stack log-archive, as the Vectra UI asks for them. */
  readonly uiValues: Readonly<Record<string, unknown>>;
  /** Stacks with resources that `retain: true` protects from destruction. */
  readonly retained: readonly string[];
  /** Settings with which everything may be destroyed. */
  readonly dispensable: Changes;
}

/**
 * Applies every stack of a subject, plans again, and destroys what may be destroyed.
 *
 * @param secret.fill puts the API client into the secret that was created empty, as a person does.
 * @param secret.value its value, which must not be in anything that Terraform writes.
 * @throws StoppedError if a check fails that the others need.
 */
export async function checkLifecycle(
  bench: Bench,
  subject: LifecycleSubject,
  stacks: readonly string[],
  provider: Provider,
  organization: EmulatedOrganization,
  secret: { readonly value: string; readonly fill: () => Promise<void> },
): Promise<void> {
  const { checks, log } = bench;
  const { name } = subject;
  const run = (stack: string, ...parameters: string[]) =>
    terraform(stackFolder(bench, subject, stack), parameters, organization.environment, log);
  const succeed = async (stack: string, ...parameters: string[]): Promise<Outcome> => {
    const outcome = await run(stack, ...parameters, "-no-color");
    if (outcome.exitCode !== 0) {
      throw new Error(errorsOf(outcome));
    }
    return outcome;
  };

  for (const stack of stacks) {
    await checks.need(`${name}: ${stack}: init`, async () => {
      const folder = stackFolder(bench, subject, stack);
      const remarks = useProvider(folder, provider);
      // With the caller's own proxy settings: it may still ask the registry or a mirror.
      const environment = { ...bench.environment, ...provider.environment };
      const outcome = await terraform(folder, ["init", "-input=false", "-no-color"], environment, log);
      if (outcome.exitCode !== 0) {
        throw new Error(errorsOf(outcome));
      }
      return remarks;
    });
    await checks.need(`${name}: ${stack}: validate`, async () => {
      await succeed(stack, "validate");
    });
    await checks.need(`${name}: ${stack}: plan`, async () => {
      await succeed(stack, "plan", "-input=false", "-out=first.plan");
    });
    await checks.need(`${name}: ${stack}: apply`, async () => {
      await succeed(stack, "apply", "-input=false", "first.plan");
    });
  }
  const secondPlans = new Map<string, string>();
  await checks.need(`${name}: the secret receives its value outside Terraform`, secret.fill);
  for (const stack of stacks) {
    await checks.run(`${name}: ${stack}: a second plan is empty`, async () => {
      await succeed(stack, "plan", "-input=false", "-out=second.plan");
      const { stdout } = await succeed(stack, "show", "-json", "second.plan");
      secondPlans.set(stack, stdout);
      const changes = changesOf(JSON.parse(stdout) as Plan);
      const ours = unexplained(changes, emulatorDrifts);
      if (ours.length > 0) {
        throw new Error(ours.map(described).join("\n"));
      }
      return changes.map((drift) => `the emulator's own drift: ${described(drift)}`);
    });
  }
  await checks.run(`${name}: the outputs match what the Vectra UI asks for`, async () => {
    const { stdout } = await succeed("log-archive", "output", "-json");
    expectSame(valuesOf(JSON.parse(stdout) as Record<string, { value: unknown }>), subject.uiValues);
  });
  await checks.run(
    `${name}: neither state nor plan nor configuration contains the secret's value`,
    async () => {
      const files = textFiles(bench);
      const texts = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
      for (const stack of stacks) {
        const second =
          secondPlans.get(stack) ?? (await succeed(stack, "show", "-json", "second.plan")).stdout;
        texts.set(`${stack}/first.plan`, (await succeed(stack, "show", "-json", "first.plan")).stdout);
        texts.set(`${stack}/second.plan`, second);
        texts.set(`state of ${stack}`, (await succeed(stack, "state", "pull")).stdout);
      }
      const holders = [...texts].filter(([, text]) => text.includes(secret.value)).map(([file]) => file);
      if (holders.length > 0) {
        throw new Error(`It is in ${holders.join(", ")}.`);
      }
    },
  );
  for (const stack of subject.retained) {
    await checks.run(`${name}: ${stack}: what holds data cannot be destroyed`, async () => {
      const outcome = await run(stack, "plan", "-destroy", "-input=false", "-no-color");
      if (!outcome.output.includes("Instance cannot be destroyed")) {
        throw new Error(`prevent_destroy did not prevent it (exit code ${outcome.exitCode}).`);
      }
    });
  }

  synthesize(bench, subject, subject.dispensable);
  for (const stack of stacks) {
    await checks.need(`${name}: ${stack}: apply with retain: false`, async () => {
      await succeed(stack, "apply", "-auto-approve", "-input=false");
    });
  }
  for (const stack of stacks.toReversed()) {
    await checks.run(`${name}: ${stack}: destroy`, async () => {
      await succeed(stack, "destroy", "-auto-approve", "-input=false");
      const { stdout } = await run(stack, "state", "list");
      if (stdout.trim() !== "") {
        throw new Error(`Still in the state:\n${stdout}`);
      }
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
  if (a !== b) {
    throw new Error(`expected ${b}\nfound ${a}`);
  }
}
