import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import { logGroupArn } from "../../facts/arn.js";
import { boundaryAccount } from "../../facts/checks/boundary-account.js";
import { given } from "../../facts/given.js";
import { TRAIL_LOG_GROUP_OPTIONS } from "../../facts/options/trail.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { TRAIL_LOG_GROUP_SENTENCES } from "../../facts/sentences/cloudtrail.js";
import { addressed } from "../address.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceOptions } from "../expectation.js";
import { ACCOUNT_ID, KEY_ARN, PARTITION, REGION } from "../expectations.js";
import { POLICY_ARN, ROLE_PATH } from "../iam/expectations.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { dataLifecycle } from "../retain.js";
import { terraformText } from "../terraform-text.js";
import { ORGANIZATION_ID } from "./expectations.js";
import { union } from "./log-access.js";

export interface TrailLogGroupProps {
  /** Name of the log group. */
  readonly logGroupName: string;
  /** Name of the role with which CloudTrail writes. */
  readonly roleName: string;
  /**
   * Account of the log group, 12 digits: the one whose stack creates the trail. CloudTrail writes to log groups of
   * no other account.
   */
  readonly accountId: string;
  /**
   * Account in the trail's ARN, 12 digits: of a trail that CloudTrail's delegated administrator creates, the
   * management account.
   *
   * @default - accountId
   */
  readonly trailAccountId?: string | undefined;
  /** Home region of the trail. */
  readonly region: string;
  /**
   * Organization whose trail writes, `o-...`: its streams carry that name.
   *
   * @default - the trail of one account
   */
  readonly organizationId?: string | undefined;
  /**
   * Days for which CloudWatch keeps the events.
   *
   * @default 90
   */
  readonly retentionDays?: number | undefined;
  /**
   * Key that encrypts the log group; its policy must allow `logs.<region>.<DNS suffix>`.
   *
   * @default - CloudWatch's own encryption
   */
  readonly kmsKeyArn?: string | undefined;
  /**
   * Path of the role.
   *
   * @default "/"
   */
  readonly path?: string | undefined;
  /**
   * ARN of the managed policy that is the role's permissions boundary.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the log group.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/**
 * CloudWatch log group that a trail also writes to, and the role it does that with.
 *
 * @throws PropError for a name, account, ARN or retention that AWS would refuse.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
 */
export class TrailLogGroup extends Construct {
  /** Without `:*` at its end. */
  readonly logGroupArn: string;
  readonly roleArn: string;
  /** A trail depends on it, and not on the role alone: CloudTrail tries to write when the trail is created. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: TrailLogGroupProps) {
    super(scope, id);
    enforceKnownStructure(this, props);
    enforceRequired(this, props, { region: true, accountId: true, roleName: true, logGroupName: true });
    this.check(props);

    this.logGroupArn = this.createLogGroup(props).arn;
    const role = this.createRole(props);
    this.policy = this.createPolicy(props, role);
    this.roleArn = role.arn;
  }

  protected createLogGroup(props: TrailLogGroupProps): CloudwatchLogGroup {
    return addressed(
      new CloudwatchLogGroup(this, "log-group", {
        name: props.logGroupName,
        retentionInDays: props.retentionDays ?? TRAIL_LOG_GROUP_OPTIONS.retentionDays.default,
        ...given({ kmsKeyId: props.kmsKeyArn }),
        ...dataLifecycle(props.retain),
      }),
    );
  }

  protected createRole(props: TrailLogGroupProps): IamRole {
    return addressed(
      new IamRole(this, "role", {
        name: props.roleName,
        path: terraformText(props.path ?? "/"),
        description: "CloudTrail writes to its CloudWatch log group with this role",
        assumeRolePolicy: policyDocument([cloudTrailAssumesRole()]),
        ...given({
          permissionsBoundary:
            props.permissionsBoundary === undefined ? undefined : terraformText(props.permissionsBoundary),
        }),
      }),
    );
  }

  protected createPolicy(props: TrailLogGroupProps, role: IamRole): IamRolePolicy {
    return addressed(
      new IamRolePolicy(this, "policy", {
        name: "write-cloudtrail-events",
        role: role.name,
        policy: policyDocument([writeEvents(props)]),
      }),
    );
  }

  private check(props: TrailLogGroupProps): void {
    enforceOptions(this, "", props, TRAIL_LOG_GROUP_OPTIONS, TRAIL_LOG_GROUP_SENTENCES);
    enforce(this, "accountId", props.accountId, ACCOUNT_ID);
    enforce(this, "trailAccountId", props.trailAccountId, ACCOUNT_ID);
    enforce(this, "region", props.region, REGION);
    enforce(this, "organizationId", props.organizationId, ORGANIZATION_ID);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforce(this, "path", props.path, ROLE_PATH);
    enforce(this, "permissionsBoundary", props.permissionsBoundary, POLICY_ARN);
    enforceCheck(this, boundaryAccount, {
      permissionsBoundary: props.permissionsBoundary,
      accountId: props.accountId,
    });
    enforce(this, "partition", props.partition, PARTITION);
  }
}

/** Without a condition: AWS documents none for this role, and a trail that cannot assume it cannot be created. */
function cloudTrailAssumesRole(): PolicyStatement {
  return {
    Sid: "CloudTrailAssumesRole",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
}

/** The streams that CloudTrail names after the account, and for an organization after that too. */
function writeEvents(props: TrailLogGroupProps): PolicyStatement {
  const { accountId, region, logGroupName, organizationId } = props;
  const accountIds = union([accountId], [props.trailAccountId ?? accountId]);
  const group = logGroupArn(
    { partition: props.partition ?? DEFAULT_PARTITION, region, accountId },
    logGroupName,
  );
  return {
    Sid: "WriteEvents",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [
      ...accountIds.map((id) => `${group}:log-stream:${id}_CloudTrail_${region}*`),
      ...(organizationId === undefined ? [] : [`${group}:log-stream:${organizationId}_*`]),
    ],
  };
}
