import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import { addressed } from "../address.js";
import { accountRootArn } from "../iam/arn.js";
import { type PolicyStatement, policyDocument } from "../iam/policy.js";
import { ROLE_ARN } from "../iam/rules.js";
import { dataLifecycle } from "../retain.js";
import { enforce, enforceEach, enforceSome } from "../rule.js";
import { ACCOUNT_ID, PARTITION } from "../rules.js";
import { ALIAS_NAME, TRAIL_ARN } from "./rules.js";

export interface LogKeyProps {
  /** Alias of the key, without `alias/`. */
  readonly aliasName: string;
  /** Account that owns the key, 12 digits. */
  readonly accountId: string;
  /** Trails that encrypt with the key. ARNs composed from names: see `trailArn()`. */
  readonly trailArns: readonly string[];
  /** Account that owns those trails (an organization trail: the management account), 12 digits. */
  readonly trailAccountId: string;
  /** Roles in the key's account that may decrypt logs. They need not exist yet. */
  readonly readerRoleArns: readonly string[];
  /**
   * Service that publishes to a topic encrypted with this key.
   *
   * @default - the key encrypts no topic
   */
  readonly topicPublisher?: "cloudtrail.amazonaws.com" | undefined;
  /**
   * Accounts that may look the key up by its alias (`kms:DescribeKey` and nothing else), 12 digits each.
   * The trail's account needs it, because a trail is configured with the key's ARN and not its alias.
   *
   * @default - only the key's own account
   */
  readonly describeAccountIds?: readonly string[] | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy the key. What a destroyed key has encrypted is lost.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/**
 * The key that encrypts CloudTrail's logs and the notification topic, with yearly rotation.
 *
 * @throws Error for an alias, account or ARN that AWS would refuse.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export class LogKey extends Construct {
  readonly keyArn: string;
  readonly aliasArn: string;

  constructor(scope: Construct, id: string, props: LogKeyProps) {
    super(scope, id);
    this.check(props);

    const key = this.createKey(props);
    this.keyArn = key.arn;
    this.aliasArn = this.createAlias(props, key).arn;
  }

  protected createKey(props: LogKeyProps): KmsKey {
    return addressed(
      new KmsKey(this, "key", {
        description: "Encrypts CloudTrail logs and their notifications",
        enableKeyRotation: true,
        // The longest that AWS offers: the logs of a year depend on this key.
        deletionWindowInDays: 30,
        policy: policyDocument(logKeyStatements(props)),
        ...dataLifecycle(props.retain),
      }),
    );
  }

  protected createAlias(props: LogKeyProps, key: KmsKey): KmsAlias {
    return addressed(
      new KmsAlias(this, "alias", { name: `alias/${props.aliasName}`, targetKeyId: key.keyId }),
    );
  }

  private check(props: LogKeyProps): void {
    enforce(this, "aliasName", props.aliasName, ALIAS_NAME);
    enforce(this, "accountId", props.accountId, ACCOUNT_ID);
    enforceEach(this, "trailArns", props.trailArns, TRAIL_ARN);
    enforceSome(this, "trailArns", props.trailArns, "Name the trails that encrypt with the key.");
    enforce(this, "trailAccountId", props.trailAccountId, ACCOUNT_ID);
    enforceEach(this, "readerRoleArns", props.readerRoleArns, ROLE_ARN);
    enforceEach(this, "describeAccountIds", props.describeAccountIds, ACCOUNT_ID);
    enforce(this, "partition", props.partition, PARTITION);
  }
}

function logKeyStatements(props: LogKeyProps): PolicyStatement[] {
  const partition = props.partition ?? "aws";
  const owner = accountRootArn({ partition, accountId: props.accountId });
  const describers = (props.describeAccountIds ?? []).map((accountId) =>
    accountRootArn({ partition, accountId }),
  );
  return [
    accountAdministersKey(owner),
    cloudTrailEncryptsLogs(props.trailArns, `arn:${partition}:cloudtrail:*:${props.trailAccountId}:trail/*`),
    cloudTrailDescribesKey(props.trailArns),
    cloudTrailUsesBucketKey(props.trailArns),
    ...(props.topicPublisher === undefined
      ? []
      : [publisherEncryptsNotifications(props.topicPublisher, props.trailArns)]),
    ...(props.readerRoleArns.length === 0 ? [] : [readersDecryptLogs(owner, props.readerRoleArns)]),
    ...(describers.length === 0 ? [] : [accountsDescribeKey(describers)]),
  ];
}

/** Without it nobody could ever change the key's policy again. */
function accountAdministersKey(account: string): PolicyStatement {
  return {
    Sid: "AccountAdministersKey",
    Effect: "Allow",
    Principal: { AWS: account },
    Action: "kms:*",
    Resource: "*",
  };
}

function cloudTrailEncryptsLogs(trailArns: readonly string[], trailPattern: string): PolicyStatement {
  return {
    Sid: "CloudTrailEncryptsLogs",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "kms:GenerateDataKey*",
    Resource: "*",
    Condition: {
      StringEquals: { "aws:SourceArn": trailArns },
      StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": trailPattern },
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
function publisherEncryptsNotifications(service: string, trailArns: readonly string[]): PolicyStatement {
  return {
    Sid: "PublisherEncryptsNotifications",
    Effect: "Allow",
    Principal: { Service: service },
    Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
    Resource: "*",
    Condition: { StringEqualsIfExists: { "aws:SourceArn": trailArns } },
  };
}

/** The account is the principal and the role a condition: KMS refuses a principal that does not exist yet. */
function readersDecryptLogs(account: string, roleArns: readonly string[]): PolicyStatement {
  return {
    Sid: "ReadersDecryptLogs",
    Effect: "Allow",
    Principal: { AWS: account },
    Action: "kms:Decrypt",
    Resource: "*",
    Condition: { ArnEquals: { "aws:PrincipalArn": roleArns } },
  };
}

function accountsDescribeKey(accounts: readonly string[]): PolicyStatement {
  return {
    Sid: "AccountsDescribeKey",
    Effect: "Allow",
    Principal: { AWS: accounts },
    Action: "kms:DescribeKey",
    Resource: "*",
  };
}
