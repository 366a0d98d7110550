/**
 * The AWS provider that the stacks ask Terraform for. The bindings name the one version that they were generated from;
 * a range of the same major version accepts every argument of theirs, see docs/adr/0024-a-range-of-aws-providers.md.
 */

/** First version that reads a bucket's tags in every partition. */
const LOWEST = "6.29.0";

/** The next major version may rename or remove arguments. */
const BELOW = "7.0.0";

/** Versions that the stacks work with, as Terraform writes them. */
export const AWS_PROVIDER_VERSIONS = `>= ${LOWEST}, < ${BELOW}`;

/** Versions that the stacks work with, for a person. */
export const AWS_PROVIDER_RANGE = `from ${LOWEST} on, below ${BELOW}`;

/** Whether an exact version (`6.31.0`) is one of them. */
export function isSupportedAwsProvider(version: string): boolean {
  return !isOlder(version, LOWEST) && isOlder(version, BELOW);
}

function isOlder(one: string, other: string): boolean {
  const others = other.split(".").map(Number);
  for (const [index, part] of one.split(".").map(Number).entries()) {
    const difference = part - (others[index] ?? 0);
    if (difference !== 0) {
      return difference < 0;
    }
  }
  return false;
}
