import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  LogBucket,
  LogKey,
  NotificationTopic,
  S3Notification,
  VectraRole,
} from "../../../constructs/cloudtrail/index.js";

const accountId = "222222222222";
const region = "eu-west-1";
const vectra = { accountId: "999999999999", externalId: "shown-by-the-vectra-ui" };

/** Trail, bucket and the bucket's key exist; topic, its key and Vectra's role are created. */
export class CloudTrailForVectra extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region, allowedAccountIds: [accountId] });

    const bucket = LogBucket.fromLogBucketAttributes(this, "log-bucket", {
      bucketName: "acme-audit-logs",
      accountId,
      region,
    });
    // The owner of this key has to add what the role needs: see `statementsToAdd`.
    const key = LogKey.fromLogKeyAttributes(this, "log-key", {
      keyArn: "arn:aws:kms:eu-west-1:222222222222:key/11111111-2222-3333-4444-555555555555",
    });
    const topic = new NotificationTopic(this, "topic", {
      topicName: "vectra-cdr-logs",
      accountId,
      region,
      key: new LogKey(this, "topic-key", { aliasName: "vectra-cdr-topic", accountId, region }),
    });
    new VectraRole(this, "vectra-role", {
      roleName: "vectra-cdr",
      accountId,
      vectraAccountId: vectra.accountId,
      externalId: vectra.externalId,
      bucket,
      key,
      topic,
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
