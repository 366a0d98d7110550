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
import { accountOfArn } from "../../../facts/arn.js";
import {
  type Existing,
  type LogArchive,
  logKeyEncryptsLogs,
  type Parts,
  placeOf,
  readersOf,
  subscribersOf,
} from "./archive.js";

/** Creates bucket, key and topic, or takes the existing ones. */
export function createParts(archive: LogArchive): Parts {
  const key = logKey(archive);
  return {
    key,
    logsKey: logKeyEncryptsLogs(archive) ? key : undefined,
    bucket: logBucket(archive, key),
    topic: notificationTopic(archive, key),
  };
}

/** Creates Vectra's role, or takes the existing one. Either is granted what Vectra needs. */
export function createVectraRole(archive: LogArchive, { bucket, logsKey, topic }: Parts): IVectraRole {
  const { stack, deployment, cloudTrail, vectra, names } = archive;
  const { create, existing } = cloudTrail.role;
  const connection = {
    vectraAccountId: vectra.accountId,
    vectraPrincipalArn: create?.vectraPrincipalArn,
    externalId: vectra.externalId,
    bucket,
    key: logsKey,
    topic,
    subscription: cloudTrail.topic.create?.subscription,
    iamContext: create?.iamContext,
    readDigests: create?.readDigests,
    readInsights: create?.readInsights,
    listLogsOnly: create?.listLogsOnly,
    partition: deployment.partition,
  };
  return stack.at(placeOf(archive, "role"), () =>
    existing === undefined
      ? new VectraRole(stack, "vectra-role", {
          ...connection,
          roleName: names.vectraRole,
          accountId: stack.accountId,
          path: create?.path,
          permissionsBoundary: create?.permissionsBoundary,
          maxSessionDuration: create?.maxSessionSeconds,
          perimeterTags: create?.perimeterTags,
          policyStatements: create?.policyStatements,
        })
      : VectraRole.fromVectraRoleArn(stack, "vectra-role", existing.arn, connection),
  );
}

/** Grants the roles that read and subscribe beside Vectra. */
export function grantOthers(archive: LogArchive, { bucket, logsKey, topic }: Parts): void {
  const { stack } = archive;
  const readers = Map.groupBy(readersOf(archive), accountOf);
  for (const [accountId, roleArns] of readers) {
    stack.at(placeOf(archive, "logBucket"), () => bucket.grantRead({ accountId, roleArns }));
    stack.at(placeOf(archive, "logKey"), () => logsKey?.grantDecrypt({ accountId, roleArns }));
  }
  for (const { roleArn, protocols, endpoints } of subscribersOf(archive)) {
    stack.at(placeOf(archive, "topic"), () =>
      topic.grantSubscribe({ accountId: accountOf(roleArn), roleArns: [roleArn], protocols, endpoints }),
    );
  }
}

function accountOf(roleArn: string): string {
  return accountOfArn(roleArn) ?? "";
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
          region: stack.region,
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
          key: needed(key, "cloudTrail.logKey"),
          transitionToGlacierAfterDays: create?.transitionToGlacierAfterDays,
          expireAfterDays: create?.expireAfterDays,
          noncurrentExpireAfterDays: create?.noncurrentExpireAfterDays,
          objectLock: create?.objectLock,
          accessLogs: create?.accessLogs,
          accountId: stack.accountId,
          region: stack.region,
          partition,
          retain,
        })
      : LogBucket.fromLogBucketAttributes(stack, "log-bucket", {
          bucketName: existing.name,
          accountId: stack.accountId,
          region: existing.region ?? stack.region,
          keyPrefix: existing.keyPrefix,
          policy: existingPolicy(archive, existing),
          partition,
        }),
  );
}

function notificationTopic(archive: LogArchive, key: ILogKey | undefined): INotificationTopic {
  const { stack, deployment, cloudTrail, names } = archive;
  const { partition } = deployment;
  const { existing } = cloudTrail.topic;
  return stack.at(placeOf(archive, "topic"), () =>
    existing === undefined
      ? new NotificationTopic(stack, "topic", {
          topicName: names.topic,
          key: needed(key, "cloudTrail.logKey"),
          accountId: stack.accountId,
          region: stack.region,
          partition,
        })
      : NotificationTopic.fromNotificationTopicAttributes(stack, "topic", {
          topicArn: existing.arn,
          key: topicKey(archive, existing, key),
          policy: existingPolicy(archive, existing),
          partition,
        }),
  );
}

/** The key of an existing topic, if there is one that publishers must be granted. */
function topicKey(
  { stack, deployment, cloudTrail }: LogArchive,
  { kmsKeyArn }: { readonly kmsKeyArn?: string | undefined },
  key: ILogKey | undefined,
): ILogKey | undefined {
  if (kmsKeyArn === undefined) {
    return undefined;
  }
  return kmsKeyArn === cloudTrail.logKey?.existing?.arn
    ? key
    : LogKey.fromLogKeyAttributes(stack, "topic-key", { keyArn: kmsKeyArn, partition: deployment.partition });
}

function existingPolicy(
  { cloudTrail }: LogArchive,
  { policy, currentStatements }: NonNullable<Existing["existing"]>,
): ExistingPolicy {
  const { leaving } = cloudTrail;
  return {
    behaviour: leaving === "release" ? "print" : policy,
    currentStatements,
    withdrawn: leaving !== undefined,
  };
}

function needed(key: ILogKey | undefined, field: string): ILogKey {
  if (key === undefined) {
    throw new Error(`${field} is missing. Add logKey: { create: {} }.`);
  }
  return key;
}
