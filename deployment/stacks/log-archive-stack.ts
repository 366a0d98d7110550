import type { Construct } from "constructs";
import {
  LogBucket,
  LogKey,
  NotificationTopic,
  trailArn,
  VectraRole,
} from "../../constructs/cloudtrail/index.js";
import { roleArn } from "../../constructs/iam/arn.js";
import { AccountStack, type AccountStackProps } from "./account-stack.js";

/**
 * Log archive account: where CloudTrail's log files arrive and Vectra fetches them. Its outputs are what the
 * Vectra UI asks for.
 */
export class LogArchiveStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, props: AccountStackProps) {
    super(scope, id, props, { account: "logArchive", region: props.deployment.region });
    const { deployment } = props;
    const { partition, region, retain, vectra, cloudTrail } = deployment;
    const bucketSettings = cloudTrail.logBucket.create;
    const role = cloudTrail.role.create;
    const trailAccountId = deployment.accounts.management.id;
    const trailArns = [
      trailArn({ partition, region, accountId: trailAccountId, trailName: this.names.trail }),
    ];
    this.purpose = `bucket ${this.names.logBucket}, its key and topic, role ${this.names.vectraRole} for Vectra`;

    const key = new LogKey(this, "log-key", {
      aliasName: this.names.logKeyAlias,
      accountId: this.accountId,
      trailArns,
      trailAccountId,
      readerRoleArns: [
        roleArn({ partition, accountId: this.accountId, path: role.path, roleName: this.names.vectraRole }),
      ],
      topicPublisher: "cloudtrail.amazonaws.com",
      // The management stack looks the key up by its alias.
      describeAccountIds: [trailAccountId],
      partition,
      retain,
    });
    const bucket = new LogBucket(this, "log-bucket", {
      bucketName: this.names.logBucket,
      trailArns,
      trailAccountIds: [trailAccountId],
      organizationId: cloudTrail.organizationId,
      keyPrefix: bucketSettings.keyPrefix,
      kmsKeyArn: key.keyArn,
      transitionToGlacierAfterDays: bucketSettings.transitionToGlacierAfterDays,
      expireAfterDays: bucketSettings.expireAfterDays,
      noncurrentExpireAfterDays: bucketSettings.noncurrentExpireAfterDays,
      partition,
      retain,
    });
    const topic = new NotificationTopic(this, "topic", {
      topicName: this.names.topic,
      publisherTrailArns: trailArns,
      subscriberAccountId: vectra.accountId,
      kmsKeyArn: key.keyArn,
      partition,
    });
    const vectraRole = new VectraRole(this, "vectra-role", {
      roleName: this.names.vectraRole,
      vectraAccountId: vectra.accountId,
      externalId: vectra.externalId,
      bucketArn: bucket.bucketArn,
      keyPrefix: bucketSettings.keyPrefix,
      kmsKeyArn: key.keyArn,
      path: role.path,
      permissionsBoundary: role.permissionsBoundary,
      iamContext: role.iamContext,
      partition,
    });

    this.createOutput(
      "vectra_role_arn",
      vectraRole.roleArn,
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
  }
}
