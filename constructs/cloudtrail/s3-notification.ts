import {
  S3BucketNotification,
  type S3BucketNotificationTopic,
} from "@cdktf/provider-aws/lib/s3-bucket-notification/index.js";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { notificationEntries } from "../../facts/checks/notification-entries.js";
import { notificationsListed } from "../../facts/checks/notifications-listed.js";
import { s3TopicRegion } from "../../facts/checks/s3-topic-region.js";
import { given } from "../../facts/given.js";
import { enforceKnownAcross, inSameStack } from "../across-stacks.js";
import { addressBelow, addressed } from "../address.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceEach, enforceSome, refuse } from "../expectation.js";
import { ACCOUNT_ID } from "../expectations.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { dataLifecycle } from "../retain.js";
import { terraformText } from "../terraform-text.js";
import { NOTIFICATION_ID, ORGANIZATION_ID } from "./expectations.js";
import type { ILogBucket } from "./log-bucket-base.js";
import { logRoot } from "./log-root.js";
import type { INotificationTopic } from "./notification-topic-base.js";

/** What every entry of a bucket's notification configuration has, in S3's words. */
export interface NotificationEntry {
  readonly id: string;
  /** For example `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly filterPrefix?: string | undefined;
  readonly filterSuffix?: string | undefined;
}

/**
 * A bucket's notification configuration as it is today, entries in their order:
 * `aws s3api get-bucket-notification-configuration` shows it.
 */
export interface CurrentNotifications {
  /** Whether the bucket sends everything to EventBridge. */
  readonly eventBridge?: boolean | undefined;
  readonly topics?: readonly (NotificationEntry & { readonly topicArn: string })[] | undefined;
  readonly queues?: readonly (NotificationEntry & { readonly queueArn: string })[] | undefined;
  readonly lambdaFunctions?:
    | readonly (NotificationEntry & { readonly lambdaFunctionArn: string })[]
    | undefined;
}

export interface S3NotificationProps {
  /** Bucket that logs arrive in. */
  readonly bucket: ILogBucket;
  /**
   * Topic that announces them, in the bucket's region. The bucket is granted what it needs to publish: `grantPublish()`
   * of the topic, which lets it use the topic's key, too.
   */
  readonly topic: INotificationTopic;
  /** Accounts whose logs are announced, 12 digits each. */
  readonly logAccountIds: readonly string[];
  /**
   * Organization whose trail writes, `o-...`: its logs are one level deeper.
   *
   * @default - each account has its own trail
   */
  readonly organizationId?: string | undefined;
  /**
   * What an existing bucket notifies today. Required for an existing bucket, because a bucket has one
   * configuration, and a new one would silently replace it; an empty object says that there is none.
   *
   * @default - a created bucket has none
   */
  readonly currentNotifications?: CurrentNotifications | undefined;
  /**
   * Beginning of the ids of our entries; the account follows.
   *
   * @default "vectra-cdr"
   */
  readonly notificationId?: string | undefined;
  /**
   * Writes the configuration back without our entries: the step before an existing bucket is left to its owner.
   *
   * @default false
   */
  readonly withdrawn?: boolean | undefined;
}

const EVENT = "s3:ObjectCreated:*";
const SUFFIX = ".json.gz";

/**
 * Lets the bucket announce new log files on a topic: one entry for each account.
 *
 * Digest files are kept out by the prefix `.../<account>/CloudTrail/`: they are below `CloudTrail-Digest/`,
 * which that slash does not match. There is no other way. Both kinds end in `.json.gz`, S3 knows no wildcards
 * in filters, and the account comes before `CloudTrail/`; so the accounts must be named.
 *
 * An existing bucket's configuration is imported, and its entries are kept as they are, before the new ones.
 * Terraform refuses to destroy it, because that would take the owner's entries too.
 *
 * @throws PropError for an existing bucket without its current notifications, for an entry of the owner that
 * overlaps with a new one, for more than 100 entries, and for a topic in another region.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
export class S3Notification extends Construct {
  /** Terraform address of the notifications with this id in their stack. */
  static address(id: string): string {
    return addressBelow(id, S3BucketNotification, "notification");
  }

  constructor(scope: Construct, id: string, props: S3NotificationProps) {
    super(scope, id);
    enforceKnownStructure(this, props);
    enforceRequired(this, props, { topic: true, bucket: true, logAccountIds: true });
    this.check(props);
    const entries = this.entries(props);
    this.checkCurrent(props, entries);
    this.grant(props);
    this.createNotification(props, entries);
  }

  protected createNotification(
    { bucket, topic, currentNotifications: current = {}, withdrawn = false }: S3NotificationProps,
    entries: readonly S3BucketNotificationTopic[],
  ): S3BucketNotification {
    const ours = new Set(entries.map(({ id }) => id));
    const notification = addressed(
      new S3BucketNotification(this, "notification", {
        bucket: inSameStack(this, bucket) ? bucket.bucketName : bucket.composed.bucketName,
        topic: [
          ...(current.topics ?? [])
            .filter(({ id }) => !ours.has(id))
            .map((entry): S3BucketNotificationTopic => ({ ...filtered(entry), topicArn: entry.topicArn })),
          ...(withdrawn ? [] : entries),
        ],
        ...given({
          eventbridge: current.eventBridge,
          queue: current.queues?.map((entry) => ({ ...filtered(entry), queueArn: entry.queueArn })),
          lambdaFunction: current.lambdaFunctions?.map((entry) => ({
            ...filtered(entry),
            lambdaFunctionArn: entry.lambdaFunctionArn,
          })),
          // S3 sends a test message before it takes the configuration.
          dependsOn: topic.policy === undefined || !inSameStack(this, topic) ? undefined : [topic.policy],
        }),
        ...dataLifecycle(!bucket.created),
      }),
    );
    if (!bucket.created) {
      notification.importFrom(bucket.bucketName);
    }
    return notification;
  }

  private entries(props: S3NotificationProps): S3BucketNotificationTopic[] {
    const { bucket, topic, organizationId, notificationId = "vectra-cdr" } = props;
    const root = logRoot(bucket.keyPrefix);
    const logs = organizationId === undefined ? root : `${root}/${organizationId}`;
    const topicArn = inSameStack(this, topic) ? topic.topicArn : topic.composed.topicArn;
    return props.logAccountIds.map((accountId) => ({
      id: `${notificationId}-${accountId}`,
      topicArn,
      events: [EVENT],
      filterPrefix: `${logs}/${accountId}/CloudTrail/`,
      filterSuffix: SUFFIX,
    }));
  }

  private grant({ bucket, topic }: S3NotificationProps): void {
    const { composed, accountId } = bucket;
    for (const user of [this, topic, topic.key].filter((user) => user !== undefined)) {
      enforceKnownAcross(bucket, user, {
        bucketName: composed.bucketArn,
        accountId,
        keyPrefix: bucket.keyPrefix,
      });
    }
    enforceKnownAcross(topic, this, { topicName: topic.composed.topicArn });
    topic.grantPublish({ bucketArn: composed.bucketArn, bucketAccountId: accountId });
  }

  private check(props: S3NotificationProps): void {
    const { bucket, topic, currentNotifications } = props;
    enforceEach(this, "logAccountIds", props.logAccountIds, ACCOUNT_ID);
    enforceSome(this, "logAccountIds", props.logAccountIds, "Name the accounts whose logs are announced.");
    enforce(this, "organizationId", props.organizationId, ORGANIZATION_ID);
    enforce(this, "notificationId", props.notificationId, NOTIFICATION_ID);
    enforceCheck(
      this,
      s3TopicRegion,
      { topicArn: topic.composed.topicArn, bucketRegion: bucket.region },
      { topicArn: "topic", bucketRegion: "bucket" },
    );
    enforceCheck(this, notificationsListed, { bucketExists: !bucket.created, currentNotifications });
  }

  private checkCurrent(
    { currentNotifications: current = {}, logAccountIds }: S3NotificationProps,
    ours: readonly S3BucketNotificationTopic[],
  ): void {
    const ourIds = new Set(ours.map(({ id }) => id));
    const theirs = (["topics", "queues", "lambdaFunctions"] as const).flatMap((kind) =>
      (current[kind] ?? []).map((entry, index) => ({
        kind,
        entry,
        prop: `currentNotifications.${kind}[${index}]`,
      })),
    );
    for (const { kind, entry, prop } of theirs) {
      if (ourIds.has(entry.id)) {
        if (kind !== "topics") {
          refuse(
            this,
            `${prop}.id`,
            JSON.stringify(entry.id),
            "is an id that this deployment uses",
            "Choose another notificationId.",
          );
        }
        continue;
      }
      const overlapping = ours.find((our) => overlap(our, entry));
      if (overlapping !== undefined) {
        refuse(
          this,
          prop,
          JSON.stringify(entry),
          `overlaps with an entry to be added (prefix ${JSON.stringify(overlapping.filterPrefix)}, suffix ${JSON.stringify(SUFFIX)}, ${EVENT}), and S3 announces each object only once`,
          "Narrow that entry, or let Vectra subscribe to its topic, or use the trail's own SNS setting.",
        );
      }
    }
    enforceCheck(
      this,
      notificationEntries,
      {
        accountCount: ours.length,
        otherEntryCount: theirs.filter(({ entry }) => !ourIds.has(entry.id)).length,
      },
      { accountCount: { prop: "logAccountIds", shown: logAccountIds } },
    );
  }
}

function filtered(entry: NotificationEntry): {
  id: string;
  events: string[];
  filterPrefix?: string;
  filterSuffix?: string;
} {
  return {
    id: terraformText(entry.id),
    events: entry.events.map(terraformText),
    ...given({
      filterPrefix: entry.filterPrefix === undefined ? undefined : terraformText(entry.filterPrefix),
      filterSuffix: entry.filterSuffix === undefined ? undefined : terraformText(entry.filterSuffix),
    }),
  };
}

/** S3 refuses two entries that one object could match with one event. */
function overlap(ours: S3BucketNotificationTopic, theirs: NotificationEntry): boolean {
  const [ourPrefix = "", ourSuffix = ""] = [ours.filterPrefix, ours.filterSuffix];
  const [prefix = "", suffix = ""] = [theirs.filterPrefix, theirs.filterSuffix];
  if ([ourPrefix, ourSuffix, prefix, suffix, ...theirs.events].some((text) => Token.isUnresolved(text))) {
    return false;
  }
  return (
    theirs.events.some((event) => event.startsWith("s3:ObjectCreated:")) &&
    (ourPrefix.startsWith(prefix) || prefix.startsWith(ourPrefix)) &&
    (ourSuffix.endsWith(suffix) || suffix.endsWith(ourSuffix))
  );
}
