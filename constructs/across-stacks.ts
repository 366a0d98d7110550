import { TerraformStack, Token } from "cdktf";
import type { IConstruct } from "constructs";
import { PropError } from "./prop-error.js";

/** Whether two constructs are in one stack, so that one may refer to the other and depend on it. */
export function inSameStack(one: IConstruct, other: IConstruct): boolean {
  return TerraformStack.of(one) === TerraformStack.of(other);
}

/**
 * Refuses tokens that would have to leave their stack. No stack reads another's state (ADR 0002), so a construct of
 * another stack can use only what is known when the stacks are synthesized. In one stack everything passes.
 *
 * @param owner construct whose props these are.
 * @param user construct of another stack that uses them.
 * @throws PropError for the first prop that is a token.
 */
export function enforceKnownAcross(
  owner: IConstruct,
  user: IConstruct,
  props: Readonly<Record<string, string | undefined>>,
): void {
  if (inSameStack(owner, user)) {
    return;
  }
  for (const [prop, value] of Object.entries(props)) {
    if (Token.isUnresolved(value)) {
      throw new PropError(
        owner,
        prop,
        "a token",
        `must be known when the stack is synthesized: ${user.node.path} uses it, and no stack reads the state of another`,
        "Pass the value itself, or put both in one stack.",
      );
    }
  }
}
