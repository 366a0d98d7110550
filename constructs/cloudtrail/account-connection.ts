import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import { addressed } from "../address.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import type { EventSelectorProps } from "./event-selectors.js";
import { LogBucket } from "./log-bucket.js";
import { LogKey } from "./log-key.js";
import { NotificationTopic } from "./notification-topic.js";
import { Trail } from "./trail.js";
import { VectraRole } from "./vectra-role.js";

export interface AccountConnectionProps {
  /** Name of trail and role, and beginning of the other names. */
  readonly name: string;
  /** The account, 12 digits. */
  readonly accountId: string;
  /** The provider's region, where everything is created. */
  readonly region: string;
  /** Name of the log bucket, unique in the whole partition. */
  readonly bucketName: string;
  /** Vectra's AWS account, 12 digits, as the Vectra UI shows it. */
  readonly vectraAccountId: string;
  /** External ID that Vectra generated for this connection, unchanged. */
  readonly externalId: string;
  /**
   * What is recorded.
   *
   * @default - management events without those of KMS, no data events
   */
  readonly events?: EventSelectorProps | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Whether Terraform refuses to destroy bucket and key.
   *
   * @default true
   */
  readonly retain?: boolean | undefined;
}

/**
 * A connection of one account to Vectra, everything new: key, bucket, topic, role and trail, each with its
 * defaults, and as outputs what the Vectra UI asks for. For anything more, combine the constructs yourself.
 *
 * @throws PropError for a name, account or External ID that AWS would refuse.
 */
export class AccountConnection extends Construct {
  readonly key: LogKey;
  readonly bucket: LogBucket;
  readonly topic: NotificationTopic;
  readonly role: VectraRole;
  readonly trail: Trail;

  constructor(scope: Construct, id: string, props: AccountConnectionProps) {
    super(scope, id);
    enforceKnownStructure(this, props);
    enforceRequired(this, props, {
      name: true,
      region: true,
      bucketName: true,
      accountId: true,
      vectraAccountId: true,
      externalId: true,
    });
    const { name, accountId, region, vectraAccountId, partition = DEFAULT_PARTITION, retain } = props;
    const here = { accountId, region, partition };
    this.key = new LogKey(this, "log-key", { aliasName: `${name}-logs`, ...here, retain });
    const { key } = this;
    this.bucket = new LogBucket(this, "log-bucket", { bucketName: props.bucketName, key, ...here, retain });
    this.topic = new NotificationTopic(this, "topic", { topicName: `${name}-logs`, key, ...here });
    const { bucket, topic } = this;
    const { externalId } = props;
    this.role = new VectraRole(this, "vectra-role", {
      roleName: name,
      accountId,
      vectraAccountId,
      externalId,
      bucket,
      key,
      topic,
      partition,
    });
    this.trail = new Trail(this, "trail", {
      trailName: name,
      bucket,
      key,
      topic,
      events: props.events,
      ...here,
    });
    this.createOutput("role-arn", this.role.roleArn, "ARN of the role that Vectra assumes.");
    this.createOutput("bucket-name", this.bucket.bucketName, "name of the bucket with the log files.");
    this.createOutput("bucket-region", region, "region of that bucket.");
    this.createOutput("topic-arn", this.topic.topicArn, "ARN of the topic that announces new log files.");
  }

  protected createOutput(id: string, value: string, description: string): TerraformOutput {
    return addressed(
      new TerraformOutput(this, id, { value, description: `For the Vectra UI: ${description}` }),
    );
  }
}
