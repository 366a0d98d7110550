import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail/index.js";
import { type ITerraformDependable, TerraformResource, TerraformStack, Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { bucketArn } from "../../facts/arn.js";
import { addressed } from "../address.js";
import { enforce, refuse } from "../expectation.js";
import { BUCKET_NAME, KEY_ARN, PARTITION } from "../expectations.js";
import { ROLE_ARN } from "../iam/expectations.js";
import { enforceFeature } from "../partition.js";
import {
  advancedEventSelectors,
  conditionCount,
  type EventSelectorProps,
  type S3DataEventScope,
} from "./event-selectors.js";
import {
  BUCKET_ARN,
  KEY_PREFIX,
  LOG_GROUP_ARN,
  TOPIC_NAME_OR_ARN,
  TRAIL_ARN,
  TRAIL_NAME,
} from "./expectations.js";

/** A trail, made here or by somebody else. */
export interface ITrail extends IConstruct {
  readonly trailArn: string;
}

/** CloudWatch log group that a trail also writes to, with the role it writes with. A `TrailLogGroup` fits. */
export interface TrailLogDestination {
  /** `arn:aws:logs:eu-west-1:111111111111:log-group:name`, in the trail's own account and region. */
  readonly logGroupArn: string;
  readonly roleArn: string;
  /**
   * The role's policy, where it is in the same stack: CloudTrail tries to write when the trail is made.
   *
   * @default - nothing to wait for
   */
  readonly policy?: ITerraformDependable | undefined;
}

/** What CloudTrail Insights looks for. */
export type Insight = "ApiCallRateInsight" | "ApiErrorRateInsight";

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
  /**
   * Key that encrypts the logs: the key's own ARN, never its alias.
   *
   * @default - what the bucket does by itself: S3's own encryption, or the bucket's default key
   */
  readonly kmsKeyArn?: string | undefined;
  /**
   * Topic that announces new log files: its *name* when it lies in the trail's own account and region, its
   * *ARN* otherwise. The provider reads it back in that form, and the other one differs at every plan.
   *
   * @default - the trail announces nothing; the bucket does (`S3Notification`)
   * @see https://github.com/hashicorp/terraform-provider-aws/issues/41262
   */
  readonly topic?: string | undefined;
  /**
   * Whether the trail records every account of the organization. The management account makes one, or CloudTrail's
   * delegated administrator does in its own account; its ARN, and so every `aws:SourceArn` in a policy, names the
   * management account in both cases (`trailArn()`).
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
   * Unusual rates of calls and errors that CloudTrail looks for, charged per event analyzed. The call rate
   * counts writing management events.
   *
   * @default - none
   */
  readonly insights?: readonly Insight[] | undefined;
  /**
   * Log group that the events also go to.
   *
   * @default - the bucket only
   */
  readonly logGroup?: TrailLogDestination | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
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

/** Trails of one account in one region, which is what a stack is. */
const MOST_TRAILS = 5;

/**
 * The trail, with log file validation.
 *
 * @throws Error for a name, ARN or prefix that AWS would refuse, for data events of the log bucket itself, for
 * more than 500 conditions, for a sixth trail in one stack, and for what the partition does not have.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 */
export class Trail extends Construct implements ITrail {
  /**
   * A trail that is already there, in any account.
   *
   * @throws Error for an ARN that is not a trail's.
   */
  static fromTrailArn(scope: Construct, id: string, trailArn: string): ITrail {
    return new ExistingTrail(scope, id, trailArn);
  }

  readonly trailArn: string;

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    this.check(props);
    this.trailArn = this.createTrail(props).arn;
  }

  protected createTrail(props: TrailProps): Cloudtrail {
    const dependsOn = [...(props.dependsOn ?? []), props.logGroup?.policy].filter(
      (dependency) => dependency !== undefined,
    );
    return addressed(
      new Cloudtrail(this, "trail", {
        name: props.trailName,
        s3BucketName: props.bucketName,
        ...(props.keyPrefix === undefined ? {} : { s3KeyPrefix: props.keyPrefix }),
        ...(props.kmsKeyArn === undefined ? {} : { kmsKeyId: props.kmsKeyArn }),
        ...(props.topic === undefined ? {} : { snsTopicName: props.topic }),
        isOrganizationTrail: props.organization ?? true,
        isMultiRegionTrail: props.multiRegion ?? true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        advancedEventSelector: advancedEventSelectors(props.events ?? {}, logBucketArn(props)),
        ...(props.insights === undefined || props.insights.length === 0
          ? {}
          : { insightSelector: props.insights.map((insightType) => ({ insightType })) }),
        ...(props.logGroup === undefined
          ? {}
          : {
              // CloudTrail wants the ARN of the log streams, which is the group's with `:*`.
              cloudWatchLogsGroupArn: `${props.logGroup.logGroupArn}:*`,
              cloudWatchLogsRoleArn: props.logGroup.roleArn,
            }),
        ...(dependsOn.length === 0 ? {} : { dependsOn }),
      }),
    );
  }

  private check(props: TrailProps): void {
    enforce(this, "trailName", props.trailName, TRAIL_NAME);
    enforce(this, "bucketName", props.bucketName, BUCKET_NAME);
    enforce(this, "keyPrefix", props.keyPrefix, KEY_PREFIX);
    enforce(this, "kmsKeyArn", props.kmsKeyArn, KEY_ARN);
    enforce(this, "topic", props.topic, TOPIC_NAME_OR_ARN);
    enforce(this, "logGroup.logGroupArn", props.logGroup?.logGroupArn, LOG_GROUP_ARN);
    enforce(this, "logGroup.roleArn", props.logGroup?.roleArn, ROLE_ARN);
    enforce(this, "partition", props.partition, PARTITION);
    if (props.organization ?? true) {
      enforceFeature(
        this,
        "organization",
        "true",
        props.partition ?? "aws",
        "organization trail",
        "Set it to false and give each account its own trail into one bucket.",
      );
    }
    this.checkDataEvents(props);
    this.checkInsights(props);
    this.checkTrailsOfStack(props);
  }

  private checkDataEvents(props: TrailProps): void {
    const { s3DataEvents = [], s3DataEventsExcept } = props.events ?? {};
    this.checkScopes("events.s3DataEvents", s3DataEvents, props.bucketName);
    this.checkScopes("events.s3DataEventsExcept", s3DataEventsExcept ?? [], undefined);
    if (s3DataEvents.length > 0 && s3DataEventsExcept !== undefined) {
      refuse(
        this,
        "events.s3DataEventsExcept",
        `a list of ${s3DataEventsExcept.length}`,
        "cannot stand together with events.s3DataEvents: one names the buckets, the other names those that are left out",
        "Keep one of them.",
      );
    }
    const conditions = conditionCount(advancedEventSelectors(props.events ?? {}, logBucketArn(props)));
    if (conditions > MOST_CONDITIONS) {
      const [prop, scopes] =
        s3DataEventsExcept === undefined
          ? ["events.s3DataEvents", s3DataEvents]
          : ["events.s3DataEventsExcept", s3DataEventsExcept];
      refuse(
        this,
        prop,
        `${scopes.length} scopes`,
        `must be at most ${scopes.length - conditions + MOST_CONDITIONS}, because CloudTrail allows ${MOST_CONDITIONS} conditions a trail`,
        "Name fewer buckets.",
      );
    }
  }

  private checkScopes(
    list: string,
    scopes: readonly S3DataEventScope[],
    logBucketName: string | undefined,
  ): void {
    scopes.forEach(({ bucketArn }, index) => {
      const prop = `${list}[${index}].bucketArn`;
      enforce(this, prop, bucketArn, BUCKET_ARN);
      const known = !Token.isUnresolved(bucketArn) && !Token.isUnresolved(logBucketName);
      if (known && logBucketName !== undefined && bucketArn.endsWith(`:::${logBucketName}`)) {
        refuse(
          this,
          prop,
          JSON.stringify(bucketArn),
          "is the log bucket, where each delivery would be one more event to deliver",
          "Leave the log bucket out.",
        );
      }
    });
  }

  private checkInsights({ insights, events }: TrailProps): void {
    if (insights?.includes("ApiCallRateInsight") && events?.managementEvents === "read") {
      refuse(
        this,
        "insights",
        JSON.stringify(insights),
        'cannot hold "ApiCallRateInsight" while events.managementEvents is "read", because it counts writing events',
        "Record writing management events too, or leave it out.",
      );
    }
  }

  private checkTrailsOfStack({ trailName }: TrailProps): void {
    const trails = TerraformStack.of(this)
      .node.findAll()
      .filter((child) => TerraformResource.isTerraformResource(child))
      .filter(({ terraformResourceType }) => terraformResourceType === Cloudtrail.tfResourceType);
    if (trails.length >= MOST_TRAILS) {
      refuse(
        this,
        "trailName",
        JSON.stringify(trailName),
        `is trail number ${trails.length + 1} in stack ${TerraformStack.of(this).node.id}, and CloudTrail allows ${MOST_TRAILS} in one account and region`,
        "Record more with one trail, or use an existing one.",
      );
    }
  }
}

/** A trail that somebody else made. */
class ExistingTrail extends Construct implements ITrail {
  readonly trailArn: string;

  constructor(scope: Construct, id: string, trailArn: string) {
    super(scope, id);
    enforce(this, "trailArn", trailArn, TRAIL_ARN);
    this.trailArn = trailArn;
  }
}

function logBucketArn({ partition, bucketName }: TrailProps): string {
  return bucketArn({ partition: partition ?? "aws", bucketName });
}
