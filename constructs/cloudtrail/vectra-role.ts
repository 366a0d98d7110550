import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import { addressed } from "../address.js";
import { accountRootArn } from "../iam/arn.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { EXTERNAL_ID, POLICY_ARN, ROLE_NAME, ROLE_PATH } from "../iam/rules.js";
import { enforce, enforceSome } from "../rule.js";
import { ACCOUNT_ID, KEY_ARN, PARTITION } from "../rules.js";
import { logRoot } from "./log-root.js";
import { BUCKET_ARN, KEY_PREFIX, SESSION_SECONDS } from "./rules.js";

export interface VectraRoleProps {
  /** Name of the role. */
  readonly roleName: string;
  /** Vectra's AWS account, 12 digits, as the Vectra UI shows it. */
  readonly vectraAccountId: string;
  /** External ID that Vectra generated for this connection, unchanged. */
  readonly externalId: string;
  /** Bucket that holds the logs. */
  readonly bucketArn: string;
  /**
   * Prefix of all log keys, without slashes at its ends.
   *
   * @default - logs begin at `AWSLogs/`
   */
  readonly keyPrefix?: string | undefined;
  /** Key that encrypts the logs. */
  readonly kmsKeyArn: string;
  /**
   * Path of the role.
   *
   * @default "/"
   */
  readonly path?: string | undefined;
  /**
   * ARN of the managed policy that bounds the role.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * Longest session in seconds, 3600 to 43200.
   *
   * @default 3600
   */
  readonly maxSessionDuration?: number | undefined;
  /**
   * Whether Vectra may also list identities and accounts (read-only), with which it attributes what it sees.
   *
   * @default true
   */
  readonly iamContext?: boolean | undefined;
  /**
   * Statements that replace ours, for example those that the Vectra console shows.
   *
   * @default - read and list logs, decrypt with the given key, IAM context
   */
  readonly policyStatements?: readonly PolicyStatement[] | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
}

/**
 * The role that Vectra assumes to pull log files. It lives in the account of the log bucket and trusts one
 * account with one External ID.
 *
 * Vectra does not publish the actions it needs: the default policy is this project's, and `policyStatements`
 * replaces it.
 *
 * @throws Error for a name, account, External ID, ARN or duration that AWS would refuse.
 * @see https://docs.vectra.ai/deployment/cdr-for-aws
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export class VectraRole extends Construct {
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: VectraRoleProps) {
    super(scope, id);
    this.check(props);

    const role = this.createRole(props);
    this.createPolicy(props, role);
    this.roleArn = role.arn;
  }

  protected createRole(props: VectraRoleProps): IamRole {
    const vectra = accountRootArn({
      partition: props.partition ?? "aws",
      accountId: props.vectraAccountId,
    });
    return addressed(
      new IamRole(this, "role", {
        name: props.roleName,
        path: props.path ?? "/",
        description: "Vectra reads CloudTrail logs with this role",
        assumeRolePolicy: policyDocument([vectraAssumesRole(vectra, props.externalId)]),
        maxSessionDuration: props.maxSessionDuration ?? 3600,
        ...(props.permissionsBoundary === undefined
          ? {}
          : { permissionsBoundary: props.permissionsBoundary }),
      }),
    );
  }

  protected createPolicy(props: VectraRoleProps, role: IamRole): IamRolePolicy {
    return addressed(
      new IamRolePolicy(this, "policy", {
        name: "read-cloudtrail-logs",
        role: role.name,
        policy: policyDocument(props.policyStatements ?? defaultStatements(props)),
      }),
    );
  }

  private check(props: VectraRoleProps): void {
    enforce(this, "roleName", props.roleName, ROLE_NAME);
    enforce(this, "vectraAccountId", props.vectraAccountId, ACCOUNT_ID);
    enforce(this, "externalId", props.externalId, EXTERNAL_ID);
    enforce(this, "bucketArn", props.bucketArn, BUCKET_ARN);
    enforce(this, "keyPrefix", props.keyPrefix, KEY_PREFIX);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforce(this, "path", props.path, ROLE_PATH);
    enforce(this, "permissionsBoundary", props.permissionsBoundary, POLICY_ARN);
    enforce(this, "maxSessionDuration", props.maxSessionDuration, SESSION_SECONDS);
    enforce(this, "partition", props.partition, PARTITION);
    if (props.policyStatements !== undefined) {
      enforceSome(
        this,
        "policyStatements",
        props.policyStatements,
        "Give the statements that the Vectra console shows, or leave it out for the default policy.",
      );
    }
  }
}

function vectraAssumesRole(vectraAccount: string, externalId: string): PolicyStatement {
  return {
    Sid: "VectraAssumesRole",
    Effect: "Allow",
    Principal: { AWS: vectraAccount },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": externalId } },
  };
}

function defaultStatements(props: VectraRoleProps): PolicyStatement[] {
  return [
    readLogs(props.bucketArn, logRoot(props.keyPrefix)),
    listLogBucket(props.bucketArn),
    decryptLogs(props.kmsKeyArn),
    ...((props.iamContext ?? true) ? [readIamContext()] : []),
  ];
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
