import type { Construct } from "constructs";
import {
  bucketArn,
  type ILogBucket,
  type ILogKey,
  type INotificationTopic,
  type IVectraRole,
  LogBucket,
  LogKey,
  type NotificationPublisher,
  NotificationTopic,
  S3Notification,
  type Trail,
  VectraRole,
} from "../../constructs/cloudtrail/index.js";
import { logRoot } from "../../constructs/cloudtrail/log-root.js";
import { vectraAssumesRole, vectraRoleStatements } from "../../constructs/cloudtrail/vectra-role-policy.js";
import {
  accountRootArn,
  type ExistingPolicy,
  type PolicyStatement,
  policyDocument,
  roleArn,
  StsTokens,
} from "../../constructs/iam/index.js";
import { accountFor } from "../accounts.js";
import type { Path } from "../diagnostics.js";
import { type CloudTrailNames, cloudTrailNames } from "../names.js";
import { REGIONS } from "../regions.js";
import type { Deployment } from "../schema.js";
import { logAccountIds, type PlannedTrail, plannedTrails, trailLayout } from "../trails.js";
import { AccountStack } from "./account-stack.js";
import { forgottenAddresses } from "./forgotten.js";
import { type CloudTrailProps, createTrail, notificationTopicArn } from "./trail-part.js";

interface LogArchiveStackProps extends CloudTrailProps {
  readonly vectra: NonNullable<Deployment["vectra"]>;
}

/** A part of the deployment, as far as it can be somebody else's. */
interface Existing {
  readonly existing?:
    | {
        readonly policy: "print" | "own" | "refuse";
        readonly currentStatements?: readonly PolicyStatement[] | undefined;
      }
    | undefined;
}

/** Bucket, key and topic of the stack, made here or already there. */
interface Parts {
  readonly bucket: ILogBucket;
  /** Key of the log files; absent where an existing bucket has none. */
  readonly key: ILogKey | undefined;
  readonly topic: INotificationTopic;
  /** Key of the topic; absent where an existing topic has none that anybody must be let into. */
  readonly topicKey: ILogKey | undefined;
}

/**
 * Log archive account: where CloudTrail's log files arrive and Vectra fetches them. Its outputs are what the
 * Vectra UI asks for. The trail of a single account is here too, beside its bucket.
 */
export class LogArchiveStack extends AccountStack {
  readonly purpose: string;
  readonly #props: LogArchiveStackProps;
  readonly #names: CloudTrailNames;
  readonly #trails: readonly PlannedTrail[];

  constructor(scope: Construct, id: string, props: LogArchiveStackProps) {
    const { deployment, cloudTrail } = props;
    const account = accountFor(deployment, "logArchive");
    super(scope, id, { deployment, account, region: deployment.region });
    this.#props = props;
    this.#names = cloudTrailNames(deployment, cloudTrail);
    this.#trails = plannedTrails(deployment, cloudTrail);
    this.purpose = this.#describe();

    const key = this.#logKey();
    const bucket = this.#logBucket(key);
    const topic = this.#topic(key);
    const parts: Parts = { bucket, key, topic, topicKey: this.#topicKey(key) };
    this.#letTrailsWrite(parts);
    this.#letPublish(parts);
    this.#letVectraIn(parts);
    this.#letGo();
    const role = this.#role(parts);
    if (trailLayout(deployment) === "account") {
      this.#ownTrail(parts);
    }
    if (cloudTrail.notification.s3 !== undefined && !this.#released(cloudTrail.logBucket)) {
      this.#announceObjects(parts);
    }
    if (cloudTrail.stsV2Tokens) {
      new StsTokens(this, "sts-tokens", { partition: deployment.partition });
    }
    this.#createOutputs(parts, role);
    this.#askForStatements(parts);
    this.#askForRole(parts);
    this.#askForTokens();
  }

  #describe(): string {
    const { deployment, cloudTrail } = this.#props;
    const { logBucket, logKey, topic, role } = cloudTrail;
    const made = [
      ...(trailLayout(deployment) === "account" ? [`trail ${this.#names.trail}`] : []),
      ...(logBucket.create === undefined ? [] : [`bucket ${this.#names.logBucket}`]),
      ...(logKey?.create === undefined ? [] : [`key ${this.#names.logKeyAlias}`]),
      ...(topic.create === undefined ? [] : [`topic ${this.#names.topic}`]),
      ...(role.create === undefined ? [] : [`role ${this.#names.vectraRole} for Vectra`]),
    ];
    return made.length === 0 ? "nothing new: everything exists" : made.join(", ");
  }

  /** Where in the file a part is described. */
  #place(part: "logBucket" | "logKey" | "topic" | "role"): Path {
    const { create, existing } = this.#props.cloudTrail[part] ?? {};
    const way = existing === undefined ? "create" : "existing";
    return ["cloudTrail", part, ...(create === undefined && existing === undefined ? [] : [way])];
  }

  #logKey(): ILogKey | undefined {
    const { deployment, cloudTrail } = this.#props;
    const { partition, retain } = deployment;
    const { logKey } = cloudTrail;
    if (logKey === undefined) {
      return undefined;
    }
    return this.at(this.#place("logKey"), () =>
      logKey.existing === undefined
        ? new LogKey(this, "log-key", {
            aliasName: this.#names.logKeyAlias,
            accountId: this.accountId,
            partition,
            retain,
          })
        : LogKey.fromLogKeyAttributes(this, "log-key", {
            keyArn: logKey.existing.arn,
            policy: this.#existingPolicy(logKey.existing),
            partition,
          }),
    );
  }

  #existingPolicy({ policy, currentStatements }: NonNullable<Existing["existing"]>): ExistingPolicy {
    const released = this.#props.cloudTrail.leaving === "release";
    return { behaviour: released ? "print" : policy, currentStatements };
  }

  #logBucket(key: ILogKey | undefined): ILogBucket {
    const { deployment, cloudTrail } = this.#props;
    const { partition, retain } = deployment;
    const { create, existing } = cloudTrail.logBucket;
    return this.at(this.#place("logBucket"), () =>
      existing === undefined
        ? new LogBucket(this, "log-bucket", {
            bucketName: this.#names.logBucket,
            keyPrefix: create?.keyPrefix,
            kmsKeyArn: needed(key, "cloudTrail.logKey").keyArn,
            transitionToGlacierAfterDays: create?.transitionToGlacierAfterDays,
            expireAfterDays: create?.expireAfterDays,
            noncurrentExpireAfterDays: create?.noncurrentExpireAfterDays,
            objectLock: create?.objectLock,
            accessLogs: create?.accessLogs,
            region: this.region,
            partition,
            retain,
          })
        : LogBucket.fromLogBucketAttributes(this, "log-bucket", {
            bucketName: existing.name,
            region: existing.region ?? this.region,
            keyPrefix: existing.keyPrefix,
            policy: this.#existingPolicy(existing),
            partition,
          }),
    );
  }

  #topic(key: ILogKey | undefined): INotificationTopic {
    const { deployment, cloudTrail, vectra } = this.#props;
    const { partition } = deployment;
    const { create, existing } = cloudTrail.topic;
    return this.at(this.#place("topic"), () =>
      existing === undefined
        ? new NotificationTopic(this, "topic", {
            topicName: this.#names.topic,
            subscriberAccountId: vectra.accountId,
            subscriberProtocols: create?.subscription.protocols,
            subscriberEndpoints: create?.subscription.endpoints,
            kmsKeyArn: needed(key, "cloudTrail.logKey").keyArn,
            partition,
          })
        : NotificationTopic.fromNotificationTopicAttributes(this, "topic", {
            topicArn: existing.arn,
            policy: this.#existingPolicy(existing),
            partition,
          }),
    );
  }

  #topicKey(logKey: ILogKey | undefined): ILogKey | undefined {
    const { deployment, cloudTrail } = this.#props;
    const { existing } = cloudTrail.topic;
    if (existing === undefined) {
      return logKey;
    }
    if (existing.kmsKeyArn === undefined) {
      return undefined;
    }
    return existing.kmsKeyArn === cloudTrail.logKey?.existing?.arn
      ? logKey
      : LogKey.fromLogKeyAttributes(this, "topic-key", {
          keyArn: existing.kmsKeyArn,
          partition: deployment.partition,
        });
  }

  /** Lets somebody into a part by its policy; while we are leaving, into none that was there before us. */
  #grant(part: "logBucket" | "logKey" | "topic", grant: () => unknown): void {
    const { cloudTrail } = this.#props;
    if (cloudTrail.leaving === undefined || cloudTrail[part]?.existing === undefined) {
      this.at(this.#place(part), grant);
    }
  }

  /** An existing trail writes already. */
  #letTrailsWrite({ bucket, key }: Parts): void {
    const { deployment, cloudTrail } = this.#props;
    if (this.#trails.length === 0) {
      return;
    }
    const accountIds = this.#trails.map(({ account }) => account.id);
    const writers = {
      trailArns: this.#trails.map(({ arn }) => arn),
      trailAccountIds: accountIds,
      organizationId: trailLayout(deployment) === "organization" ? cloudTrail.organizationId : undefined,
    };
    this.#grant("logBucket", () => bucket.grantWrite(writers));
    this.#grant("logKey", () => {
      key?.grantEncrypt(writers);
      // The trails' own stacks look the key up by its alias.
      if (trailLayout(deployment) !== "account" && cloudTrail.logKey?.create !== undefined) {
        key?.grantDescribe(accountIds);
      }
    });
  }

  #letPublish({ topic, topicKey }: Parts): void {
    const publisher = this.#publisher();
    if (publisher !== undefined) {
      this.#grant("topic", () => topic.grantPublish(publisher));
      // Composed, because a key that referred to the topic and a topic that refers to the key would be a cycle.
      const topicArn = notificationTopicArn(this.#props);
      this.#grant("logKey", () => topicKey?.grantPublish(publisher, topicArn));
    }
  }

  /** Who is new to the topic: nobody where an existing trail announces on its own topic already. */
  #publisher(): NotificationPublisher | undefined {
    const { cloudTrail } = this.#props;
    if (cloudTrail.notification.s3 !== undefined) {
      return {
        bucketArn: this.#composedBucketArn(),
        bucketAccountId: this.accountId,
      };
    }
    return this.#trails.length === 0 ? undefined : { trailArns: this.#trails.map(({ arn }) => arn) };
  }

  #composedBucketArn(): string {
    const { partition } = this.#props.deployment;
    return bucketArn({ partition, bucketName: this.#names.logBucket });
  }

  #letVectraIn({ key, topic }: Parts): void {
    const { cloudTrail, vectra } = this.#props;
    if (cloudTrail.topic.existing !== undefined) {
      this.#grant("topic", () => topic.grantSubscribe({ accountId: vectra.accountId }));
    }
    if (this.#encryptsLogs()) {
      this.#grant("logKey", () =>
        key?.grantDecrypt({ accountId: this.accountId, roleArns: [this.#readerRoleArn()] }),
      );
    }
  }

  /** A new key encrypts no log files where trail and bucket exist: it is the topic's alone. */
  #encryptsLogs(): boolean {
    const { logKey } = this.#props.cloudTrail;
    return logKey?.existing !== undefined || (logKey?.create !== undefined && this.#trails.length > 0);
  }

  /** Composed, because the key's policy names the role before it exists. */
  #readerRoleArn(): string {
    const { deployment, cloudTrail } = this.#props;
    const { create, existing } = cloudTrail.role;
    return (
      existing?.arn ??
      roleArn({
        partition: deployment.partition,
        accountId: this.accountId,
        path: create?.path,
        roleName: this.#names.vectraRole,
      })
    );
  }

  #role({ bucket, key }: Parts): IVectraRole {
    const { deployment, cloudTrail, vectra } = this.#props;
    const { create, existing } = cloudTrail.role;
    return this.at(this.#place("role"), () =>
      existing === undefined
        ? new VectraRole(this, "vectra-role", {
            roleName: this.#names.vectraRole,
            vectraAccountId: vectra.accountId,
            vectraPrincipalArn: create?.vectraPrincipalArn,
            externalId: vectra.externalId,
            // A reference orders the two; statements of one's own are compared with the ARN as text.
            bucketArn: create?.policyStatements === undefined ? bucket.bucketArn : this.#composedBucketArn(),
            keyPrefix: bucket.keyPrefix,
            kmsKeyArn: this.#encryptsLogs() ? key?.keyArn : undefined,
            path: create?.path,
            permissionsBoundary: create?.permissionsBoundary,
            maxSessionDuration: create?.maxSessionSeconds,
            iamContext: create?.iamContext,
            policyStatements: create?.policyStatements,
            partition: deployment.partition,
          })
        : VectraRole.fromVectraRoleArn(this, "vectra-role", existing.arn),
    );
  }

  #ownTrail({ bucket, key, topic }: Parts): void {
    const policies = [bucket.policy, key?.policy, topic.policy].filter((policy) => policy !== undefined);
    const trail: Trail = this.at(["cloudTrail", "trail"], () =>
      createTrail(this, {
        ...this.#props,
        accountId: this.accountId,
        organization: false,
        kmsKeyArn: key?.keyArn,
        ...(policies.length === 0 ? {} : { dependsOn: policies }),
      }),
    );
    this.createOutput("trail_arn", trail.trailArn, "ARN of the account's trail.");
  }

  #announceObjects({ bucket, topic }: Parts): void {
    const { deployment, cloudTrail } = this.#props;
    const { existing } = cloudTrail.logBucket;
    const place = existing === undefined ? ["cloudTrail", "notification"] : this.#place("logBucket");
    this.at(place, () => {
      new S3Notification(this, "s3-notification", {
        bucket,
        topic,
        logAccountIds: logAccountIds(deployment, cloudTrail),
        organizationId: trailLayout(deployment) === "members" ? undefined : cloudTrail.organizationId,
        currentNotifications: existing?.currentNotifications,
        withdrawn: existing !== undefined && cloudTrail.leaving === "withdraw",
      });
    });
  }

  /** Whether a part that was adopted is left to its owner again. */
  #released({ existing }: Existing): boolean {
    return existing !== undefined && this.#props.cloudTrail.leaving === "release";
  }

  #letGo(): void {
    const { deployment, cloudTrail } = this.#props;
    const forgotten = forgottenAddresses(deployment, cloudTrail);
    if (forgotten.length > 0) {
      this.addOverride(
        "removed",
        forgotten.map((from) => ({ from, lifecycle: { destroy: false } })),
      );
    }
  }

  #createOutputs({ bucket, topic }: Parts, role: IVectraRole): void {
    const { existing } = this.#props.cloudTrail.logBucket;
    const region = existing?.region ?? this.region;
    this.createOutput(
      "vectra_role_arn",
      role.roleArn,
      "For the Vectra UI: ARN of the role that Vectra assumes.",
    );
    this.createOutput(
      "log_bucket_name",
      bucket.bucketName,
      "For the Vectra UI: name of the bucket with the log files.",
    );
    this.createOutput("log_bucket_region", region, "For the Vectra UI: region of that bucket.");
    this.createOutput(
      "notification_topic_arn",
      topic.topicArn,
      "For the Vectra UI: ARN of the SNS topic that announces new log files. Vectra subscribes to it.",
    );
    this.createOutput(
      "vectra_ui_values",
      [
        "Paste these three values into the Vectra UI:",
        `  Role ARN:  ${role.roleArn}`,
        `  S3 bucket: ${bucket.bucketName} (${region})`,
        `  SNS topic: ${topic.topicArn}`,
        "",
      ].join("\n"),
      "The three values above as text: terraform output -raw vectra_ui_values.",
    );
  }

  #askForStatements({ bucket, key, topic, topicKey }: Parts): void {
    const { cloudTrail } = this.#props;
    const { existing: theirTopic } = cloudTrail.topic;
    const asked: readonly (readonly [string, string, readonly PolicyStatement[]])[] = [
      ["log_bucket", `bucket ${this.#names.logBucket}`, bucket.statementsToAdd],
      ["log_key", `key ${cloudTrail.logKey?.existing?.arn}`, key?.statementsToAdd ?? []],
      ["topic", `topic ${theirTopic?.arn}`, topic.statementsToAdd],
      [
        "topic_key",
        `key ${theirTopic?.kmsKeyArn}`,
        topicKey === key ? [] : (topicKey?.statementsToAdd ?? []),
      ],
    ];
    for (const [name, what, statements] of asked) {
      if (statements.length > 0) {
        this.toDo.push({
          what: `The policy of ${what} is left alone: let its owner add these statements before you apply.`,
          text: asDocument(statements),
        });
        this.createOutput(
          `${name}_statements_to_add`,
          policyDocument(statements),
          `Statements that the owner of the ${name.replace("_", " ")} is to add to its policy.`,
        );
      }
    }
  }

  #askForRole({ bucket, key }: Parts): void {
    const { deployment, cloudTrail, vectra } = this.#props;
    const { existing } = cloudTrail.role;
    if (existing === undefined) {
      return;
    }
    const root = accountRootArn({ partition: deployment.partition, accountId: vectra.accountId });
    const trust = [vectraAssumesRole(root, vectra.externalId, undefined)];
    const rights = (kmsKeyArn: string | undefined) =>
      vectraRoleStatements({
        bucketArn: this.#composedBucketArn(),
        logRoot: logRoot(bucket.keyPrefix),
        kmsKeyArn: this.#encryptsLogs() ? kmsKeyArn : undefined,
        iamContext: true,
      });
    const keyArn = cloudTrail.logKey?.create === undefined ? key?.keyArn : "<ARN of the new log key>";
    this.toDo.push({
      what: `Role ${existing.arn} is left alone: its trust must hold the first of these statements, its policy the others.`,
      text: asDocument([...trust, ...rights(keyArn)]),
    });
    this.createOutput(
      "vectra_role_statements",
      policyDocument(rights(key?.keyArn)),
      "Statements that the policy of Vectra's role must hold.",
    );
  }

  #askForTokens(): void {
    const { deployment, cloudTrail } = this.#props;
    const region = cloudTrail.logBucket.existing?.region ?? deployment.region;
    const facts = REGIONS[region];
    if (facts?.optIn === true && !cloudTrail.stsV2Tokens) {
      this.toDo.push({
        what:
          `${region} is a region that accounts opt in to, launched after 2019: tokens of the global STS endpoint are not valid there ` +
          `unless account ${this.accountId} issues version 2 tokens. Set cloudTrail.stsV2Tokens: true, or run, once, ` +
          "in that account:",
        text: "aws iam set-security-token-service-preferences --global-endpoint-token-version v2Token",
      });
    }
  }
}

/** For people, so without the escapes that Terraform needs. */
function asDocument(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements }, undefined, 2);
}

function needed(key: ILogKey | undefined, field: string): ILogKey {
  if (key === undefined) {
    throw new Error(`${field} is missing. Write logKey: { create: {} }.`);
  }
  return key;
}
