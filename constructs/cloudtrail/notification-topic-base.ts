import type { ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { enforce, enforceEach, enforceSome } from "../expectation.js";
import { ACCOUNT_ID } from "../expectations.js";
import { type PolicyStatement, sameStatement } from "../iam/policy.js";
import { SUBSCRIPTION_PROTOCOL } from "./expectations.js";
import {
  NO_PUBLISHERS,
  type NotificationPublisher,
  type NotificationPublishers,
  withPublisher,
} from "./log-access.js";
import { notificationTopicStatements, type TopicSubscriber } from "./notification-topic-policy.js";
import { enforcePublisher } from "./publisher.js";
import { enforceRolesOf } from "./readers.js";

/**
 * A topic that announces new log files, made here or by somebody else. Each grant returns the statements that
 * the topic's policy needs for it and did not need before, and throws for a value that AWS would refuse and
 * for a policy that cannot take them.
 */
export interface INotificationTopic extends IConstruct {
  readonly topicArn: string;
  readonly topicName: string;
  /** What publishes in the same stack depends on it, when the policy is this stack's. */
  readonly policy: ITerraformDependable | undefined;
  /** What the owner of an existing topic has to add to its policy. */
  readonly statementsToAdd: readonly PolicyStatement[];
  /** Lets trails, or the bucket that logs arrive in, publish. */
  grantPublish(publisher: NotificationPublisher): readonly PolicyStatement[];
  /**
   * Lets Vectra subscribe, or roles of somebody else beside it. Nobody needs the topic's key for it: SNS decrypts
   * before it delivers.
   */
  grantSubscribe(subscriber: TopicSubscriber): readonly PolicyStatement[];
}

/** What created and existing topics share: their grants. */
export abstract class NotificationTopicBase extends Construct implements INotificationTopic {
  abstract readonly topicArn: string;
  abstract readonly topicName: string;
  abstract readonly policy: ITerraformDependable | undefined;
  abstract readonly statementsToAdd: readonly PolicyStatement[];
  protected abstract readonly partition: string;
  #publishers: NotificationPublishers = NO_PUBLISHERS;
  #subscribers: readonly TopicSubscriber[] = [];
  #granted: readonly PolicyStatement[] = [];

  grantPublish(publisher: NotificationPublisher): readonly PolicyStatement[] {
    enforcePublisher(this, publisher);
    this.#publishers = withPublisher(this.#publishers, publisher);
    return this.#grant();
  }

  grantSubscribe(subscriber: TopicSubscriber): readonly PolicyStatement[] {
    enforce(this, "subscriberAccountId", subscriber.accountId, ACCOUNT_ID);
    enforceEach(this, "subscriberProtocols", subscriber.protocols, SUBSCRIPTION_PROTOCOL);
    for (const [prop, limits] of [
      ["subscriberProtocols", subscriber.protocols],
      ["subscriberEndpoints", subscriber.endpoints],
    ] as const) {
      if (limits !== undefined) {
        enforceSome(this, prop, limits, "Leave it out to allow any, or name at least one.");
      }
    }
    if (subscriber.roleArns !== undefined) {
      enforceRolesOf(
        this,
        subscriber.accountId,
        "subscriberRoleArns",
        subscriber.roleArns,
        "Name the roles that may subscribe.",
      );
    }
    if (!this.#subscribers.some((earlier) => sameSubscriber(earlier, subscriber))) {
      this.#subscribers = [...this.#subscribers, subscriber];
    }
    return this.#grant();
  }

  /** Puts grants into the policy. */
  protected abstract applyGrants(granted: PolicyStatement[]): void;

  #grant(): readonly PolicyStatement[] {
    const before = this.#granted;
    const granted = notificationTopicStatements({
      partition: this.partition,
      topicArn: this.topicArn,
      publishers: this.#publishers,
      subscribers: this.#subscribers,
    });
    this.applyGrants(granted);
    this.#granted = granted;
    return granted.filter((statement) => !before.some((earlier) => sameStatement(earlier, statement)));
  }
}

function sameSubscriber(one: TopicSubscriber, other: TopicSubscriber): boolean {
  const parts = ({ accountId, roleArns, protocols, endpoints }: TopicSubscriber) =>
    JSON.stringify([accountId, roleArns, protocols, endpoints]);
  return parts(one) === parts(other);
}
