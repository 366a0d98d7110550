import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import type { Construct } from "constructs";
import { addressed } from "../address.js";
import { enforce, enforceRegion } from "../expectation.js";
import { KEY_ARN, PARTITION, REGION } from "../expectations.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { enforcePolicySize } from "../iam/policy-limit.js";
import {
  ExistingNotificationTopic,
  type NotificationTopicAttributes,
} from "./existing-notification-topic.js";
import { TOPIC_NAME } from "./expectations.js";
import { type INotificationTopic, NotificationTopicBase } from "./notification-topic-base.js";
import { denyInsecureTransport, TOPIC_POLICY_LIMIT } from "./notification-topic-policy.js";

export interface NotificationTopicProps {
  /** Name of the topic. */
  readonly topicName: string;
  /**
   * Trails that may publish. ARNs composed from names: see `trailArn()`.
   *
   * @default - those publishers that `grantPublish()` is called for
   */
  readonly publisherTrailArns?: readonly string[] | undefined;
  /** Vectra's AWS account, 12 digits, from the Vectra UI: it may subscribe. */
  readonly subscriberAccountId: string;
  /**
   * Protocols that it may subscribe with, for example `sqs`. Vectra does not publish which one it uses.
   *
   * @default - any protocol
   */
  readonly subscriberProtocols?: readonly string[] | undefined;
  /**
   * Endpoints that it may subscribe, as patterns (`*` and `?`), for example
   * `arn:aws:sqs:*:999999999999:*`. Vectra does not publish them.
   *
   * @default - any endpoint
   */
  readonly subscriberEndpoints?: readonly string[] | undefined;
  /**
   * Key that encrypts the notifications. A customer key whose policy lets the publisher in (`LogKey` with
   * `topicArn`, or its `grantPublish()`): the policy of the AWS-managed SNS key cannot be changed to allow it.
   */
  readonly kmsKeyArn: string;
  /**
   * Region that the topic will lie in. It is the provider's in any case; given here, a key of another region is
   * refused before Terraform runs.
   *
   * @default - not checked
   */
  readonly region?: string | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
}

/**
 * The topic on which CloudTrail announces new log files and to which Vectra subscribes from its own account.
 *
 * @throws Error for a name, account, protocol or ARN that AWS would refuse, and for a policy over 30 KB.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
 */
export class NotificationTopic extends NotificationTopicBase {
  /**
   * A topic that is already there.
   *
   * @throws Error for an ARN that is not a topic's, and for a policy that is to be owned without its current
   * statements.
   */
  static fromNotificationTopicAttributes(
    scope: Construct,
    id: string,
    attributes: NotificationTopicAttributes,
  ): INotificationTopic {
    return new ExistingNotificationTopic(scope, id, attributes);
  }

  readonly topicArn: string;
  readonly topicName: string;
  /** A trail in the same stack depends on it: CloudTrail tries to publish when the trail is made. */
  readonly policy: SnsTopicPolicy;
  /** Nothing: the policy of a created topic is complete. */
  readonly statementsToAdd: readonly PolicyStatement[] = [];
  protected readonly partition: string;

  constructor(scope: Construct, id: string, props: NotificationTopicProps) {
    super(scope, id);
    this.check(props);

    this.partition = props.partition ?? "aws";
    const topic = this.createTopic(props);
    this.topicArn = topic.arn;
    this.topicName = topic.name;
    this.policy = this.createPolicy(policyDocument(this.wholePolicy([])));
    if (props.publisherTrailArns !== undefined) {
      this.grantPublish({ trailArns: props.publisherTrailArns });
    }
    this.grantSubscribe({
      accountId: props.subscriberAccountId,
      protocols: props.subscriberProtocols,
      endpoints: props.subscriberEndpoints,
    });
  }

  protected createTopic(props: NotificationTopicProps): SnsTopic {
    return addressed(new SnsTopic(this, "topic", { name: props.topicName, kmsMasterKeyId: props.kmsKeyArn }));
  }

  protected createPolicy(document: string): SnsTopicPolicy {
    return addressed(new SnsTopicPolicy(this, "policy", { arn: this.topicArn, policy: document }));
  }

  protected applyGrants(granted: PolicyStatement[]): void {
    const whole = this.wholePolicy(granted);
    enforcePolicySize(this, whole, TOPIC_POLICY_LIMIT);
    this.policy.policy = policyDocument(whole);
  }

  private wholePolicy(granted: readonly PolicyStatement[]): PolicyStatement[] {
    return [denyInsecureTransport(this.topicArn), ...granted];
  }

  private check(props: NotificationTopicProps): void {
    enforce(this, "topicName", props.topicName, TOPIC_NAME);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforce(this, "partition", props.partition, PARTITION);
    enforce(this, "region", props.region, REGION);
    enforceRegion(
      this,
      "kmsKeyArn",
      props.kmsKeyArn,
      props.region,
      "SNS encrypts with keys of the topic's own region",
    );
  }
}
