import {
  type ILogBucket,
  type ILogKey,
  type INotificationTopic,
  type IVectraRole,
  LogBucket,
  LogKey,
  NotificationTopic,
  VectraRole,
} from "../../../constructs/cloudtrail/index.js";
import type { ExistingPolicy } from "../../../constructs/iam/index.js";
import { type Existing, type LogArchive, logKeyEncryptsLogs, type Parts, placeOf } from "./archive.js";

/** Makes bucket, key and topic, or takes those that are there. */
export function createParts(archive: LogArchive): Parts {
  const key = logKey(archive);
  const bucket = logBucket(archive, key);
  const topic = notificationTopic(archive, key);
  return { bucket, key, topic, topicKey: topicKey(archive, key) };
}

/** Makes Vectra's role, or takes the one that is there. */
export function createVectraRole(archive: LogArchive, { bucket, key }: Parts): IVectraRole {
  const { stack, deployment, cloudTrail, vectra, names } = archive;
  const { create, existing } = cloudTrail.role;
  return stack.at(placeOf(archive, "role"), () =>
    existing === undefined
      ? new VectraRole(stack, "vectra-role", {
          roleName: names.vectraRole,
          vectraAccountId: vectra.accountId,
          vectraPrincipalArn: create?.vectraPrincipalArn,
          externalId: vectra.externalId,
          // A reference orders the two; statements of one's own are compared with the ARN as text.
          bucketArn: create?.policyStatements === undefined ? bucket.bucketArn : archive.logBucketArn,
          keyPrefix: bucket.keyPrefix,
          kmsKeyArn: logKeyEncryptsLogs(archive) ? key?.keyArn : undefined,
          path: create?.path,
          permissionsBoundary: create?.permissionsBoundary,
          maxSessionDuration: create?.maxSessionSeconds,
          iamContext: create?.iamContext,
          readDigests: create?.readDigests,
          readInsights: create?.readInsights,
          listLogsOnly: create?.listLogsOnly,
          perimeterTags: create?.perimeterTags,
          policyStatements: create?.policyStatements,
          partition: deployment.partition,
        })
      : VectraRole.fromVectraRoleArn(stack, "vectra-role", existing.arn),
  );
}

function logKey(archive: LogArchive): ILogKey | undefined {
  const { stack, deployment, cloudTrail, names } = archive;
  const { partition, retain } = deployment;
  const settings = cloudTrail.logKey;
  if (settings === undefined) {
    return undefined;
  }
  return stack.at(placeOf(archive, "logKey"), () =>
    settings.existing === undefined
      ? new LogKey(stack, "log-key", {
          aliasName: names.logKeyAlias,
          accountId: stack.accountId,
          partition,
          retain,
        })
      : LogKey.fromLogKeyAttributes(stack, "log-key", {
          keyArn: settings.existing.arn,
          policy: existingPolicy(archive, settings.existing),
          partition,
        }),
  );
}

function logBucket(archive: LogArchive, key: ILogKey | undefined): ILogBucket {
  const { stack, deployment, cloudTrail, names } = archive;
  const { partition, retain } = deployment;
  const { create, existing } = cloudTrail.logBucket;
  return stack.at(placeOf(archive, "logBucket"), () =>
    existing === undefined
      ? new LogBucket(stack, "log-bucket", {
          bucketName: names.logBucket,
          keyPrefix: create?.keyPrefix,
          kmsKeyArn: needed(key, "cloudTrail.logKey").keyArn,
          transitionToGlacierAfterDays: create?.transitionToGlacierAfterDays,
          expireAfterDays: create?.expireAfterDays,
          noncurrentExpireAfterDays: create?.noncurrentExpireAfterDays,
          objectLock: create?.objectLock,
          accessLogs: create?.accessLogs,
          region: stack.region,
          partition,
          retain,
        })
      : LogBucket.fromLogBucketAttributes(stack, "log-bucket", {
          bucketName: existing.name,
          region: existing.region ?? stack.region,
          keyPrefix: existing.keyPrefix,
          policy: existingPolicy(archive, existing),
          partition,
        }),
  );
}

function notificationTopic(archive: LogArchive, key: ILogKey | undefined): INotificationTopic {
  const { stack, deployment, cloudTrail, vectra, names } = archive;
  const { partition } = deployment;
  const { create, existing } = cloudTrail.topic;
  return stack.at(placeOf(archive, "topic"), () =>
    existing === undefined
      ? new NotificationTopic(stack, "topic", {
          topicName: names.topic,
          subscriberAccountId: vectra.accountId,
          subscriberProtocols: create?.subscription.protocols,
          subscriberEndpoints: create?.subscription.endpoints,
          kmsKeyArn: needed(key, "cloudTrail.logKey").keyArn,
          partition,
        })
      : NotificationTopic.fromNotificationTopicAttributes(stack, "topic", {
          topicArn: existing.arn,
          policy: existingPolicy(archive, existing),
          partition,
        }),
  );
}

function topicKey(
  { stack, deployment, cloudTrail }: LogArchive,
  key: ILogKey | undefined,
): ILogKey | undefined {
  const { existing } = cloudTrail.topic;
  if (existing === undefined) {
    return key;
  }
  if (existing.kmsKeyArn === undefined) {
    return undefined;
  }
  return existing.kmsKeyArn === cloudTrail.logKey?.existing?.arn
    ? key
    : LogKey.fromLogKeyAttributes(stack, "topic-key", {
        keyArn: existing.kmsKeyArn,
        partition: deployment.partition,
      });
}

function existingPolicy(
  { cloudTrail }: LogArchive,
  { policy, currentStatements }: NonNullable<Existing["existing"]>,
): ExistingPolicy {
  return { behaviour: cloudTrail.leaving === "release" ? "print" : policy, currentStatements };
}

function needed(key: ILogKey | undefined, field: string): ILogKey {
  if (key === undefined) {
    throw new Error(`${field} is missing. Write logKey: { create: {} }.`);
  }
  return key;
}
