import { Token } from "cdktf";
import type { PolicyStatement } from "../iam/policy.js";

/** What the role may reach. */
export interface LogAccess {
  readonly bucketArn: string;
  /** Where logs begin in the bucket: see `logRoot()`. */
  readonly logRoot: string;
  readonly kmsKeyArn: string | undefined;
  readonly iamContext: boolean;
}

/**
 * Trust in one account with one External ID.
 *
 * @param principalArn narrows it to one principal of that account. The account stays the principal and the
 * narrowing is a condition: IAM replaces a principal by an internal id, and trust would be lost for good if
 * Vectra ever made its role again.
 */
export function vectraAssumesRole(
  vectraAccount: string,
  externalId: string,
  principalArn: string | undefined,
): PolicyStatement {
  return {
    Sid: "VectraAssumesRole",
    Effect: "Allow",
    Principal: { AWS: vectraAccount },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "sts:ExternalId": externalId },
      ...(principalArn === undefined ? {} : { ArnEquals: { "aws:PrincipalArn": principalArn } }),
    },
  };
}

/** What the role may do unless the Vectra console says otherwise. */
export function vectraRoleStatements(access: LogAccess): PolicyStatement[] {
  return [
    readLogs(access.bucketArn, access.logRoot),
    listLogBucket(access.bucketArn),
    ...(access.kmsKeyArn === undefined ? [] : [decryptLogs(access.kmsKeyArn)]),
    ...(access.iamContext ? [readIamContext()] : []),
  ];
}

/** Reading identities and accounts is what the context is for, whatever the resource. */
const CONTEXT_ACTION = /^(iam|organizations):(Get|List|Describe)[A-Za-z]*\*?$/;

/** A bucket or something in it, without wildcards in its name. */
const IN_A_BUCKET = /^(arn:[\w-]+:s3:::[^/*?]+)(\/.*)?$/;

/**
 * Statements that allow more than the log bucket, its key and the context of identities. Where the bucket or
 * the key is not known yet, any one bucket and any one key are taken for it.
 */
export function statementsBeyondLogs(
  statements: readonly PolicyStatement[],
  { bucketArn, kmsKeyArn }: Pick<LogAccess, "bucketArn" | "kmsKeyArn">,
): PolicyStatement[] {
  const resources = statements.flatMap(({ Resource = [] }) => [Resource].flat());
  const buckets = new Set(resources.flatMap((resource) => IN_A_BUCKET.exec(resource)?.[1] ?? []));
  const onlyBucket = Token.isUnresolved(bucketArn) && buckets.size === 1 ? [...buckets][0] : bucketArn;
  const isLogs = (resource: string) =>
    Token.isUnresolved(resource) ||
    IN_A_BUCKET.exec(resource)?.[1] === onlyBucket ||
    resource === kmsKeyArn ||
    (Token.isUnresolved(kmsKeyArn) && /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[^*?]+$/.test(resource));
  return statements.filter(({ Effect, Action, Resource }) => {
    if (Effect === "Deny") {
      return false;
    }
    if (Action === undefined || Resource === undefined) {
      return true;
    }
    return !(
      [Action].flat().every((action) => CONTEXT_ACTION.test(action)) || [Resource].flat().every(isLogs)
    );
  });
}

function readLogs(bucketArn: string, root: string): PolicyStatement {
  return {
    Sid: "ReadLogs",
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: `${bucketArn}/${root}/*`,
  };
}

/** Without a condition on `s3:prefix`, because it is not published which listing Vectra tries first. */
function listLogBucket(bucketArn: string): PolicyStatement {
  return {
    Sid: "ListLogBucket",
    Effect: "Allow",
    Action: ["s3:ListBucket", "s3:GetBucketLocation"],
    Resource: bucketArn,
  };
}

function decryptLogs(kmsKeyArn: string): PolicyStatement {
  return { Sid: "DecryptLogs", Effect: "Allow", Action: "kms:Decrypt", Resource: kmsKeyArn };
}

/** Names and kinds only: no policies, no credentials, no tags. These actions know no narrower resource. */
function readIamContext(): PolicyStatement {
  return {
    Sid: "ReadIamContext",
    Effect: "Allow",
    Action: [
      "iam:ListAccountAliases",
      "iam:ListRoles",
      "iam:ListUsers",
      "organizations:DescribeOrganization",
      "organizations:ListAccounts",
    ],
    Resource: "*",
  };
}
