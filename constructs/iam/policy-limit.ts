import type { Construct } from "constructs";
import { refuse } from "../expectation.js";
import { type PolicyStatement, policyBytes } from "./policy.js";

/** How large a policy may be, and what to do when it is larger. */
export interface PolicyLimit {
  /** What the policy belongs to, for example "bucket policy". */
  readonly name: string;
  readonly bytes: number;
  /** A whole sentence: the way out. */
  readonly remedy: string;
}

/**
 * The first of several ways to say the same that fits, or the last one: put the narrowest first.
 */
export function firstThatFits(
  forms: readonly [PolicyStatement[], ...PolicyStatement[][]],
  limit: PolicyLimit,
  whole: (statements: PolicyStatement[]) => readonly PolicyStatement[] = (statements) => statements,
): PolicyStatement[] {
  const fitting = forms.find((form) => policyBytes(whole(form)) <= limit.bytes);
  return fitting ?? forms.at(-1) ?? forms[0];
}

/** @throws PropError when AWS would refuse the policy for its size. */
export function enforcePolicySize(
  construct: Construct,
  statements: readonly PolicyStatement[],
  limit: PolicyLimit,
): void {
  const bytes = policyBytes(statements);
  if (bytes > limit.bytes) {
    refuse(
      construct,
      limit.name,
      `${bytes} bytes`,
      `must be at most ${limit.bytes} bytes, AWS's limit`,
      limit.remedy,
    );
  }
}
