import { accountRootArn } from "../iam/arn.js";
import type { PolicyStatement } from "../iam/policy.js";
import type { PolicyLimit } from "../iam/policy-limit.js";
import {
  type LogReaders,
  type LogWriters,
  type NotificationPublishers,
  oneOrMore,
  union,
} from "./log-access.js";

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html */
export const KEY_POLICY_LIMIT: PolicyLimit = {
  name: "key policy",
  bytes: 32 * 1024,
  remedy:
    "Use an organization trail, which is one writer for all accounts; or shorten the trail names; or give some of the trails a second bucket and key.",
};

/** Who may do what with the key. */
export interface LogKeyAccess {
  readonly partition: string;
  readonly writers: LogWriters | undefined;
  readonly publishers: NotificationPublishers;
  readonly readers: readonly LogReaders[];
  readonly describeAccountIds: readonly string[];
}

/**
 * Statements that let CloudTrail encrypt, publishers encrypt notifications, readers decrypt and accounts look
 * the key up: first the narrow form, one statement per purpose, each with all trails; then the short form,
 * which lists the trails once.
 *
 * 200 member trails with a topic are some 60 KB in the narrow form and 20 in the short one; KMS allows 32. The
 * short form keeps every trail's ARN. What it gives up is the account in the encryption context, which repeats
 * what the trail's ARN says.
 */
export function logKeyStatements(access: LogKeyAccess): [PolicyStatement[], PolicyStatement[]] {
  const { partition, writers, publishers, readers, describeAccountIds } = access;
  const otherUses = [
    ...(publishers.bucketArns.length === 0 ? [] : [s3EncryptsNotifications(publishers)]),
    ...(readers.length === 0 ? [] : [readersDecryptLogs(partition, readers)]),
    ...(describeAccountIds.length === 0 ? [] : [accountsDescribeKey(partition, describeAccountIds)]),
  ];
  const publishing =
    publishers.trailArns.length === 0 ? [] : [publisherEncryptsNotifications(publishers.trailArns)];
  if (writers === undefined) {
    return [
      [...publishing, ...otherUses],
      [...publishing, ...otherUses],
    ];
  }
  return [
    [
      cloudTrailEncryptsLogs(partition, writers),
      cloudTrailDescribesKey(writers.trailArns),
      cloudTrailUsesBucketKey(writers.trailArns),
      ...publishing,
      ...otherUses,
    ],
    [
      publishers.trailArns.length === 0
        ? cloudTrailUsesKey(partition, writers.trailArns)
        : cloudTrailUsesKeyAlsoForTopic(partition, union(writers.trailArns, publishers.trailArns)),
      ...otherUses,
    ],
  ];
}

/** Without it nobody could ever change the key's policy again. */
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

/** A bucket with an S3 Bucket Key asks it of CloudTrail, and a trail cannot be made without it. */
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
 * AWS does not say whether the call that SNS makes for CloudTrail carries `aws:SourceArn`: another trail is
 * refused where it does, and notifications are not lost where it does not. The topic's own policy asks for
 * the trail in any case.
 */
function publisherEncryptsNotifications(trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "PublisherEncryptsNotifications",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
    Resource: "*",
    Condition: { StringEqualsIfExists: { "aws:SourceArn": trailArns } },
  };
}

/** `IfExists` for the same reason as with CloudTrail as the publisher. */
function s3EncryptsNotifications({ bucketArns, bucketAccountIds }: NotificationPublishers): PolicyStatement {
  return {
    Sid: "S3EncryptsNotifications",
    Effect: "Allow",
    Principal: { Service: "s3.amazonaws.com" },
    Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
    Resource: "*",
    Condition: {
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

/** The same with what publishing needs: see {@link publisherEncryptsNotifications} for its `IfExists`. */
function cloudTrailUsesKeyAlsoForTopic(partition: string, trailArns: readonly string[]): PolicyStatement {
  return {
    ...cloudTrailUsesKey(partition, trailArns),
    Condition: {
      StringEqualsIfExists: { "aws:SourceArn": trailArns },
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
    Principal: {
      AWS: oneOrMore(readers.map(({ accountId }) => accountRootArn({ partition, accountId }))),
    },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: { ArnEquals: { "aws:PrincipalArn": readers.flatMap(({ roleArns }) => roleArns) } },
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
