import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  LogBucket,
  LogKey,
  NotificationTopic,
  Trail,
  trailArn,
  VectraRole,
} from "../../../constructs/cloudtrail/index.js";
import { roleArn } from "../../../constructs/iam/index.js";

const partition = "aws";
const region = "eu-west-1";
const accountId = "111111111111";
const vectra = { accountId: "999999999999", externalId: "shown-by-the-vectra-ui" };

/** One account, one trail, everything Vectra needs. */
export class CloudTrailForVectra extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region, allowedAccountIds: [accountId] });

    const trailArns = [trailArn({ partition, region, accountId, trailName: "vectra-cdr" })];
    const key = new LogKey(this, "log-key", {
      aliasName: "vectra-cdr-logs",
      accountId,
      trailArns,
      trailAccountId: accountId,
      readerRoleArns: [roleArn({ partition, accountId, roleName: "vectra-cdr" })],
      topicPublisher: "cloudtrail.amazonaws.com",
    });
    const bucket = new LogBucket(this, "log-bucket", {
      bucketName: "acme-vectra-cdr-logs",
      trailArns,
      trailAccountIds: [accountId],
      kmsKeyArn: key.keyArn,
    });
    const topic = new NotificationTopic(this, "topic", {
      topicName: "vectra-cdr-notifications",
      publisherTrailArns: trailArns,
      subscriberAccountId: vectra.accountId,
      kmsKeyArn: key.keyArn,
    });
    new VectraRole(this, "vectra-role", {
      roleName: "vectra-cdr",
      vectraAccountId: vectra.accountId,
      externalId: vectra.externalId,
      bucketArn: bucket.bucketArn,
      kmsKeyArn: key.keyArn,
    });
    new Trail(this, "trail", {
      trailName: "vectra-cdr",
      organization: false,
      bucketName: bucket.bucketName,
      kmsKeyArn: key.keyArn,
      topic: topic.topicName,
      dependsOn: [bucket.policy, topic.policy],
    });
  }
}
