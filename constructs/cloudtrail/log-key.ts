import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { accountRootArn } from "../../facts/arn.js";
import { addressed } from "../address.js";
import { enforce, refuse } from "../expectation.js";
import { ACCOUNT_ID, PARTITION } from "../expectations.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { enforcePolicySize, firstThatFits } from "../iam/policy-limit.js";
import { dataLifecycle } from "../retain.js";
import { ExistingLogKey, type LogKeyAttributes } from "./existing-log-key.js";
import { ALIAS_NAME } from "./expectations.js";
import { type ILogKey, LogKeyBase } from "./log-key-base.js";
import { accountAdministersKey, KEY_POLICY_LIMIT } from "./log-key-policy.js";

export interface LogKeyProps {
  /** Alias of the key, without `alias/`. */
  readonly aliasName: string;
  /** Account that owns the key, 12 digits. */
  readonly accountId: string;
  /**
   * Trails that encrypt with the key. ARNs composed from names: see `trailArn()`.
   *
   * @default - those that `grantEncrypt()` is called for
   */
  readonly trailArns?: readonly string[] | undefined;
  /**
   * Accounts that own those trails (an organization trail: the management account), 12 digits each.
   *
   * @default - those that `grantEncrypt()` is called for
   */
  readonly trailAccountIds?: readonly string[] | undefined;
  /**
   * Roles in the key's account that may decrypt logs. They need not exist yet.
   *
   * @default - those that `grantDecrypt()` is called for
   */
  readonly readerRoleArns?: readonly string[] | undefined;
  /**
   * Topic that the trails above publish to and that this key encrypts. Composed from names, see `topicArn()`: a
   * reference would make a cycle.
   *
   * @default - those that `grantPublish()` is called for
   */
  readonly topicArn?: string | undefined;
  /**
   * Accounts that may look the key up by its alias (`kms:DescribeKey` and nothing else), 12 digits each.
   * The trail's account needs it, because a trail is configured with the key's ARN and not its alias.
   *
   * @default - only the key's own account, and those that `grantDescribe()` is called for
   */
  readonly describeAccountIds?: readonly string[] | undefined;
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
 * @throws Error for an alias, account or ARN that AWS would refuse, and for a policy over 32 KB.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export class LogKey extends LogKeyBase {
  /**
   * A key that is already there.
   *
   * @throws Error for an ARN that is not a key's, and for a policy that is to be owned without its current
   * statements.
   */
  static fromLogKeyAttributes(scope: Construct, id: string, attributes: LogKeyAttributes): ILogKey {
    return new ExistingLogKey(scope, id, attributes);
  }

  readonly keyArn: string;
  readonly aliasArn: string;
  /** The key itself, which holds its policy. */
  readonly policy: ITerraformDependable;
  /** Nothing: the policy of a created key is complete. */
  readonly statementsToAdd: readonly PolicyStatement[] = [];
  protected readonly partition: string;
  readonly #owner: string;
  readonly #key: KmsKey;

  constructor(scope: Construct, id: string, props: LogKeyProps) {
    super(scope, id);
    this.check(props);

    this.partition = props.partition ?? "aws";
    this.#owner = accountRootArn({ partition: this.partition, accountId: props.accountId });
    this.#key = this.createKey(props, policyDocument(this.wholePolicy([])));
    this.keyArn = this.#key.arn;
    this.policy = this.#key;
    this.aliasArn = this.createAlias(props, this.#key).arn;
    this.grant(props);
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

  private grant(props: LogKeyProps): void {
    const { accountId, trailArns, trailAccountIds, readerRoleArns, describeAccountIds } = props;
    if (trailArns !== undefined || trailAccountIds !== undefined) {
      this.grantEncrypt({ trailArns: trailArns ?? [], trailAccountIds: trailAccountIds ?? [] });
    }
    if (props.topicArn !== undefined) {
      this.grantPublish({ trailArns: trailArns ?? [] }, props.topicArn);
    }
    if (readerRoleArns !== undefined && readerRoleArns.length > 0) {
      this.grantDecrypt({ accountId, roleArns: readerRoleArns });
    }
    if (describeAccountIds !== undefined) {
      this.grantDescribe(describeAccountIds);
    }
  }

  private check(props: LogKeyProps): void {
    enforce(this, "aliasName", props.aliasName, ALIAS_NAME);
    enforce(this, "accountId", props.accountId, ACCOUNT_ID);
    enforce(this, "partition", props.partition, PARTITION);
    if (props.topicArn !== undefined && props.trailArns === undefined) {
      refuse(
        this,
        "topicArn",
        JSON.stringify(props.topicArn),
        "needs trailArns, the trails that publish",
        "Give them, or call grantPublish() later.",
      );
    }
  }
}
