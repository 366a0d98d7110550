import type { NotificationPublisher } from "../../../constructs/cloudtrail/index.js";
import { accountOfArn } from "../../../facts/arn.js";
import {
  type LogArchive,
  logKeyEncryptsLogs,
  type Parts,
  placeOf,
  readersOf,
  subscribersOf,
} from "./archive.js";

/** Lets trails write, somebody publish, and Vectra in. */
export function grantAccess(archive: LogArchive, parts: Parts): void {
  letTrailsWrite(archive, parts);
  letPublish(archive, parts);
  letVectraIn(archive, parts);
  letReadersIn(archive, parts);
  letSubscribersIn(archive, parts);
}

/** Lets somebody into a part by its policy; while we are leaving, into none that was there before us. */
function grant(archive: LogArchive, part: "logBucket" | "logKey" | "topic", give: () => unknown): void {
  const { stack, cloudTrail } = archive;
  if (cloudTrail.leaving === undefined || cloudTrail[part]?.existing === undefined) {
    stack.at(placeOf(archive, part), give);
  }
}

/** An existing trail writes already. */
function letTrailsWrite(archive: LogArchive, { bucket, key }: Parts): void {
  const { cloudTrail, trails, layout } = archive;
  if (trails.length === 0) {
    return;
  }
  const writers = {
    trailArns: trails.map(({ arn }) => arn),
    trailAccountIds: trails.map(({ ownerAccountId }) => ownerAccountId),
    organizationId: layout === "organization" ? cloudTrail.organizationId : undefined,
  };
  grant(archive, "logBucket", () => bucket.grantWrite(writers));
  grant(archive, "logKey", () => {
    key?.grantEncrypt(writers);
    // The trails' own stacks look the key up by its alias.
    if (layout !== "account" && cloudTrail.logKey?.create !== undefined) {
      key?.grantDescribe(trails.map(({ account }) => account.id));
    }
  });
}

function letPublish(archive: LogArchive, { topic, topicKey }: Parts): void {
  const publisher = publisherOf(archive);
  if (publisher !== undefined) {
    grant(archive, "topic", () => topic.grantPublish(publisher));
    // Composed, because a key that referred to the topic and a topic that refers to the key would be a cycle.
    grant(archive, "logKey", () => topicKey?.grantPublish(publisher, archive.topicArn));
  }
}

/** Who is new to the topic: nobody where an existing trail announces on its own topic already. */
function publisherOf(archive: LogArchive): NotificationPublisher | undefined {
  const { stack, cloudTrail, trails } = archive;
  if (cloudTrail.notification.s3 !== undefined) {
    return { bucketArn: archive.logBucketArn, bucketAccountId: stack.accountId };
  }
  return trails.length === 0 ? undefined : { trailArns: trails.map(({ arn }) => arn) };
}

function letVectraIn(archive: LogArchive, { key, topic }: Parts): void {
  const { stack, cloudTrail, vectra } = archive;
  if (cloudTrail.topic.existing !== undefined) {
    grant(archive, "topic", () => topic.grantSubscribe({ accountId: vectra.accountId }));
  }
  if (logKeyEncryptsLogs(archive)) {
    grant(archive, "logKey", () =>
      key?.grantDecrypt({ accountId: stack.accountId, roleArns: [archive.vectraRoleArn] }),
    );
  }
}

function letReadersIn(archive: LogArchive, { bucket, key }: Parts): void {
  const readers = readersOf(archive);
  for (const accountId of new Set(readers.map((roleArn) => accountOfArn(roleArn) ?? ""))) {
    const roleArns = readers.filter((roleArn) => accountOfArn(roleArn) === accountId);
    grant(archive, "logBucket", () => bucket.grantRead({ accountId, roleArns }));
    if (logKeyEncryptsLogs(archive)) {
      grant(archive, "logKey", () => key?.grantDecrypt({ accountId, roleArns }));
    }
  }
}

function letSubscribersIn(archive: LogArchive, { topic }: Parts): void {
  for (const { roleArn, protocols, endpoints } of subscribersOf(archive)) {
    grant(archive, "topic", () =>
      topic.grantSubscribe({
        accountId: accountOfArn(roleArn) ?? "",
        roleArns: [roleArn],
        protocols,
        endpoints,
      }),
    );
  }
}
