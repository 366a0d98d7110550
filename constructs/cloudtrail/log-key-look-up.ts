import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key/index.js";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** No id that anyone gives to a construct of their own. */
const SCOPE_ID = "vectra-cdr:looked-up-keys";

/**
 * The one look-up of a key in a stack. Its Terraform address is as short as that of an element right below the stack, but
 * it takes no id there: constructs of the stack may have the key's id, whether they come earlier or later.
 *
 * @param keyId alias ARN of the key.
 * @param ids names for the address; the first one that no other key's look-up has.
 */
export function lookUpKey(
  stack: TerraformStack,
  keyId: string,
  [id, longId]: readonly [string, string],
): DataAwsKmsKey {
  const scope = stack.node.tryFindChild(SCOPE_ID) ?? new Construct(stack, SCOPE_ID);
  const lookUps = scope.node.children.filter((child) => child instanceof LookedUpKey);
  const earlier = lookUps.find(({ keyIdInput }) => keyIdInput === keyId);
  if (earlier !== undefined) {
    return earlier;
  }
  const taken =
    scope.node.tryFindChild(id) !== undefined || stack.node.tryFindChild(id) instanceof DataAwsKmsKey;
  return new LookedUpKey(scope, taken ? longId : id, { keyId });
}

class LookedUpKey extends DataAwsKmsKey {
  constructor(...[scope, id, config]: ConstructorParameters<typeof DataAwsKmsKey>) {
    super(scope, id, config);
    this.overrideLogicalId(id);
    this.node.addValidation({ validate: () => this.sharedAddress() });
  }

  /** Where the address is: the scope in between is nobody's concern, and would change the JSON of every deployment. */
  protected override get constructNodeMetadata(): Record<string, unknown> {
    const { metadata } = super.constructNodeMetadata;
    return { metadata: { ...metadata, path: `${this.cdktfStack.node.path}/${this.node.id}` } };
  }

  /** Elements of one address overwrite each other silently. */
  private sharedAddress(): string[] {
    return TerraformStack.of(this)
      .node.findAll()
      .filter((child) => child instanceof DataAwsKmsKey)
      .filter((child) => child !== this && child.friendlyUniqueId === this.friendlyUniqueId)
      .map(
        ({ node }) =>
          `${node.path}: its address data.aws_kms_key.${this.friendlyUniqueId} is that of the log key's look-up. Give it another id.`,
      );
  }
}
