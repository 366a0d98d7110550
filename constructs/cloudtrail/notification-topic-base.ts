import type { ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { enforceKnownAcross } from "../across-stacks.js";
import { enforce, enforceEach, enforceSome } from "../expectation.js";
import { ACCOUNT_ID } from "../expectations.js";
import type { PolicyStatement } from "../iam/policy.js";
import { PolicyGrants } from "../iam/policy-grants.js";
import { SUBSCRIPTION_PROTOCOL } from "./expectations.js";
import { NO_PUBLISHERS, type NotificationPublisher, withPublisher } from "./log-access.js";
import type { ILogKey } from "./log-key-base.js";
import {
  type NotificationTopicAccess,
  notificationTopicStatements,
  type TopicSubscriber,
} from "./notification-topic-policy.js";
import { enforcePublisher, publisherProps } from "./publisher.js";
import { enforceRolesOf } from "./readers.js";

/**
 * A topic that announces new log files, created by this program or existing. Each grant returns the statements that
 * the topic's policy needs for it and did not need before, and throws PropError for a value that AWS would refuse,
 * for a token of another stack, and for a policy that cannot take them.
 */
export interface INotificationTopic extends IConstruct {
  readonly topicArn: string;
  readonly topicName: string;
  /** Names and ARN as text, without a reference: for policies that would make a cycle, and for other stacks. */
  readonly composed: ComposedTopic;
  /** Key that encrypts the notifications, where publishers must be let into one. */
  readonly key: ILogKey | undefined;
  /** What publishes in the same stack depends on it, when the policy is this stack's. */
  readonly policy: ITerraformDependable | undefined;
  /** What the owner of an existing topic has to add to its policy. */
  readonly statementsToAdd: readonly PolicyStatement[];
  /**
   * Lets trails, or the bucket that logs arrive in, publish, and encrypt with the topic's key. `Trail` and
   * `S3Notification` call it for themselves.
   */
  grantPublish(publisher: NotificationPublisher): readonly PolicyStatement[];
  /**
   * Lets Vectra subscribe (`VectraRole` does so by itself), or roles of others beside it. No subscriber needs the
   * topic's key: SNS decrypts before it delivers.
   */
  grantSubscribe(subscriber: TopicSubscriber): readonly PolicyStatement[];
}

/** A topic by its names. Of an existing topic they are parts of its ARN. */
export interface ComposedTopic {
  readonly topicName: string;
  readonly topicArn: string;
  /** Of an existing topic as far as its ARN is known. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
}

/** What created and existing topics share: their grants. */
export abstract class NotificationTopicBase extends Construct implements INotificationTopic {
  abstract readonly topicArn: string;
  abstract readonly topicName: string;
  abstract readonly composed: ComposedTopic;
  abstract readonly key: ILogKey | undefined;
  abstract readonly policy: ITerraformDependable | undefined;
  abstract readonly statementsToAdd: readonly PolicyStatement[];
  protected abstract readonly partition: string;
  readonly #grants = new PolicyGrants<Pick<NotificationTopicAccess, "publishers" | "subscribers">>(
    this,
    { publishers: NO_PUBLISHERS, subscribers: [] },
    (granted) =>
      this.applyGrants(
        notificationTopicStatements({ partition: this.partition, topicArn: this.topicArn, ...granted }),
      ),
  );

  grantPublish(publisher: NotificationPublisher): readonly PolicyStatement[] {
    enforcePublisher(this, publisher);
    const statements = this.#grants.grant(publisherProps(publisher), {
      publishers: withPublisher(this.#grants.granted.publishers, publisher),
    });
    if (this.key !== undefined) {
      enforceKnownAcross(this, this.key, { topicArn: this.composed.topicArn });
      this.key.grantPublish(publisher, this.composed.topicArn);
    }
    return statements;
  }

  grantSubscribe(subscriber: TopicSubscriber): readonly PolicyStatement[] {
    enforce(this, "subscriberAccountId", subscriber.accountId, ACCOUNT_ID);
    enforceEach(this, "subscriberProtocols", subscriber.protocols, SUBSCRIPTION_PROTOCOL);
    for (const [prop, limits] of [
      ["subscriberProtocols", subscriber.protocols],
      ["subscriberEndpoints", subscriber.endpoints],
    ] as const) {
      if (limits !== undefined) {
        enforceSome(this, prop, limits, "Omit it to allow any, or name at least one.");
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
    const { subscribers } = this.#grants.granted;
    return subscribers.some((earlier) => sameSubscriber(earlier, subscriber))
      ? []
      : this.#grants.grant(
          {
            subscriberAccountId: subscriber.accountId,
            subscriberRoleArns: subscriber.roleArns,
            subscriberProtocols: subscriber.protocols,
            subscriberEndpoints: subscriber.endpoints,
          },
          { subscribers: [...subscribers, subscriber] },
        );
  }

  /**
   * Puts grants into the policy.
   *
   * @returns the statements that were put.
   */
  protected abstract applyGrants(granted: PolicyStatement[]): PolicyStatement[];
}

function sameSubscriber(one: TopicSubscriber, other: TopicSubscriber): boolean {
  const parts = ({ accountId, roleArns, protocols, endpoints }: TopicSubscriber) =>
    JSON.stringify([accountId, roleArns, protocols, endpoints]);
  return parts(one) === parts(other);
}
