import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key/index.js";
import type { Construct } from "constructs";
import { bucketArn, keyAliasArn, Trail, topicArn } from "../../constructs/cloudtrail/index.js";
import { AccountStack, type AccountStackProps } from "./account-stack.js";

/**
 * Management account: the organization trail. Bucket, key and topic are in the log archive account, whose
 * stack must be applied first.
 */
export class ManagementStack extends AccountStack {
  readonly purpose: string;

  constructor(scope: Construct, id: string, props: AccountStackProps) {
    super(scope, id, props, { account: "management", region: props.deployment.region });
    const { partition, region, accounts, cloudTrail } = props.deployment;
    const { events } = cloudTrail.trail.create;
    const logArchive = { partition, region, accountId: accounts.logArchive.id };
    this.purpose = `trail ${this.names.trail} of organization ${cloudTrail.organizationId}`;

    // CloudTrail reports the key's ARN, so an alias in the trail would differ at every plan. The ARN holds an
    // id that AWS chose, and the alias is the name of ours that leads to it.
    const logKey = new DataAwsKmsKey(this, "log-key", {
      keyId: keyAliasArn({ ...logArchive, aliasName: this.names.logKeyAlias }),
    });
    const trail = new Trail(this, "trail", {
      trailName: this.names.trail,
      bucketName: this.names.logBucket,
      keyPrefix: cloudTrail.logBucket.create.keyPrefix,
      kmsKeyArn: logKey.arn,
      // The provider reads a topic of the trail's own account back as its name, any other as its ARN.
      topic:
        accounts.management.id === accounts.logArchive.id
          ? this.names.topic
          : topicArn({ ...logArchive, topicName: this.names.topic }),
      events: {
        excludeKmsEvents: events.excludeKmsEvents,
        s3DataEvents: events.s3DataEvents.map(({ bucketName, keyPrefix }) => ({
          bucketArn: bucketArn({ partition, bucketName }),
          keyPrefix,
        })),
      },
    });

    this.createOutput("trail_arn", trail.trailArn, "ARN of the organization trail.");
  }
}
