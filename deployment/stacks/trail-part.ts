import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key/index.js";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { bucketArn, Trail, TrailLogGroup } from "../../constructs/cloudtrail/index.js";
import { parseArn } from "../../facts/arn.js";
import type { CloudTrailPlan, PlannedTrail } from "../plan/plan.js";

/** What a stack that holds nothing but a trail is made of. */
export interface TrailStackProps {
  readonly plan: CloudTrailPlan;
  readonly trail: PlannedTrail;
}

interface TrailPartProps {
  readonly plan: CloudTrailPlan;
  /** Account whose stack makes the trail. */
  readonly accountId: string;
  /** Account in the trail's ARN, where it is another one. */
  readonly trailAccountId?: string | undefined;
  /** Whether it records every account of the organization. */
  readonly organization: boolean;
  /** ARN of the log key, or a reference to it; absent where an existing bucket has none. */
  readonly kmsKeyArn: string | undefined;
  /** What must be there first, as far as it is in the same stack. */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** A trail as the deployment describes it, with its log group if it has one. */
export function createTrail(scope: Construct, props: TrailPartProps): Trail {
  const { plan, organization } = props;
  const { deployment, cloudTrail, names } = plan;
  const { partition } = deployment;
  const { create } = cloudTrail.trail;
  const { s3DataEvents, ...events } = create?.events ?? {};
  const scopes = (buckets: readonly { bucketName: string; keyPrefix?: string | undefined }[] | undefined) =>
    buckets?.map(({ bucketName, keyPrefix }) => ({
      bucketArn: bucketArn({ partition, bucketName }),
      keyPrefix,
    }));
  return new Trail(scope, "trail", {
    trailName: names.trail,
    bucketName: names.logBucket,
    keyPrefix: (cloudTrail.logBucket.create ?? cloudTrail.logBucket.existing)?.keyPrefix,
    kmsKeyArn: props.kmsKeyArn,
    topic: topicOf(props),
    organization,
    multiRegion: create?.multiRegion,
    events: {
      ...events,
      s3DataEvents: scopes(s3DataEvents?.only),
      s3DataEventsExcept: scopes(s3DataEvents?.allBut),
    },
    insights: create?.insights,
    logGroup: createLogGroup(scope, props),
    partition,
    ...(props.dependsOn === undefined ? {} : { dependsOn: props.dependsOn }),
  });
}

/**
 * The log key in a stack that does not make it. CloudTrail reports the key's ARN, so an alias in the trail
 * would differ at every plan. The ARN holds an id that AWS chose, and the alias is the name of ours that leads
 * to it.
 */
export function lookUpLogKey(
  scope: Construct,
  { cloudTrail, logKeyAliasArn }: CloudTrailPlan,
): string | undefined {
  if (cloudTrail.logKey?.create === undefined) {
    return cloudTrail.logKey?.existing?.arn;
  }
  return new DataAwsKmsKey(scope, "log-key", { keyId: logKeyAliasArn }).arn;
}

/**
 * The trail's own topic. The provider reads one of the trail's account back as its name, any other as its ARN. A
 * trail that one account makes in another gets the ARN: a name would not say of which.
 */
function topicOf(props: TrailPartProps): string | undefined {
  const { plan, accountId, trailAccountId = accountId } = props;
  if (plan.cloudTrail.notification.trail === undefined) {
    return undefined;
  }
  const { region } = plan.deployment;
  const arn = plan.topicArn;
  const topic = parseArn(arn);
  const nearby = topic?.region === region && topic.accountId === accountId && trailAccountId === accountId;
  return nearby ? topic.resource : arn;
}

function createLogGroup(scope: Construct, props: TrailPartProps): TrailLogGroup | undefined {
  const { plan, accountId, trailAccountId, organization } = props;
  const { deployment, cloudTrail, names } = plan;
  const { partition, region, retain } = deployment;
  const settings = cloudTrail.trail.create?.cloudWatchLogs;
  if (settings === undefined) {
    return undefined;
  }
  return new TrailLogGroup(scope, "trail-log-group", {
    logGroupName: names.trailLogGroup,
    roleName: names.trailLogGroupRole,
    accountId,
    trailAccountId,
    region,
    organizationId: organization ? cloudTrail.organizationId : undefined,
    retentionDays: settings.retentionDays,
    path: settings.role.path,
    permissionsBoundary: settings.role.permissionsBoundary,
    partition,
    retain,
  });
}
