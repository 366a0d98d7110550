import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail/index.js";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { addressed } from "../address.js";
import { enforce, refuse } from "../rule.js";
import { BUCKET_NAME, KEY_ARN } from "../rules.js";
import { advancedEventSelectors, type EventSelectorProps } from "./event-selectors.js";
import { BUCKET_ARN, KEY_PREFIX, TOPIC_NAME_OR_ARN, TRAIL_NAME } from "./rules.js";

export interface TrailProps {
  /** Name of the trail. The policies of bucket, key and topic name the same: see `trailArn()`. */
  readonly trailName: string;
  /** Bucket that the trail writes to. */
  readonly bucketName: string;
  /**
   * Prefix of all log keys, without slashes at its ends.
   *
   * @default - logs begin at `AWSLogs/`
   */
  readonly keyPrefix?: string | undefined;
  /** Key that encrypts the logs: the key's own ARN, never its alias. */
  readonly kmsKeyArn: string;
  /**
   * Topic that announces new log files: its *name* when it lies in the trail's own account and region, its
   * *ARN* otherwise. The provider reads it back in that form, and the other one differs at every plan.
   *
   * @see https://github.com/hashicorp/terraform-provider-aws/issues/41262
   */
  readonly topic: string;
  /**
   * Whether the trail records every account of the organization. Only the management account (or a
   * delegated administrator) can have one.
   *
   * @default true
   */
  readonly organization?: boolean | undefined;
  /**
   * Whether the trail records every region.
   *
   * @default true
   */
  readonly multiRegion?: boolean | undefined;
  /**
   * What is recorded.
   *
   * @default - management events without those of KMS, no data events
   */
  readonly events?: EventSelectorProps | undefined;
  /**
   * What must be there before the trail: CloudTrail tries to write and to publish when the trail is made, so
   * the policies of a bucket and topic in the same stack belong here (`logBucket.policy`, `topic.policy`).
   *
   * @default - nothing in this stack
   */
  readonly dependsOn?: readonly ITerraformDependable[] | undefined;
}

/** Values in all advanced event selectors of one trail. */
const MOST_CONDITIONS = 500;

/**
 * The trail: encrypted, with log file validation, announced on a topic.
 *
 * @throws Error for a name, ARN or prefix that AWS would refuse, for data events of the log bucket itself,
 * and for more than 500 buckets.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 */
export class Trail extends Construct {
  readonly trailArn: string;

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    this.check(props);
    this.trailArn = this.createTrail(props).arn;
  }

  protected createTrail(props: TrailProps): Cloudtrail {
    return addressed(
      new Cloudtrail(this, "trail", {
        name: props.trailName,
        s3BucketName: props.bucketName,
        ...(props.keyPrefix === undefined ? {} : { s3KeyPrefix: props.keyPrefix }),
        kmsKeyId: props.kmsKeyArn,
        snsTopicName: props.topic,
        isOrganizationTrail: props.organization ?? true,
        isMultiRegionTrail: props.multiRegion ?? true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        advancedEventSelector: advancedEventSelectors(props.events),
        ...(props.dependsOn === undefined ? {} : { dependsOn: [...props.dependsOn] }),
      }),
    );
  }

  private check(props: TrailProps): void {
    enforce(this, "trailName", props.trailName, TRAIL_NAME);
    enforce(this, "bucketName", props.bucketName, BUCKET_NAME);
    enforce(this, "keyPrefix", props.keyPrefix, KEY_PREFIX);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforce(this, "topic", props.topic, TOPIC_NAME_OR_ARN);
    this.checkDataEvents(props);
  }

  private checkDataEvents(props: TrailProps): void {
    const scopes = props.events?.s3DataEvents ?? [];
    scopes.forEach(({ bucketArn }, index) => {
      const prop = `events.s3DataEvents[${index}].bucketArn`;
      enforce(this, prop, bucketArn, BUCKET_ARN);
      const known = !Token.isUnresolved(bucketArn) && !Token.isUnresolved(props.bucketName);
      if (known && bucketArn.endsWith(`:::${props.bucketName}`)) {
        refuse(
          this,
          prop,
          JSON.stringify(bucketArn),
          "is the log bucket, where each delivery would be one more event to deliver",
          "Leave the log bucket out.",
        );
      }
    });
    // Three conditions are fixed: two categories and the resource type. One more leaves KMS out.
    if (scopes.length > MOST_CONDITIONS - 4) {
      refuse(
        this,
        "events.s3DataEvents",
        `${scopes.length} scopes`,
        `must be at most ${MOST_CONDITIONS - 4}, because CloudTrail allows ${MOST_CONDITIONS} conditions a trail`,
        "Name fewer buckets.",
      );
    }
  }
}
