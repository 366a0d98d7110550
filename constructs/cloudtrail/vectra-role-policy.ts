import { accountRootArn } from "../../facts/arn.js";
import { given } from "../../facts/given.js";
import { VECTRA_ROLE_OPTIONS } from "../../facts/options/vectra-role.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import type { PolicyStatement } from "../iam/policy.js";
import { oneOrMore } from "./log-access.js";
import { type LogFileKinds, logFiles, logFolders } from "./log-root.js";

/** What the role may reach. */
export interface LogAccess extends LogFileKinds {
  readonly bucketArn: string;
  /** Where logs begin in the bucket: see `logRootInPolicy()`. */
  readonly logRoot: string;
  readonly kmsKeyArn: string | undefined;
  readonly iamContext: boolean;
  /**
   * Whether listing is limited to keys below the log root.
   *
   * @default false
   */
  readonly listLogsOnly?: boolean | undefined;
}

/** Who may assume the role. */
interface TrustedVectra {
  readonly vectraAccountId: string;
  readonly externalId: string;
  readonly vectraPrincipalArn?: string | undefined;
  readonly partition?: string | undefined;
}

/**
 * Trust in one account with one External ID, and in one principal of that account where it is given. The account stays
 * the principal and the narrowing is a condition: IAM replaces a principal by an internal id, and trust would be lost
 * for good if Vectra ever recreated its role.
 */
export function vectraAssumesRole({
  vectraAccountId,
  externalId,
  vectraPrincipalArn,
  partition = DEFAULT_PARTITION,
}: TrustedVectra): PolicyStatement {
  return {
    Sid: "VectraAssumesRole",
    Effect: "Allow",
    Principal: { AWS: accountRootArn({ partition, accountId: vectraAccountId }) },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "sts:ExternalId": externalId },
      ...given({
        ArnEquals: vectraPrincipalArn === undefined ? undefined : { "aws:PrincipalArn": vectraPrincipalArn },
      }),
    },
  };
}

/** What the role may do unless the Vectra console says otherwise. */
export function vectraRoleStatements(access: LogAccess): PolicyStatement[] {
  return [
    readLogs(access),
    ...((access.listLogsOnly ?? VECTRA_ROLE_OPTIONS.listLogsOnly.default)
      ? [listLogs(access), locateLogBucket(access.bucketArn)]
      : [listLogBucket(access.bucketArn)]),
    ...(access.kmsKeyArn === undefined ? [] : [decryptLogs(access.kmsKeyArn)]),
    ...(access.iamContext ? [readIamContext()] : []),
  ];
}

function readLogs(access: LogAccess): PolicyStatement {
  const { bucketArn, logRoot } = access;
  return {
    Sid: "ReadLogs",
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: oneOrMore(logFolders(access).map((folder) => `${bucketArn}/${logFiles(logRoot, folder)}`)),
  };
}

/** Without a condition on `s3:prefix`: which listing Vectra tries first is not published. */
function listLogBucket(bucketArn: string): PolicyStatement {
  return {
    Sid: "ListLogBucket",
    Effect: "Allow",
    Action: ["s3:ListBucket", "s3:GetBucketLocation"],
    Resource: bucketArn,
  };
}

/** Listing below the log root alone: one without a prefix, or with another, is denied, and so is HeadBucket. */
function listLogs({ bucketArn, logRoot }: LogAccess): PolicyStatement {
  return {
    Sid: "ListLogs",
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: bucketArn,
    Condition: { StringLike: { "s3:prefix": `${logRoot}/*` } },
  };
}

/** A statement of its own, because a request for the location carries no prefix. */
function locateLogBucket(bucketArn: string): PolicyStatement {
  return { Sid: "LocateLogBucket", Effect: "Allow", Action: "s3:GetBucketLocation", Resource: bucketArn };
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
