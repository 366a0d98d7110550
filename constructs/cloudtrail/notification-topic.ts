import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import type { Construct } from "constructs";
import { topicArn } from "../../facts/arn.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { addressBelow, addressed } from "../address.js";
import { enforce } from "../expectation.js";
import { ACCOUNT_ID, PARTITION, REGION } from "../expectations.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { enforcePolicySize } from "../iam/policy-limit.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import {
  ExistingNotificationTopic,
  type NotificationTopicAttributes,
} from "./existing-notification-topic.js";
import { TOPIC_NAME } from "./expectations.js";
import type { ILogKey } from "./log-key-base.js";
import { enforceLogKeyRegion } from "./log-key-region.js";
import {
  type ComposedTopic,
  type INotificationTopic,
  NotificationTopicBase,
} from "./notification-topic-base.js";
import { denyInsecureTransport, TOPIC_POLICY_LIMIT } from "./notification-topic-policy.js";

export interface NotificationTopicProps {
  /** Name of the topic. */
  readonly topicName: string;
  /** Account that owns the topic, 12 digits. */
  readonly accountId: string;
  /** Region of the topic, which is the provider's. */
  readonly region: string;
  /**
   * Key that encrypts the notifications, of the topic's region. A customer key, whose policy allows the publishers: the
   * policy of the AWS-managed SNS key cannot be changed to allow them.
   */
  readonly key: ILogKey;
  /** @default "aws" */
  readonly partition?: string | undefined;
}

/**
 * The topic on which CloudTrail announces new log files and to which Vectra subscribes from its own account.
 *
 * @throws PropError for a name, account, protocol or ARN that AWS would refuse, and for a policy over 30 KB.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
 */
export class NotificationTopic extends NotificationTopicBase {
  /**
   * An existing topic.
   *
   * @throws PropError for an ARN that is not a topic's, and for a policy that is to be owned without its current
   * statements.
   */
  static fromNotificationTopicAttributes(
    scope: Construct,
    id: string,
    attributes: NotificationTopicAttributes,
  ): INotificationTopic {
    return new ExistingNotificationTopic(scope, id, attributes);
  }

  /** Terraform address of the policy of a topic, created or existing, with this id in its stack. */
  static policyAddress(id: string): string {
    return addressBelow(id, SnsTopicPolicy, "policy");
  }

  readonly topicArn: string;
  readonly topicName: string;
  readonly composed: ComposedTopic;
  readonly key: ILogKey;
  /** A trail in the same stack depends on it: CloudTrail tries to publish when the trail is created. */
  readonly policy: SnsTopicPolicy;
  /** Nothing: the policy of a created topic is complete. */
  readonly statementsToAdd: readonly PolicyStatement[] = [];
  protected readonly partition: string;

  constructor(scope: Construct, id: string, props: NotificationTopicProps) {
    super(scope, id);
    this.check(props);

    const { topicName, accountId, region, partition = DEFAULT_PARTITION } = props;
    this.partition = partition;
    this.key = props.key;
    this.composed = {
      topicName,
      topicArn: topicArn({ partition, region, accountId, topicName }),
      accountId,
      region,
    };
    const topic = this.createTopic(props);
    this.topicArn = topic.arn;
    this.topicName = topic.name;
    this.policy = this.createPolicy(policyDocument(this.wholePolicy([])));
  }

  protected createTopic(props: NotificationTopicProps): SnsTopic {
    return addressed(
      new SnsTopic(this, "topic", {
        name: props.topicName,
        kmsMasterKeyId: props.key.keyArnFor(this, props.accountId),
      }),
    );
  }

  protected createPolicy(document: string): SnsTopicPolicy {
    return addressed(new SnsTopicPolicy(this, "policy", { arn: this.topicArn, policy: document }));
  }

  protected applyGrants(granted: PolicyStatement[]): PolicyStatement[] {
    const whole = this.wholePolicy(granted);
    enforcePolicySize(this, whole, TOPIC_POLICY_LIMIT);
    this.policy.policy = policyDocument(whole);
    return granted;
  }

  private wholePolicy(granted: readonly PolicyStatement[]): PolicyStatement[] {
    return [denyInsecureTransport(this.topicArn), ...granted];
  }

  private check(props: NotificationTopicProps): void {
    enforceKnownStructure(this, props);
    enforceRequired(this, props, { region: true, accountId: true, key: true, topicName: true });
    enforce(this, "topicName", props.topicName, TOPIC_NAME);
    enforce(this, "accountId", props.accountId, ACCOUNT_ID);
    enforce(this, "partition", props.partition, PARTITION);
    enforce(this, "region", props.region, REGION);
    enforceLogKeyRegion(this, props);
  }
}
