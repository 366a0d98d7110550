import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail/index.js";
import { TerraformResource, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { trailArn } from "../../facts/arn.js";
import { insightsHaveEvents } from "../../facts/checks/insights-have-events.js";
import { logBucketNotWatched } from "../../facts/checks/log-bucket-not-watched.js";
import { partitionFeatures } from "../../facts/checks/partition-features.js";
import { given } from "../../facts/given.js";
import { TRAIL_OPTIONS } from "../../facts/options/trail.js";
import { DEFAULT_PARTITION } from "../../facts/partitions.js";
import {
  enforceKnownAcross,
  enforceNoReferenceAcross,
  enforceSameStack,
  inSameStack,
} from "../across-stacks.js";
import { addressed } from "../address.js";
import { enforceCheck } from "../check.js";
import { enforce, refuse } from "../expectation.js";
import { ACCOUNT_ID, PARTITION, REGION } from "../expectations.js";
import { ROLE_ARN } from "../iam/expectations.js";
import { enforceKnownStructure } from "../known-structure.js";
import { enforceRequired } from "../required-props.js";
import { advancedEventSelectors, conditionCount, type S3DataEventScope } from "./event-selectors.js";
import { BUCKET_ARN, LOG_GROUP_ARN, ORGANIZATION_ID, TRAIL_ARN, TRAIL_NAME } from "./expectations.js";
import type { ITrail, TrailProps } from "./trail-props.js";

/** Values in all advanced event selectors of one trail. */
const MAX_CONDITIONS = 500;

/** Trails of one account in one region, which is what a stack is. */
const MAX_TRAILS = 5;

/**
 * The trail, with log file validation. It grants itself what it needs of bucket, key and topic, and waits for their
 * policies where they are in its stack.
 *
 * Bucket, key and topic may be in other stacks, of other accounts: the trail then uses what is composed of their
 * names, and those stacks must be applied first.
 *
 * @throws PropError for a name, ARN or prefix that AWS would refuse, for data events of the log bucket itself, for
 * more than 500 conditions, for a sixth trail in one stack, and for what the partition does not have.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 */
export class Trail extends Construct implements ITrail {
  /**
   * An existing trail, of any account.
   *
   * @throws PropError for an ARN that is not a trail's.
   */
  static fromTrailArn(scope: Construct, id: string, trailArn: string): ITrail {
    return new ExistingTrail(scope, id, trailArn);
  }

  readonly trailArn: string;

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    enforceKnownStructure(this, props);
    enforceRequired(this, props, { region: true, accountId: true, trailName: true, bucket: true });
    this.check(props);
    this.grant(props);
    this.trailArn = this.createTrail(props).arn;
  }

  protected createTrail(props: TrailProps): Cloudtrail {
    const { bucket, key, topic, insights, logGroup } = props;
    const dependsOn = [
      ...[bucket, key, topic]
        .filter((used) => used !== undefined && inSameStack(this, used))
        .map((used) => used?.policy),
      ...(props.dependsOn ?? []),
      logGroup?.policy,
    ].filter((dependency) => dependency !== undefined);
    return addressed(
      new Cloudtrail(this, "trail", {
        name: props.trailName,
        // By its name, also in the bucket's own stack: `dependsOn` orders the two.
        s3BucketName: bucket.composed.bucketName,
        isOrganizationTrail: props.organizationId !== undefined,
        isMultiRegionTrail: props.multiRegion ?? TRAIL_OPTIONS.multiRegion.default,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        advancedEventSelector: advancedEventSelectors(props.events ?? {}, bucket.composed.bucketArn),
        ...given({
          s3KeyPrefix: bucket.keyPrefix,
          kmsKeyId: key?.keyArnFor(this, props.accountId),
          snsTopicName: topicNameOrArn(props),
          insightSelector: insights?.length ? insights.map((insightType) => ({ insightType })) : undefined,
          // CloudTrail wants the ARN of the log streams, which is the group's with `:*`.
          cloudWatchLogsGroupArn: logGroup === undefined ? undefined : `${logGroup.logGroupArn}:*`,
          cloudWatchLogsRoleArn: logGroup?.roleArn,
          dependsOn: dependsOn.length === 0 ? undefined : dependsOn,
        }),
      }),
    );
  }

  /** By the ARN composed of names, because the policies name the trail before it exists. */
  private grant(props: TrailProps): void {
    const {
      trailName,
      region,
      accountId,
      trailAccountId = accountId,
      organizationId,
      partition = DEFAULT_PARTITION,
    } = props;
    const { bucket, key, topic } = props;
    for (const used of [bucket, key, topic, topic?.key].filter((used) => used !== undefined)) {
      enforceKnownAcross(this, used, {
        trailName,
        region,
        accountId,
        trailAccountId,
        organizationId,
        partition,
      });
    }
    enforceKnownAcross(bucket, this, { bucketName: bucket.composed.bucketArn, keyPrefix: bucket.keyPrefix });
    if (topic !== undefined) {
      enforceKnownAcross(topic, this, { topicName: topic.composed.topicArn });
    }
    const trailArns = [trailArn({ partition, region, accountId: trailAccountId, trailName })];
    const writers = { trailArns, trailAccountIds: [trailAccountId], organizationId };
    bucket.grantWrite(writers);
    key?.grantEncrypt(writers);
    topic?.grantPublish({ trailArns });
  }

  private check(props: TrailProps): void {
    enforce(this, "trailName", props.trailName, TRAIL_NAME);
    enforce(this, "accountId", props.accountId, ACCOUNT_ID);
    enforce(this, "trailAccountId", props.trailAccountId, ACCOUNT_ID);
    enforce(this, "region", props.region, REGION);
    enforce(this, "organizationId", props.organizationId, ORGANIZATION_ID);
    enforce(this, "logGroup.logGroupArn", props.logGroup?.logGroupArn, LOG_GROUP_ARN);
    enforce(this, "logGroup.roleArn", props.logGroup?.roleArn, ROLE_ARN);
    enforce(this, "partition", props.partition, PARTITION);
    enforceCheck(
      this,
      partitionFeatures,
      {
        partition: props.partition,
        organizationTrail: props.organizationId !== undefined,
        stsV2Tokens: undefined,
        securityLake: undefined,
      },
      { organizationTrail: { prop: "organizationId", shown: props.organizationId } },
    );
    this.checkDataEvents(props);
    enforceCheck(
      this,
      insightsHaveEvents,
      { insights: props.insights ?? [], managementEvents: props.events?.managementEvents },
      { managementEvents: "events.managementEvents" },
    );
    this.checkStackOf(props);
    this.checkTrailsOfStack(props);
  }

  /** What the trail refers to or depends on as it is, and not by composed names. */
  private checkStackOf({ logGroup, dependsOn = [] }: TrailProps): void {
    const remedy =
      "Create the log group in the trail's stack: CloudTrail writes to log groups of its own account only.";
    for (const [prop, used] of [
      ["logGroup", logGroup],
      ["logGroup.policy", logGroup?.policy],
    ] as const) {
      if (Construct.isConstruct(used)) {
        enforceSameStack(this, prop, used, remedy);
      }
    }
    enforceNoReferenceAcross(this, "logGroup.logGroupArn", logGroup?.logGroupArn);
    enforceNoReferenceAcross(this, "logGroup.roleArn", logGroup?.roleArn);
    dependsOn.forEach((dependency, index) => {
      if (Construct.isConstruct(dependency)) {
        const order = "Omit it, and apply that stack first.";
        enforceSameStack(this, `dependsOn[${index}]`, dependency, order);
      }
    });
  }

  private checkDataEvents(props: TrailProps): void {
    const { s3DataEvents = [], s3DataEventsExcept } = props.events ?? {};
    this.checkScopes("events.s3DataEvents", s3DataEvents);
    this.checkScopes("events.s3DataEventsExcept", s3DataEventsExcept ?? []);
    enforceCheck(
      this,
      logBucketNotWatched,
      {
        watchedBuckets: s3DataEvents.map(({ bucketArn }) => bucketArn),
        logBucket: props.bucket.composed.bucketArn,
      },
      { watchedBuckets: (index) => `events.s3DataEvents[${index}].bucketArn` },
    );
    if (s3DataEvents.length > 0 && s3DataEventsExcept !== undefined) {
      refuse(
        this,
        "events.s3DataEventsExcept",
        `a list of ${s3DataEventsExcept.length}`,
        "cannot be combined with events.s3DataEvents: one names the buckets to record, the other names the exceptions",
        "Keep one of them.",
      );
    }
    const conditions = conditionCount(
      advancedEventSelectors(props.events ?? {}, props.bucket.composed.bucketArn),
    );
    if (conditions > MAX_CONDITIONS) {
      const [prop, scopes] =
        s3DataEventsExcept === undefined
          ? ["events.s3DataEvents", s3DataEvents]
          : ["events.s3DataEventsExcept", s3DataEventsExcept];
      refuse(
        this,
        prop,
        `${scopes.length} scopes`,
        `must be at most ${scopes.length - conditions + MAX_CONDITIONS}, because CloudTrail allows ${MAX_CONDITIONS} conditions per trail`,
        "Name fewer buckets.",
      );
    }
  }

  private checkScopes(list: string, scopes: readonly S3DataEventScope[]): void {
    scopes.forEach(({ bucketArn }, index) => {
      enforce(this, `${list}[${index}].bucketArn`, bucketArn, BUCKET_ARN);
    });
  }

  private checkTrailsOfStack({ trailName }: TrailProps): void {
    const trails = TerraformStack.of(this)
      .node.findAll()
      .filter((child) => TerraformResource.isTerraformResource(child))
      .filter(({ terraformResourceType }) => terraformResourceType === Cloudtrail.tfResourceType);
    if (trails.length >= MAX_TRAILS) {
      refuse(
        this,
        "trailName",
        JSON.stringify(trailName),
        `would be trail ${trails.length + 1} in stack ${TerraformStack.of(this).node.id}; CloudTrail allows ${MAX_TRAILS} per account and region`,
        "Record more with one trail, or use an existing one.",
      );
    }
  }
}

/** A trail that this program does not create. */
class ExistingTrail extends Construct implements ITrail {
  readonly trailArn: string;

  constructor(scope: Construct, id: string, trailArn: string) {
    super(scope, id);
    enforce(this, "trailArn", trailArn, TRAIL_ARN);
    this.trailArn = trailArn;
  }
}

/**
 * The topic's name when it is in the trail's own account and region, its ARN otherwise: the provider reads it back in
 * that form, and the other one differs at every plan. A trail that one account creates in another takes the ARN, because
 * a name would not say of which account.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/41262
 */
function topicNameOrArn({
  topic,
  accountId,
  trailAccountId = accountId,
  region,
}: TrailProps): string | undefined {
  if (topic === undefined) {
    return undefined;
  }
  const { composed } = topic;
  const nearby =
    composed.region === region && composed.accountId === accountId && trailAccountId === accountId;
  return nearby ? composed.topicName : composed.topicArn;
}
