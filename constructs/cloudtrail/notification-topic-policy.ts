import { accountRootArn } from "../../facts/arn.js";
import { given } from "../../facts/given.js";
import type { PolicyCondition, PolicyStatement } from "../iam/policy.js";
import type { PolicyLimit } from "../iam/policy-limit.js";
import type { NotificationPublishers } from "./log-access.js";

/** @see https://docs.aws.amazon.com/general/latest/gr/sns.html */
export const TOPIC_POLICY_LIMIT: PolicyLimit = {
  name: "topic policy",
  bytes: 30 * 1024,
  remedy:
    "Use an organization trail, which is one publisher for all accounts; or let the bucket publish instead of the trails.",
};

/** Who may subscribe, and to what. */
export interface TopicSubscriber {
  /** Account of the subscriber, 12 digits; of Vectra as the Vectra UI shows it. */
  readonly accountId: string;
  /**
   * Only these roles of the account, one role each. They need not exist yet.
   *
   * @default - any principal that the account allows, as with Vectra, which does not publish its roles
   */
  readonly roleArns?: readonly string[] | undefined;
  /**
   * Only subscriptions of these protocols, for example `sqs`.
   *
   * @default - any protocol
   */
  readonly protocols?: readonly string[] | undefined;
  /**
   * Only endpoints that match one of these patterns (`*` and `?`), for example
   * `arn:aws:sqs:*:999999999999:*`.
   *
   * @default - any endpoint
   */
  readonly endpoints?: readonly string[] | undefined;
}

/** Who may do what with a topic. */
export interface NotificationTopicAccess {
  readonly partition: string;
  readonly topicArn: string;
  readonly publishers: NotificationPublishers;
  readonly subscribers: readonly TopicSubscriber[];
}

/** Statements that let publishers publish and subscribers subscribe. */
export function notificationTopicStatements(access: NotificationTopicAccess): PolicyStatement[] {
  const { partition, topicArn, publishers, subscribers } = access;
  const accounts = subscribers.filter(({ roleArns }) => roleArns === undefined);
  const roles = subscribers.filter(({ roleArns }) => roleArns !== undefined);
  return [
    ...(publishers.trailArns.length === 0 ? [] : [cloudTrailPublishes(topicArn, publishers.trailArns)]),
    ...(publishers.bucketArns.length === 0 ? [] : [s3Publishes(topicArn, publishers)]),
    ...accounts.map((subscriber, index) => vectraSubscribes(partition, topicArn, subscriber, index)),
    ...roles.map((subscriber, index) => rolesSubscribe(partition, topicArn, subscriber, index)),
  ];
}

/**
 * For created topics only. The actions are named because SNS refuses `sns:*` in a topic policy ("action out
 * of service scope").
 */
export function denyInsecureTransport(topicArn: string): PolicyStatement {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: ["sns:Publish", "sns:Subscribe"],
    Resource: topicArn,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function cloudTrailPublishes(topicArn: string, trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "CloudTrailPublishes",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { StringEquals: { "aws:SourceArn": trailArns } },
  };
}

/** A bucket's ARN has no account: without the second condition, a bucket created later under that name could publish. */
function s3Publishes(
  topicArn: string,
  { bucketArns, bucketAccountIds }: NotificationPublishers,
): PolicyStatement {
  return {
    Sid: "S3Publishes",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: { StringEquals: { "aws:SourceArn": bucketArns, "aws:SourceAccount": bucketAccountIds } },
  };
}

function vectraSubscribes(
  partition: string,
  topicArn: string,
  subscriber: TopicSubscriber,
  index: number,
): PolicyStatement {
  const limits: PolicyCondition = {
    ...given({
      StringEquals: subscriber.protocols === undefined ? undefined : { "sns:Protocol": subscriber.protocols },
      StringLike: subscriber.endpoints === undefined ? undefined : { "sns:Endpoint": subscriber.endpoints },
    }),
  };
  return {
    Sid: index === 0 ? "VectraSubscribes" : `VectraSubscribes${index + 1}`,
    Effect: "Allow",
    Principal: { AWS: accountRootArn({ partition, accountId: subscriber.accountId }) },
    Action: "sns:Subscribe",
    Resource: topicArn,
    ...given({ Condition: Object.keys(limits).length === 0 ? undefined : limits }),
  };
}

/** The account is the principal and the roles a condition, as in every policy here: they need not exist yet. */
function rolesSubscribe(
  partition: string,
  topicArn: string,
  { accountId, roleArns = [], protocols, endpoints }: TopicSubscriber,
  index: number,
): PolicyStatement {
  return {
    Sid: index === 0 ? "RolesSubscribe" : `RolesSubscribe${index + 1}`,
    Effect: "Allow",
    Principal: { AWS: accountRootArn({ partition, accountId }) },
    Action: "sns:Subscribe",
    Resource: topicArn,
    Condition: {
      ArnEquals: { "aws:PrincipalArn": roleArns },
      ...given({
        StringEquals: protocols === undefined ? undefined : { "sns:Protocol": protocols },
        StringLike: endpoints === undefined ? undefined : { "sns:Endpoint": endpoints },
      }),
    },
  };
}
