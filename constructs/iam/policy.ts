/** Who a statement is about: everybody, or principals by kind (`AWS`, `Service`). */
export type PolicyPrincipal =
  | "*"
  | { readonly AWS: string | readonly string[] }
  | { readonly Service: string | readonly string[] };

/** Condition operator -> condition key -> value(s). */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * One statement of an IAM policy, in IAM's own spelling, so that it can be compared with (or pasted from)
 * AWS documents and consoles.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  /** Resource and trust policies only. */
  readonly Principal?: PolicyPrincipal;
  readonly Action: string | readonly string[];
  /** Absent in trust policies. */
  readonly Resource?: string | readonly string[];
  readonly Condition?: PolicyCondition;
}

/** `${aws:username}` and its like belong to IAM; Terraform would read them as its own interpolation. */
const IAM_POLICY_VARIABLE = /\$\{(?=[a-z0-9-]+:|[*?$]\})/g;

/**
 * Renders statements as a policy document.
 *
 * The document is plain JSON and not `Fn.jsonencode`: tokens inside survive `JSON.stringify`, a plan shows
 * the document before anything exists, and tests and policy evaluators read it without Terraform.
 */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  const document = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  return document.replace(IAM_POLICY_VARIABLE, "$$${");
}
