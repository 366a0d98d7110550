import { terraformText } from "../terraform-text.js";

/** One value or several. */
type OneOrMore<T> = T | readonly T[];

/** Who a statement is about: everybody, or principals by kind. */
export type PolicyPrincipal =
  | "*"
  | {
      readonly AWS?: OneOrMore<string> | undefined;
      readonly Service?: OneOrMore<string> | undefined;
      readonly Federated?: OneOrMore<string> | undefined;
      readonly CanonicalUser?: OneOrMore<string> | undefined;
    };

/** Condition operator -> condition key -> value(s). */
export type PolicyCondition = Readonly<
  Record<string, Readonly<Record<string, OneOrMore<string> | OneOrMore<boolean> | OneOrMore<number>>>>
>;

/**
 * One statement of an IAM policy, in IAM's own spelling, so that it can be compared with (or pasted from)
 * AWS documents and consoles.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface PolicyStatement {
  readonly Sid?: string | undefined;
  readonly Effect: "Allow" | "Deny";
  /** Resource and trust policies only. */
  readonly Principal?: PolicyPrincipal | undefined;
  readonly NotPrincipal?: PolicyPrincipal | undefined;
  readonly Action?: OneOrMore<string> | undefined;
  readonly NotAction?: OneOrMore<string> | undefined;
  /** Absent in trust policies. */
  readonly Resource?: OneOrMore<string> | undefined;
  readonly NotResource?: OneOrMore<string> | undefined;
  readonly Condition?: PolicyCondition | undefined;
}

/**
 * Renders statements as a policy document for Terraform. Whatever the statements say arrives at AWS as it is,
 * IAM's policy variables in any spelling, and anything else that Terraform would take for an expression. What
 * Terraform is to evaluate is given as a token of CDKTF.
 *
 * The document is plain JSON and not `Fn.jsonencode`: tokens inside survive `JSON.stringify`, a plan shows
 * the document before anything exists, and tests and policy evaluators read it without Terraform.
 */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return terraformText(policyJson(statements));
}

/**
 * Size of the document that AWS receives, in bytes, as AWS counts it against its limits. A token counts with
 * the length of its placeholder.
 */
export function policyBytes(statements: readonly PolicyStatement[]): number {
  return Buffer.byteLength(policyJson(statements));
}

/**
 * Whether two statements say the same, regardless of their Sids, the order of their lists, and whether a single
 * value is in a list: the ways in which AWS gives a policy back differently from how it was put.
 */
export function sameStatement(one: PolicyStatement, other: PolicyStatement): boolean {
  return canonical({ ...one, Sid: "" }) === canonical({ ...other, Sid: "" });
}

/** The document as AWS receives it: for people, and for what escapes it later. */
export function policyJson(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.map(canonical).toSorted();
    return items.length === 1 ? (items[0] ?? "") : `[${items.join()}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
    return `{${entries.toSorted().join()}}`;
  }
  return JSON.stringify(String(value));
}
