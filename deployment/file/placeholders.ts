import { REGIONS } from "../../facts/regions.js";
import type { DeploymentSource } from "./source.js";

/** A value of the examples that you replace with your own. */
interface Placeholder {
  readonly value: string;
  /** Line of the file, beginning with 1. */
  readonly line: number;
}

/** Values of the examples that no deployment has; `test/deployment/file/placeholders.test.ts` compares them with the examples. */
const VALUES: readonly string[] = [
  "o-a1b2c3d4e5",
  "replace-with-the-external-id-of-the-vectra-ui",
  "4f0c9a7e1d5b48c2a6e3",
  "https://123123123123.uw2.portal.vectra.ai",
  ...Object.keys(REGIONS).map((region) => `aws-security-data-lake-${region}-abcdefghijklmnopqrstuvwxyz0123`),
  "00000000-0000-0000-0000-000000000000",
  "sg-0123456789abcdef0",
];

/** Eleven equal digits and any twelfth: no real account is likely to have such an id. */
const ACCOUNT_ID = /(?<!\d)(\d)\1{10}\d(?!\d)/g;

const SHOWN = 5;

/**
 * A warning about values of the examples that are still in a file: they would deploy nothing, or fail in the middle of
 * an apply.
 *
 * @returns one line for a person; nothing when there are none.
 */
export function placeholderWarning(source: DeploymentSource): string | undefined {
  const found = placeholdersIn(source);
  if (found.length === 0) {
    return undefined;
  }
  const shown = found.slice(0, SHOWN).map(({ value, line }) => `${value} (line ${line})`);
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : "";
  return `values from the examples are still in the file: ${shown.join(", ")}${more}. Replace them before you apply.`;
}

/** Each placeholder once, where it first occurs, in the order of the file. */
export function placeholdersIn(source: DeploymentSource): Placeholder[] {
  const found = new Map<string, Placeholder>();
  for (const { value, line } of source.texts) {
    for (const placeholder of [
      ...VALUES.filter((known) => value.includes(known)),
      ...(value.match(ACCOUNT_ID) ?? []),
    ]) {
      if (!found.has(placeholder)) {
        found.set(placeholder, { value: placeholder, line });
      }
    }
  }
  return [...found.values()];
}
