import type { ITerraformDependable } from "cdktf";
import type { IConstruct } from "constructs";
import type { EventSelectorProps } from "./event-selectors.js";
import type { ILogBucket } from "./log-bucket-base.js";
import type { ILogKey } from "./log-key-base.js";
import type { INotificationTopic } from "./notification-topic-base.js";

/** A trail, created by this program or existing. */
export interface ITrail extends IConstruct {
  readonly trailArn: string;
}

/** CloudWatch log group that a trail also writes to, with the role it writes with. A `TrailLogGroup` fits. */
export interface TrailLogDestination {
  /** `arn:aws:logs:eu-west-1:111111111111:log-group:name`, in the trail's own account and region. */
  readonly logGroupArn: string;
  readonly roleArn: string;
  /**
   * The role's policy, where it is in the same stack: CloudTrail tries to write when the trail is created.
   *
   * @default - nothing to wait for
   */
  readonly policy?: ITerraformDependable | undefined;
}

/** What CloudTrail Insights looks for. */
export type Insight = "ApiCallRateInsight" | "ApiErrorRateInsight";

export interface TrailProps {
  /** Name of the trail. */
  readonly trailName: string;
  /** Account that the trail is created in, 12 digits: the account of its stack. */
  readonly accountId: string;
  /**
   * Account in the trail's ARN, 12 digits: of an organization trail that CloudTrail's delegated administrator creates,
   * the management account.
   *
   * @default - accountId
   */
  readonly trailAccountId?: string | undefined;
  /** Home region of the trail, which is the provider's. */
  readonly region: string;
  /**
   * Organization whose accounts the trail records, `o-...`. The management account creates such a trail, or
   * CloudTrail's delegated administrator does in its own account.
   *
   * @default - the trail records its own account only
   */
  readonly organizationId?: string | undefined;
  /** Bucket that the trail writes to, of any account and stack. */
  readonly bucket: ILogBucket;
  /**
   * Key that encrypts the logs, of any account and stack.
   *
   * @default - what the bucket does by itself: S3's own encryption, or the bucket's default key
   */
  readonly key?: ILogKey | undefined;
  /**
   * Topic that announces new log files, of any account, region and stack.
   *
   * @default - the trail announces nothing; the bucket does (`S3Notification`)
   */
  readonly topic?: INotificationTopic | undefined;
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
   * What must be there before the trail besides the policies of bucket, key, topic and log group, for which it waits in
   * any case where they are in its stack: CloudTrail tries to write and to publish when the trail is created.
   *
   * @default - nothing else
   */
  readonly dependsOn?: readonly ITerraformDependable[] | undefined;
}
