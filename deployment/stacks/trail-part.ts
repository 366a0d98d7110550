import { Trail, TrailLogGroup } from "../../constructs/cloudtrail/index.js";
import { bucketArn } from "../../facts/arn.js";
import type { CloudTrailPlan, PlannedTrail } from "../plan/plan.js";
import type { AccountStack } from "./account-stack.js";
import type { Parts } from "./log-archive/archive.js";

/** What a trail is made of: bucket, key and topic may be in another stack. */
export interface TrailPartProps {
  readonly plan: CloudTrailPlan;
  readonly trail: PlannedTrail;
  readonly parts: Parts;
}

/** A trail as the deployment describes it, with its log group if it has one. */
export function createTrail(stack: AccountStack, { plan, trail, parts }: TrailPartProps): Trail {
  const { deployment, cloudTrail, layout, names } = plan;
  const { partition, region, retain } = deployment;
  const { create } = cloudTrail.trail;
  const { s3DataEvents, ...events } = create?.events ?? {};
  const scopes = (buckets: readonly { bucketName: string; keyPrefix?: string | undefined }[] | undefined) =>
    buckets?.map(({ bucketName, keyPrefix }) => ({
      bucketArn: bucketArn({ partition, bucketName }),
      keyPrefix,
    }));
  const place = {
    accountId: trail.account.id,
    trailAccountId: trail.ownerAccountId,
    region,
    organizationId: layout === "organization" ? cloudTrail.organizationId : undefined,
    partition,
  };
  const logs = create?.cloudWatchLogs;
  return stack.at(
    ["cloudTrail", "trail"],
    () =>
      new Trail(stack, "trail", {
        ...place,
        trailName: names.trail,
        bucket: parts.bucket,
        key: parts.key,
        topic: cloudTrail.notification.trail === undefined ? undefined : parts.topic,
        multiRegion: create?.multiRegion,
        events: {
          ...events,
          s3DataEvents: scopes(s3DataEvents?.only),
          s3DataEventsExcept: scopes(s3DataEvents?.allBut),
        },
        insights: create?.insights,
        logGroup:
          logs === undefined
            ? undefined
            : new TrailLogGroup(stack, "trail-log-group", {
                ...place,
                logGroupName: names.trailLogGroup,
                roleName: names.trailLogGroupRole,
                retentionDays: logs.retentionDays,
                path: logs.role.path,
                permissionsBoundary: logs.role.permissionsBoundary,
                retain,
              }),
      }),
  );
}
