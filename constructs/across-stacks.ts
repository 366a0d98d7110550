import {
  DefaultTokenResolver,
  type IResolvable,
  StringConcat,
  TerraformStack,
  Token,
  Tokenization,
} from "cdktf";
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

/**
 * Refuses an element of another stack where it would be referred to or depended on.
 *
 * @param remedy one or more whole sentences.
 * @throws PropError that names both stacks.
 */
export function enforceSameStack(user: IConstruct, prop: string, used: IConstruct, remedy: string): void {
  if (!inSameStack(user, used)) {
    throw new PropError(
      user,
      prop,
      used.node.path,
      `must be in stack ${TerraformStack.of(user).node.id}, because no stack refers to elements of another or depends on them`,
      remedy,
    );
  }
}

/**
 * Refuses tokens that refer to elements of another stack, also inside of functions and of longer texts. Tokens of the
 * construct's own stack pass. An expression that is written as text (`${aws_iam_role.x.arn}`) belongs to no element, and
 * passes too.
 *
 * @param construct that would hold the value.
 * @throws PropError that names the other stack.
 */
export function enforceNoReferenceAcross(
  construct: IConstruct,
  prop: string,
  value: string | readonly string[] | undefined,
): void {
  if (Array.isArray(value) && !Token.isUnresolved(value)) {
    value.forEach((item, index) => {
      enforceNoReferenceAcross(construct, `${prop}[${index}]`, item);
    });
    return;
  }
  const own = TerraformStack.of(construct);
  const other = stacksReferredTo(construct, value).find((stack) => stack !== own);
  if (other !== undefined) {
    throw new PropError(
      construct,
      prop,
      `a token of stack ${other.node.id}`,
      `must not refer to another stack than ${own.node.id}, because no stack reads the state of another`,
      "Pass the value itself, such as an ARN composed of names, or put both in one stack.",
    );
  }
}

function stacksReferredTo(scope: IConstruct, value: unknown): readonly TerraformStack[] {
  if (!Token.isUnresolved(value)) {
    return [];
  }
  const resolver = new ReferenceCollector();
  Tokenization.resolve(value, { scope, resolver });
  return resolver.stacks;
}

/**
 * Resolves everything but references, and notes whose they are. A reference resolves itself to an output of the other
 * stack, which must not come into being by asking.
 */
class ReferenceCollector extends DefaultTokenResolver {
  readonly stacks: TerraformStack[] = [];

  constructor() {
    super(new StringConcat());
  }

  override resolveToken(
    ...[token, context, postProcessor]: Parameters<DefaultTokenResolver["resolveToken"]>
  ) {
    const stack = originOf(token);
    if (stack === undefined) {
      return super.resolveToken(token, context, postProcessor);
    }
    this.stacks.push(stack);
    return "reference";
  }
}

/** CDKTF does not publish it: every reference to an element holds the element's stack. */
function originOf(token: IResolvable): TerraformStack | undefined {
  const { originStack } = token as { readonly originStack?: unknown };
  return TerraformStack.isStack(originStack) ? originStack : undefined;
}
