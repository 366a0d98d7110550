import type { IConstruct } from "constructs";
import type { PolicyStatement } from "../iam/policy.js";
import type { ILogBucket } from "./log-bucket-base.js";
import type { ILogKey } from "./log-key-base.js";
import type { LogFileKinds } from "./log-root.js";
import type { INotificationTopic } from "./notification-topic-base.js";

/** The role that Vectra assumes, created by this program or existing (created by Vectra's CloudFormation template). */
export interface IVectraRole extends IConstruct {
  readonly roleArn: string;
  /** What the trust policy of an existing role must hold. */
  readonly trustStatementsToAdd: readonly PolicyStatement[];
  /** What the permissions policy of an existing role must hold. */
  readonly statementsToAdd: readonly PolicyStatement[];
}

/** A connection to Vectra: who assumes the role, and what the role reads. */
export interface VectraConnection extends LogFileKinds {
  /** Vectra's AWS account, 12 digits, as the Vectra UI shows it. */
  readonly vectraAccountId: string;
  /** External ID that Vectra generated for this connection, unchanged. */
  readonly externalId: string;
  /**
   * ARN of the one role or user of Vectra's account that may assume the role. Vectra does not publish it.
   *
   * @default - any principal that Vectra's account allows
   */
  readonly vectraPrincipalArn?: string | undefined;
  /** Bucket that holds the logs. A role of another account is granted to read it. */
  readonly bucket: ILogBucket;
  /**
   * Key that encrypts the logs; the role is granted to decrypt with it.
   *
   * @default - logs are not encrypted with a customer key
   */
  readonly key?: ILogKey | undefined;
  /**
   * Topic that announces new log files; Vectra's account is granted to subscribe.
   *
   * @default - nothing is granted; see `NotificationTopic.grantSubscribe()`
   */
  readonly topic?: INotificationTopic | undefined;
  /**
   * What Vectra may subscribe to the topic. Vectra does not publish what it uses.
   *
   * @default - any protocol, any endpoint
   */
  readonly subscription?: VectraSubscription | undefined;
  /**
   * Whether Vectra may also list identities and accounts (read-only), with which it attributes what it sees.
   *
   * @default true
   */
  readonly iamContext?: boolean | undefined;
  /**
   * Whether listing is limited to keys below the log prefix. Which listing Vectra tries first is not published:
   * one without a prefix, and HeadBucket, are denied then.
   *
   * @default false
   */
  readonly listLogsOnly?: boolean | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
}

/** Limits of a subscription. */
export interface VectraSubscription {
  /**
   * Protocols, for example `sqs`.
   *
   * @default - any protocol
   */
  readonly protocols?: readonly string[] | undefined;
  /**
   * Endpoints as patterns (`*` and `?`), for example `arn:aws:sqs:*:999999999999:*`.
   *
   * @default - any endpoint
   */
  readonly endpoints?: readonly string[] | undefined;
}

export interface VectraRoleProps extends VectraConnection {
  /** Name of the role. */
  readonly roleName: string;
  /** Account of the role, 12 digits: the account of its stack. */
  readonly accountId: string;
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
  /**
   * Longest session in seconds, 3600 to 43200.
   *
   * @default 3600
   */
  readonly maxSessionDuration?: number | undefined;
  /**
   * Tags of this role alone, with which an organization's data perimeter lets Vectra's account assume it, such as
   * `{ "dp:exclude:identity": "true" }`. IAM compares tag keys without regard to case.
   *
   * @default - the role has the provider's default tags only
   */
  readonly perimeterTags?: Readonly<Record<string, string>> | undefined;
  /**
   * Statements that replace the default ones, for example those that the Vectra console shows. Those that reach beyond
   * bucket, key and context, and those that allow more than reading, are annotated with a warning.
   *
   * @default - read and list logs, decrypt with the given key, IAM context
   */
  readonly policyStatements?: readonly PolicyStatement[] | undefined;
}
