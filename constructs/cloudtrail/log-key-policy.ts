import { accountRootArn } from "../../facts/arn.js";
import { given } from "../../facts/given.js";
import type { PolicyStatement } from "../iam/policy.js";
import type { PolicyLimit } from "../iam/policy-limit.js";
import {
  type LogReaders,
  type LogWriters,
  type NotificationPublishers,
  oneOrMore,
  readerAccounts,
  readerRoles,
} from "./log-access.js";

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const KEY_POLICY_LIMIT: PolicyLimit = {
  name: "key policy",
  bytes: 32 * 1024,
  remedy:
    "Use an organization trail, which is one writer for all accounts; or shorten the trail names; or use a second bucket and key for some of the trails.",
};

/** Who may do what with the key. */
export interface LogKeyAccess {
  readonly partition: string;
  readonly writers: LogWriters | undefined;
  readonly publishers: NotificationPublishers;
  /** Topics that the publishers publish to. */
  readonly topicArns: readonly string[];
  readonly readers: readonly LogReaders[];
  readonly describeAccountIds: readonly string[];
}

/**
 * Statements that let CloudTrail encrypt, publishers encrypt notifications, readers decrypt and accounts look
 * the key up, in three forms: the narrow one, with a statement per purpose and all trails in each; one that
 * lists the trails twice, for the logs and for the notifications; and one that lists them once, for the logs.
 *
 * 200 member trails with a topic are some 60 KB in the first form, 30 in the second and 15 in the third; KMS
 * allows 32. The second gives up the account in the encryption context, which repeats what the trail's
 * ARN says; the third gives up the trail of a notification, which the topic's own policy requires.
 */
export function logKeyStatements(access: LogKeyAccess): [PolicyStatement[], ...PolicyStatement[][]] {
  const { partition, writers, publishers, topicArns, readers, describeAccountIds } = access;
  const { trailArns } = publishers;
  const publishing = trailArns.length === 0 ? [] : [publisherEncryptsNotifications(topicArns, trailArns)];
  const anyTrailPublishing =
    trailArns.length === 0 ? [] : [publisherEncryptsNotifications(topicArns, undefined)];
  const otherUses = [
    ...(publishers.bucketArns.length === 0 ? [] : [s3EncryptsNotifications(topicArns, publishers)]),
    ...(readers.length === 0 ? [] : [readersDecryptLogs(partition, readers)]),
    ...(describeAccountIds.length === 0 ? [] : [accountsDescribeKey(partition, describeAccountIds)]),
  ];
  const byPurpose =
    writers === undefined
      ? []
      : [
          cloudTrailEncryptsLogs(partition, writers),
          cloudTrailDescribesKey(writers.trailArns),
          cloudTrailUsesBucketKey(writers.trailArns),
        ];
  const inOne = writers === undefined ? [] : [cloudTrailUsesKey(partition, writers.trailArns)];
  return [
    [...byPurpose, ...publishing, ...otherUses],
    [...inOne, ...publishing, ...otherUses],
    [...inOne, ...anyTrailPublishing, ...otherUses],
  ];
}

/** Without it no principal could ever change the key's policy again. */
export function accountAdministersKey(account: string): PolicyStatement {
  return {
    Sid: "AccountAdministersKey",
    Effect: "Allow",
    Principal: { AWS: account },
    Action: "kms:*",
    Resource: "*",
  };
}

function cloudTrailEncryptsLogs(partition: string, writers: LogWriters): PolicyStatement {
  return {
    Sid: "CloudTrailEncryptsLogs",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "kms:GenerateDataKey*",
    Resource: "*",
    Condition: {
      StringEquals: { "aws:SourceArn": writers.trailArns },
      StringLike: {
        "kms:EncryptionContext:aws:cloudtrail:arn": oneOrMore(
          writers.trailAccountIds.map((accountId) => `arn:${partition}:cloudtrail:*:${accountId}:trail/*`),
        ),
      },
    },
  };
}

function cloudTrailDescribesKey(trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "CloudTrailDescribesKey",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "kms:DescribeKey",
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceArn": trailArns } },
  };
}

/** A bucket with an S3 Bucket Key requires it of CloudTrail, and a trail cannot be created without it. */
function cloudTrailUsesBucketKey(trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "CloudTrailUsesBucketKey",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceArn": trailArns } },
  };
}

/**
 * SNS asks for data keys in the publisher's name, with the topic as the encryption context. AWS does not say
 * whether such a call carries `aws:SourceArn`: another trail is refused where it does, and notifications are not
 * lost where it does not. The topic's own policy asks for the trail in any case.
 *
 * @param trailArns nothing for any trail.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic.html
 */
function publisherEncryptsNotifications(
  topicArns: readonly string[],
  trailArns: readonly string[] | undefined,
): PolicyStatement {
  return {
    Sid: "PublisherEncryptsNotifications",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
    Resource: "*",
    Condition: {
      StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArns },
      ...given({
        StringEqualsIfExists: trailArns === undefined ? undefined : { "aws:SourceArn": trailArns },
      }),
    },
  };
}

/** `IfExists` for the same reason as with CloudTrail as the publisher. */
function s3EncryptsNotifications(
  topicArns: readonly string[],
  { bucketArns, bucketAccountIds }: NotificationPublishers,
): PolicyStatement {
  return {
    Sid: "S3EncryptsNotifications",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
    Resource: "*",
    Condition: {
      StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArns },
      StringEqualsIfExists: { "aws:SourceArn": bucketArns, "aws:SourceAccount": bucketAccountIds },
    },
  };
}

/** `IfExists`, because only encrypting has an encryption context, and all three actions share one statement. */
function cloudTrailUsesKey(partition: string, trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "CloudTrailUsesKey",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: ["kms:GenerateDataKey*", "kms:DescribeKey", "kms:Decrypt"],
    Resource: "*",
    Condition: {
      StringEquals: { "aws:SourceArn": trailArns },
      StringLikeIfExists: {
        "kms:EncryptionContext:aws:cloudtrail:arn": `arn:${partition}:cloudtrail:*:*:trail/*`,
      },
    },
  };
}

/** The account is the principal and the role a condition: KMS refuses a principal that does not exist yet. */
function readersDecryptLogs(partition: string, readers: readonly LogReaders[]): PolicyStatement {
  return {
    Sid: "ReadersDecryptLogs",
    Effect: "Allow",
    Principal: { AWS: readerAccounts(partition, readers) },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: { ArnEquals: { "aws:PrincipalArn": readerRoles(readers) } },
  };
}

function accountsDescribeKey(partition: string, accountIds: readonly string[]): PolicyStatement {
  return {
    Sid: "AccountsDescribeKey",
    Effect: "Allow",
    Principal: { AWS: accountIds.map((accountId) => accountRootArn({ partition, accountId })) },
    Action: "kms:DescribeKey",
    Resource: "*",
  };
}
