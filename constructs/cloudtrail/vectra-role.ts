import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Annotations, Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { accountRootArn } from "../../facts/arn.js";
import { addressed } from "../address.js";
import { enforce, enforceSome, refuse } from "../expectation.js";
import { ACCOUNT_ID, KEY_ARN, PARTITION } from "../expectations.js";
import {
  EXTERNAL_ID,
  POLICY_ARN,
  PRINCIPAL_ARN,
  ROLE_ARN,
  ROLE_NAME,
  ROLE_PATH,
} from "../iam/expectations.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { terraformText } from "../terraform-text.js";
import { BUCKET_ARN, KEY_PREFIX, SESSION_SECONDS } from "./expectations.js";
import { type LogFileKinds, logRootInPolicy } from "./log-root.js";
import { vectraAssumesRole, vectraRoleStatements } from "./vectra-role-policy.js";
import { warningsOfStatements } from "./vectra-role-warnings.js";

/** The role that Vectra assumes, made here or by somebody else (Vectra's CloudFormation template). */
export interface IVectraRole extends IConstruct {
  readonly roleArn: string;
}

export interface VectraRoleProps extends LogFileKinds {
  /** Name of the role. */
  readonly roleName: string;
  /** Vectra's AWS account, 12 digits, as the Vectra UI shows it. */
  readonly vectraAccountId: string;
  /** External ID that Vectra generated for this connection, unchanged. */
  readonly externalId: string;
  /**
   * ARN of the one role or user of Vectra's account that may assume the role. Vectra does not publish it.
   *
   * @default - whoever Vectra's account lets
   */
  readonly vectraPrincipalArn?: string | undefined;
  /** Bucket that holds the logs. */
  readonly bucketArn: string;
  /**
   * Prefix of all log keys, without slashes at its ends.
   *
   * @default - logs begin at `AWSLogs/`
   */
  readonly keyPrefix?: string | undefined;
  /**
   * Key that encrypts the logs.
   *
   * @default - logs are not encrypted with a customer key
   */
  readonly kmsKeyArn?: string | undefined;
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
   * Tags of this role alone, with which an organization's data perimeter lets Vectra's account assume it, such as
   * `{ "dp:exclude:identity": "true" }`. IAM compares tag keys without regard to case.
   *
   * @default - the role has the provider's default tags only
   */
  readonly perimeterTags?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether listing is limited to keys below the log prefix. Which listing Vectra tries first is not published:
   * one without a prefix, and HeadBucket, are denied then.
   *
   * @default false
   */
  readonly listLogsOnly?: boolean | undefined;
  /**
   * Statements that replace ours, for example those that the Vectra console shows. Those that reach beyond
   * bucket, key and context, and those that allow more than reading, are annotated with a warning.
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
export class VectraRole extends Construct implements IVectraRole {
  /**
   * A role that is already there.
   *
   * @throws Error for an ARN that is not a role's.
   */
  static fromVectraRoleArn(scope: Construct, id: string, roleArn: string): IVectraRole {
    return new ExistingVectraRole(scope, id, roleArn);
  }

  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: VectraRoleProps) {
    super(scope, id);
    this.check(props);

    const role = this.createRole(props);
    this.createPolicy(props, role);
    this.roleArn = role.arn;
    this.warnOfWideStatements(props);
  }

  protected createRole(props: VectraRoleProps): IamRole {
    const vectra = accountRootArn({
      partition: props.partition ?? "aws",
      accountId: props.vectraAccountId,
    });
    return addressed(
      new IamRole(this, "role", {
        name: props.roleName,
        path: terraformText(props.path ?? "/"),
        description: "Vectra reads CloudTrail logs with this role",
        assumeRolePolicy: policyDocument([
          vectraAssumesRole(vectra, props.externalId, props.vectraPrincipalArn),
        ]),
        maxSessionDuration: props.maxSessionDuration ?? 3600,
        ...(props.perimeterTags === undefined ? {} : { tags: { ...props.perimeterTags } }),
        ...(props.permissionsBoundary === undefined
          ? {}
          : { permissionsBoundary: terraformText(props.permissionsBoundary) }),
      }),
    );
  }

  protected createPolicy(props: VectraRoleProps, role: IamRole): IamRolePolicy {
    return addressed(
      new IamRolePolicy(this, "policy", {
        name: "read-cloudtrail-logs",
        role: role.name,
        policy: policyDocument(
          props.policyStatements ??
            vectraRoleStatements({
              bucketArn: props.bucketArn,
              logRoot: logRootInPolicy(props.keyPrefix),
              kmsKeyArn: props.kmsKeyArn,
              iamContext: props.iamContext ?? true,
              listLogsOnly: props.listLogsOnly,
              readDigests: props.readDigests,
              readInsights: props.readInsights,
            }),
        ),
      }),
    );
  }

  private check(props: VectraRoleProps): void {
    enforce(this, "roleName", props.roleName, ROLE_NAME);
    enforce(this, "vectraAccountId", props.vectraAccountId, ACCOUNT_ID);
    enforce(this, "externalId", props.externalId, EXTERNAL_ID);
    enforce(this, "vectraPrincipalArn", props.vectraPrincipalArn, PRINCIPAL_ARN);
    enforce(this, "bucketArn", props.bucketArn, BUCKET_ARN);
    enforce(this, "keyPrefix", props.keyPrefix, KEY_PREFIX);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforce(this, "path", props.path, ROLE_PATH);
    enforce(this, "permissionsBoundary", props.permissionsBoundary, POLICY_ARN);
    enforce(this, "maxSessionDuration", props.maxSessionDuration, SESSION_SECONDS);
    enforce(this, "partition", props.partition, PARTITION);
    this.checkPrincipal(props);
    this.checkPerimeterTags(props);
    if (props.policyStatements !== undefined) {
      enforceSome(
        this,
        "policyStatements",
        props.policyStatements,
        "Give the statements that the Vectra console shows, or leave it out for the default policy.",
      );
    }
  }

  private checkPrincipal({ vectraPrincipalArn, vectraAccountId, partition = "aws" }: VectraRoleProps): void {
    const parts = [vectraPrincipalArn, vectraAccountId, partition];
    if (vectraPrincipalArn === undefined || parts.some((part) => Token.isUnresolved(part))) {
      return;
    }
    if (!vectraPrincipalArn.startsWith(`arn:${partition}:iam::${vectraAccountId}:`)) {
      refuse(
        this,
        "vectraPrincipalArn",
        JSON.stringify(vectraPrincipalArn),
        `must be a principal of vectraAccountId ${vectraAccountId} in partition ${partition}, which is all that the role trusts`,
        "Copy account and principal from the same Vectra page.",
      );
    }
  }

  private checkPerimeterTags({ perimeterTags = {} }: VectraRoleProps): void {
    const keys = Object.keys(perimeterTags);
    for (const [index, key] of keys.entries()) {
      const first = keys.findIndex((other) => other.toLowerCase() === key.toLowerCase());
      if (first !== index) {
        refuse(
          this,
          "perimeterTags",
          JSON.stringify(key),
          `differs from ${JSON.stringify(keys[first])} in case only, and IAM takes both for one key`,
          "Keep the one that the perimeter's policies name.",
        );
      }
    }
  }

  private warnOfWideStatements({ policyStatements = [], bucketArn, kmsKeyArn }: VectraRoleProps): void {
    for (const warning of warningsOfStatements(policyStatements, { bucketArn, kmsKeyArn })) {
      Annotations.of(this).addWarning(warning);
    }
  }
}

/** A role that somebody else made. */
class ExistingVectraRole extends Construct implements IVectraRole {
  readonly roleArn: string;

  constructor(scope: Construct, id: string, roleArn: string) {
    super(scope, id);
    enforce(this, "roleArn", roleArn, ROLE_ARN);
    this.roleArn = roleArn;
  }
}
