import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  bucketArn,
  LogBucket,
  LogKey,
  NotificationTopic,
  S3Notification,
  topicArn,
  VectraRole,
} from "../../../constructs/cloudtrail/index.js";
import { roleArn } from "../../../constructs/iam/index.js";

const partition = "aws";
const region = "eu-west-1";
const accountId = "222222222222";
const vectra = { accountId: "999999999999", externalId: "shown-by-the-vectra-ui" };

/** Trail and bucket are somebody else's; topic, key and role are ours. */
export class CloudTrailForVectra extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region, allowedAccountIds: [accountId] });

    const bucket = LogBucket.fromLogBucketAttributes(this, "log-bucket", {
      bucketName: "acme-audit-logs",
      region,
    });
    const key = new LogKey(this, "topic-key", { aliasName: "vectra-cdr-topic", accountId });
    const topic = new NotificationTopic(this, "topic", {
      topicName: "vectra-cdr-logs",
      subscriberAccountId: vectra.accountId,
      kmsKeyArn: key.keyArn,
    });
    const publisher = {
      bucketArn: bucketArn({ partition, bucketName: "acme-audit-logs" }),
      bucketAccountId: accountId,
    };
    key.grantPublish(publisher, topicArn({ partition, region, accountId, topicName: "vectra-cdr-logs" }));
    topic.grantPublish(publisher);
    // The bucket's own key, whose owner has to let the role in: see `statementsToAdd`.
    const logKey = LogKey.fromLogKeyAttributes(this, "log-key", {
      keyArn: "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555",
    });
    logKey.grantDecrypt({ accountId, roleArns: [roleArn({ partition, accountId, roleName: "vectra-cdr" })] });
    new VectraRole(this, "vectra-role", {
      roleName: "vectra-cdr",
      vectraAccountId: vectra.accountId,
      externalId: vectra.externalId,
      bucketArn: bucket.bucketArn,
      kmsKeyArn: logKey.keyArn,
    });
    new S3Notification(this, "notification", {
      bucket,
      topic,
      logAccountIds: ["222222222222", "333333333333"],
      currentNotifications: {
        queues: [
          {
            id: "siem",
            queueArn: "arn:aws:sqs:eu-west-1:222222222222:siem",
            events: ["s3:ObjectCreated:*"],
            filterPrefix: "vpc-flow-logs/",
          },
        ],
      },
    });
  }
}
