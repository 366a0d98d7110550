/** Where Terraform keeps the state of each stack. */

/**
 * Name of the file with a stack's state. It carries the deployment's name: two deployments in one checkout have stacks
 * with the same ids, and with one state each would take the other's resources for its own.
 */
export function localStateName(deployment: string, stack: string): string {
  return `terraform.${deployment}.${stack}.tfstate`;
}

/** The state's path from `<outdir>/stacks/<stack>`: beside the output folder, which may be deleted. */
export function localStatePath(deployment: string, stack: string): string {
  return `../../../${localStateName(deployment, stack)}`;
}

/** Key of a stack's state object: in the deployment's own folder unless the file names another. */
export function s3StateKey(
  deployment: string,
  stack: string,
  { keyPrefix }: { keyPrefix?: string | undefined },
): string {
  return `${keyPrefix ?? deployment}/${stack}.tfstate`;
}
