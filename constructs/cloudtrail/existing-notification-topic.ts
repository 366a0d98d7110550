import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import type { Construct } from "constructs";
import { accountOfArn, regionOfArn } from "../../facts/arn.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { addressed } from "../address.js";
import { enforce } from "../expectation.js";
import { PARTITION } from "../expectations.js";
import { AdoptedPolicy, type ExistingPolicy } from "../iam/existing-policy.js";
import type { PolicyStatement } from "../iam/policy.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { dataLifecycle } from "../retain.js";
import { TOPIC_ARN } from "./expectations.js";
import type { ILogKey } from "./log-key-base.js";
import { type ComposedTopic, NotificationTopicBase } from "./notification-topic-base.js";
import { TOPIC_POLICY_LIMIT } from "./notification-topic-policy.js";

/** An existing topic. */
export interface NotificationTopicAttributes {
  readonly topicArn: string;
  /**
   * Customer key that encrypts the notifications. Publishers are let into it.
   *
   * @default - the topic is not encrypted with a customer key, or its publishers can use the key already
   */
  readonly key?: ILogKey | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * What happens to the topic's policy.
   *
   * @default - the policy is not changed, and `statementsToAdd` is what its owner has to add
   */
  readonly policy?: ExistingPolicy | undefined;
}

/** An existing topic; `NotificationTopic.fromNotificationTopicAttributes()` returns it. */
export class ExistingNotificationTopic extends NotificationTopicBase {
  readonly topicArn: string;
  readonly topicName: string;
  readonly composed: ComposedTopic;
  readonly key: ILogKey | undefined;
  protected readonly partition: string;
  readonly #policy: AdoptedPolicy;

  constructor(scope: Construct, id: string, attributes: NotificationTopicAttributes) {
    super(scope, id);
    enforceKnownStructure(this, attributes);
    enforceRequired(this, attributes, { topicArn: true });
    enforce(this, "topicArn", attributes.topicArn, TOPIC_ARN);
    enforce(this, "partition", attributes.partition, PARTITION);
    this.topicArn = attributes.topicArn;
    this.topicName = Token.isUnresolved(this.topicArn)
      ? Token.asString(Fn.element(Fn.split(":", this.topicArn), 5))
      : this.topicArn.slice(this.topicArn.lastIndexOf(":") + 1);
    this.composed = {
      topicName: this.topicName,
      topicArn: this.topicArn,
      accountId: accountOfArn(this.topicArn),
      region: regionOfArn(this.topicArn),
    };
    this.key = attributes.key;
    this.partition = attributes.partition ?? DEFAULT_PARTITION;
    this.#policy = new AdoptedPolicy(this, {
      settings: attributes.policy,
      limit: TOPIC_POLICY_LIMIT,
      own: (document) => this.createPolicy(document),
    });
  }

  get policy(): ITerraformDependable | undefined {
    return this.#policy.resource;
  }

  get statementsToAdd(): readonly PolicyStatement[] {
    return this.#policy.statementsToAdd;
  }

  protected createPolicy(document: string): SnsTopicPolicy {
    const policy = addressed(
      new SnsTopicPolicy(this, "policy", { arn: this.topicArn, policy: document, ...dataLifecycle() }),
    );
    policy.importFrom(this.topicArn);
    return policy;
  }

  protected applyGrants(granted: PolicyStatement[]): PolicyStatement[] {
    this.#policy.need(granted);
    return granted;
  }
}
