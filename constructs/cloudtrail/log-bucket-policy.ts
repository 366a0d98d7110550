import type { PolicyStatement } from "../iam/policy.js";
import type { PolicyLimit } from "../iam/policy-limit.js";
import { type LogReaders, type LogWriters, readerAccounts, readerRoles } from "./log-access.js";
import { logRootInPolicy } from "./log-root.js";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html */
export const BUCKET_POLICY_LIMIT: PolicyLimit = {
  name: "bucket policy",
  bytes: 20 * 1024,
  remedy:
    "Use an organization trail, which is one writer for all accounts; or shorten trail and bucket names; or let some of the trails write to a second bucket.",
};

/** Who may do what with a log bucket. */
export interface LogBucketAccess {
  readonly partition: string;
  readonly bucketArn: string;
  readonly keyPrefix: string | undefined;
  readonly writers: LogWriters | undefined;
  readonly readers: readonly LogReaders[];
}

/**
 * Statements that let trails write and roles read: first the narrow form, which names the path of every
 * account and lists the trails once per action; then the short form, which lists the trails only once.
 *
 * 200 member trails are some 30 KB in the narrow form and 13 KB in the short one, and S3 allows 20. The short
 * form still names every trail, so no other trail can write. It gives up the path of each
 * account, and that CloudTrail puts a trail's files under its own account is CloudTrail's doing anyway.
 */
export function logBucketStatements(access: LogBucketAccess): [PolicyStatement[], PolicyStatement[]] {
  const { bucketArn, writers, readers } = access;
  const logs = `${bucketArn}/${logRootInPolicy(access.keyPrefix)}`;
  const reading = readers.length === 0 ? [] : [readersGetLogs(access, logs), readersListBucket(access)];
  if (writers === undefined) {
    return [reading, reading];
  }
  return [
    [
      cloudTrailReadsAcl(bucketArn, writers.trailArns),
      cloudTrailWritesAccountLogs(logs, writers.trailAccountIds, writers.trailArns),
      ...(writers.organizationId === undefined
        ? []
        : [cloudTrailWritesOrganizationLogs(logs, writers.organizationId, writers.trailArns)]),
      ...reading,
    ],
    [cloudTrailDelivers(bucketArn, logs, writers.trailArns), ...reading],
  ];
}

/** For created buckets only: a Deny in an existing bucket could break what its owner does there. */
export function denyInsecureTransport(bucketArn: string): PolicyStatement {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function cloudTrailReadsAcl(bucketArn: string, trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "CloudTrailReadsAcl",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:GetBucketAcl",
    Resource: bucketArn,
    Condition: { StringEquals: { "aws:SourceArn": trailArns } },
  };
}

/** Needed by organization trails too: CloudTrail falls back to this path, and checks it when the trail is created. */
function cloudTrailWritesAccountLogs(
  logs: string,
  accountIds: readonly string[],
  trailArns: readonly string[],
): PolicyStatement {
  return {
    Sid: "CloudTrailWritesAccountLogs",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: accountIds.map((accountId) => `${logs}/${accountId}/*`),
    Condition: {
      StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trailArns },
    },
  };
}

function cloudTrailWritesOrganizationLogs(
  logs: string,
  organizationId: string,
  trailArns: readonly string[],
): PolicyStatement {
  return {
    Sid: "CloudTrailWritesOrganizationLogs",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${logs}/${organizationId}/*`,
    Condition: {
      StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trailArns },
    },
  };
}

/** `IfExists`, because reading the bucket's ACL carries no canned ACL, and both actions share one statement. */
function cloudTrailDelivers(bucketArn: string, logs: string, trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "CloudTrailDelivers",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: ["s3:GetBucketAcl", "s3:PutObject"],
    Resource: [bucketArn, `${logs}/*`],
    Condition: {
      StringEquals: { "aws:SourceArn": trailArns },
      StringEqualsIfExists: { "s3:x-amz-acl": "bucket-owner-full-control" },
    },
  };
}

/** The accounts are the principals and the roles a condition: S3 refuses a principal that does not exist yet. */
function readersGetLogs(access: LogBucketAccess, logs: string): PolicyStatement {
  return {
    Sid: "ReadersGetLogs",
    Effect: "Allow",
    Principal: { AWS: readerAccounts(access.partition, access.readers) },
    Action: "s3:GetObject",
    Resource: `${logs}/*`,
    Condition: { ArnEquals: { "aws:PrincipalArn": readerRoles(access.readers) } },
  };
}

function readersListBucket(access: LogBucketAccess): PolicyStatement {
  return {
    Sid: "ReadersListBucket",
    Effect: "Allow",
    Principal: { AWS: readerAccounts(access.partition, access.readers) },
    Action: ["s3:ListBucket", "s3:GetBucketLocation"],
    Resource: access.bucketArn,
    Condition: { ArnEquals: { "aws:PrincipalArn": readerRoles(access.readers) } },
  };
}
