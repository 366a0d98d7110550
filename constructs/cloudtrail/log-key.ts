import type { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key/index.js";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { KmsKeyPolicy } from "@cdktf/provider-aws/lib/kms-key-policy/index.js";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { accountRootArn, keyAliasArn } from "../../facts/arn.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { enforceKnownAcross, inSameStack } from "../across-stacks.js";
import { addressBelow, addressed } from "../address.js";
import { enforce } from "../expectation.js";
import { ACCOUNT_ID, PARTITION, REGION } from "../expectations.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { enforcePolicySize, firstThatFits } from "../iam/policy-limit.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { dataLifecycle } from "../retain.js";
import { ExistingLogKey, type LogKeyAttributes } from "./existing-log-key.js";
import { ALIAS_NAME } from "./expectations.js";
import { type ILogKey, LogKeyBase } from "./log-key-base.js";
import { lookUpKey } from "./log-key-look-up.js";
import { accountAdministersKey, KEY_POLICY_LIMIT } from "./log-key-policy.js";

export interface LogKeyProps {
  /** Alias of the key, without `alias/`. */
  readonly aliasName: string;
  /** Account that owns the key, 12 digits. */
  readonly accountId: string;
  /** Region of the key, which is the provider's. Stacks of other accounts look the key up there, by its alias. */
  readonly region: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the key. What a destroyed key has encrypted is lost.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/**
 * The key that encrypts CloudTrail's logs and the notification topic, with yearly rotation.
 *
 * @throws PropError for an alias, account or ARN that AWS would refuse, and for a policy over 32 KB.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export class LogKey extends LogKeyBase {
  /**
   * An existing key.
   *
   * @throws PropError for an ARN that is not a key's, and for a policy that is to be owned without its current
   * statements.
   */
  static fromLogKeyAttributes(scope: Construct, id: string, attributes: LogKeyAttributes): ILogKey {
    return new ExistingLogKey(scope, id, attributes);
  }

  /**
   * Terraform addresses of everything that a new key consists of: for a `removed` block in a stack where an existing key has
   * taken its place.
   *
   * @param id of the key in its stack.
   */
  static createdAddresses(id: string): string[] {
    return [addressBelow(id, KmsAlias, "alias"), addressBelow(id, KmsKey, "key")];
  }

  /** Terraform address of the owned policy of an existing key with this id in its stack. */
  static policyAddress(id: string): string {
    return addressBelow(id, KmsKeyPolicy, "policy");
  }

  readonly keyArn: string;
  readonly aliasArn: string;
  readonly region: string;
  /** The key itself, which holds its policy. */
  readonly policy: ITerraformDependable;
  /** Nothing: the policy of a created key is complete. */
  readonly statementsToAdd: readonly PolicyStatement[] = [];
  protected readonly partition: string;
  readonly #owner: string;
  readonly #names: { readonly aliasName: string; readonly accountId: string };
  readonly #key: KmsKey;

  constructor(scope: Construct, id: string, props: LogKeyProps) {
    super(scope, id);
    this.check(props);

    this.partition = props.partition ?? DEFAULT_PARTITION;
    this.region = props.region;
    this.#names = { aliasName: props.aliasName, accountId: props.accountId };
    this.#owner = accountRootArn({ partition: this.partition, accountId: props.accountId });
    this.#key = this.createKey(props, policyDocument(this.wholePolicy([])));
    this.keyArn = this.#key.arn;
    this.policy = this.#key;
    this.aliasArn = this.createAlias(props, this.#key).arn;
  }

  keyArnFor(user: IConstruct, accountId: string): string {
    if (inSameStack(this, user)) {
      return this.keyArn;
    }
    const { partition, region } = this;
    enforceKnownAcross(this, user, { ...this.#names, region, partition });
    this.grantDescribe([accountId]);
    return this.lookUp(TerraformStack.of(user)).arn;
  }

  protected createKey(props: LogKeyProps, document: string): KmsKey {
    return addressed(
      new KmsKey(this, "key", {
        description: "Encrypts CloudTrail logs and their notifications",
        enableKeyRotation: true,
        // The longest that AWS offers: the logs of a year depend on this key.
        deletionWindowInDays: 30,
        policy: document,
        ...dataLifecycle(props.retain),
      }),
    );
  }

  protected createAlias(props: LogKeyProps, key: KmsKey): KmsAlias {
    return addressed(
      new KmsAlias(this, "alias", { name: `alias/${props.aliasName}`, targetKeyId: key.keyId }),
    );
  }

  /**
   * The key in another stack. CloudTrail reports the key's ARN, so an alias in the trail would differ at every plan;
   * the alias is a name that this program chose, and it leads to the ARN.
   */
  protected lookUp(stack: TerraformStack): DataAwsKmsKey {
    const { partition, region } = this;
    const keyId = keyAliasArn({ partition, region, ...this.#names });
    const own = TerraformStack.of(this);
    const path = this.node.scopes.slice(this.node.scopes.indexOf(own) + 1).map(({ node }) => node.id);
    return lookUpKey(stack, keyId, [path.join("-"), [own.node.id, ...path].join("-")]);
  }

  protected applyGrants(forms: [PolicyStatement[], ...PolicyStatement[][]]): PolicyStatement[] {
    const granted = firstThatFits(forms, KEY_POLICY_LIMIT, (form) => this.wholePolicy(form));
    const whole = this.wholePolicy(granted);
    enforcePolicySize(this, whole, KEY_POLICY_LIMIT);
    this.#key.policy = policyDocument(whole);
    return granted;
  }

  private wholePolicy(granted: readonly PolicyStatement[]): PolicyStatement[] {
    return [accountAdministersKey(this.#owner), ...granted];
  }

  private check(props: LogKeyProps): void {
    enforceKnownStructure(this, props);
    enforceRequired(this, props, { region: true, accountId: true, aliasName: true });
    enforce(this, "aliasName", props.aliasName, ALIAS_NAME);
    enforce(this, "accountId", props.accountId, ACCOUNT_ID);
    enforce(this, "region", props.region, REGION);
    enforce(this, "partition", props.partition, PARTITION);
  }
}
