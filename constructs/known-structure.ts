import { Token } from "cdktf";
import { Construct } from "constructs";
import { refuse } from "./expectation.js";

/**
 * Refuses tokens among booleans, lists and objects: they decide which resources and blocks there are, and that is
 * settled when the stack is synthesized, before Terraform resolves a token. Strings and numbers may be tokens
 * everywhere, also inside of lists and objects.
 *
 * @throws PropError that names the prop by its path (`events.s3DataEvents`).
 */
export function enforceKnownStructure(construct: Construct, props: object): void {
  for (const [prop, value] of Object.entries(props)) {
    enforceKnownTree(construct, prop, value);
  }
}

function enforceKnownTree(construct: Construct, path: string, value: unknown): void {
  if (typeof value !== "object" || value === null || Construct.isConstruct(value)) {
    return;
  }
  if (Token.isUnresolved(value) || (Array.isArray(value) && value.some((item) => isListToken(item)))) {
    refuse(
      construct,
      path,
      "a token",
      "must be known when the stack is synthesized: it determines which resources exist, and Terraform resolves tokens later",
      "Pass the value itself. Strings and numbers in it may be tokens.",
    );
  }
  for (const [key, item] of Object.entries(value)) {
    enforceKnownTree(construct, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, item);
  }
}

/** What is left of a list token that was spread into another list. */
function isListToken(item: unknown): boolean {
  return typeof item === "string" && Token.isUnresolved([item]);
}
