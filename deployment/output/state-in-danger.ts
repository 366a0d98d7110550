import { dirname, join } from "node:path";
import { RefusedDeployment } from "../file/refusal.js";
import { localStateName } from "../plan/states.js";
import type { Deployment } from "../schema/deployment.js";
import { type LocalState, localStates } from "./local-state.js";
import { type PlannedStack, stacksIn } from "./output-folder.js";

/**
 * Looks for states that Terraform would no longer find, or that two deployments would share.
 *
 * @throws RefusedDeployment with the way to keep the deployed resources.
 */
export function refuseLostState(
  deployment: Deployment,
  outdir: string,
  planned: readonly PlannedStack[],
): void {
  if (deployment.terraform.backend.s3 === undefined) {
    refuseOldName(deployment.name, outdir, planned);
  } else {
    refuseSharedObject(outdir, planned);
  }
}

/**
 * Local states under the names of earlier versions that this deployment does not use: they belong to it and have been
 * moved since, or they belong to another deployment.
 */
export function oldStateWarnings(outdir: string, planned: readonly PlannedStack[]): string[] {
  const states = localStates(outdir);
  return states
    .filter(({ deployment }) => deployment === undefined)
    .filter(({ stack }) => !planned.some(({ id }) => id === stack) || hasOwn(states, planned, stack))
    .map(
      ({ path, stack, contents }) =>
        `${path} holds ${contents}, and no deployment uses it: it has a file name of earlier versions. ` +
        `Rename it to ${join(dirname(path), localStateName("<deployment>", stack))}, with the name of its deployment.`,
    );
}

/** Terraform would begin with an empty state and create everything a second time. */
function refuseOldName(name: string, outdir: string, planned: readonly PlannedStack[]): void {
  const states = localStates(outdir);
  const old = states.filter(
    ({ deployment, stack }) =>
      deployment === undefined && planned.some(({ id }) => id === stack) && !hasOwn(states, planned, stack),
  );
  if (old.length === 0) {
    return;
  }
  const found = old.map(({ path, contents }) => `${path} (${contents})`).join(", ");
  throw new RefusedDeployment({
    path: ["name"],
    problem:
      `the state in ${found} has a file name of earlier versions, without the deployment's name: ` +
      "Terraform would not find it and would create everything again",
    remedy:
      `If it belongs to ${name}, rename it as shown below, run npm run synth again, then terraform init -reconfigure in each of these stacks. ` +
      `If it belongs to another deployment, use that deployment's name instead of ${name}.`,
    commands: old.map(
      ({ path, stack }) => `mv ${quoted(path)} ${quoted(join(dirname(path), localStateName(name, stack)))}`,
    ),
  });
}

/** With one key prefix for two deployments, the second would take the first one's resources for its own. */
function refuseSharedObject(outdir: string, planned: readonly PlannedStack[]): void {
  for (const { id, written } of stacksIn(outdir)) {
    const now = planned.find((stack) => stack.id === id);
    if (
      written?.s3State !== undefined &&
      written.s3State === now?.s3State &&
      written.deployment !== now.deployment
    ) {
      throw new RefusedDeployment({
        path: ["terraform", "backend", "s3", "keyPrefix"],
        problem: `s3://${now.s3State} is the state of deployment ${written.deployment}: two deployments would replace each other's resources`,
        remedy:
          "Omit keyPrefix, or give each deployment its own. If you renamed the deployment and want to replace its resources, " +
          `delete ${join(outdir, "stacks", id)} first.`,
      });
    }
  }
}

function hasOwn(states: readonly LocalState[], planned: readonly PlannedStack[], stack: string): boolean {
  return states.some((state) => state.stack === stack && state.deployment === planned[0]?.deployment);
}

/** A path, quoted for a shell. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
