import { z } from "zod";
import { CLOUDTRAIL_OPTIONS } from "../../facts/options/deployment.js";
import {
  EVENT_OPTIONS,
  INSIGHTS,
  TRAIL_LOG_GROUP_OPTIONS,
  TRAIL_OPTIONS,
} from "../../facts/options/trail.js";
import {
  EVENT_SENTENCES,
  TRAIL_LOG_GROUP_SENTENCES,
  TRAIL_SENTENCES,
} from "../../facts/sentences/cloudtrail.js";
import { CLOUDTRAIL_SENTENCES } from "../../facts/sentences/deployment.js";
import { bucketName, fieldGuides, objectKeyPrefix, trailArn } from "./fields.js";
import { fields } from "./options.js";
import { roleSettings } from "./role.js";
import { createdOrExisting, oneOf } from "./ways.js";

const watchedBuckets = z.array(
  z
    .strictObject({
      bucketName: bucketName.describe("Name of the bucket."),
      keyPrefix: objectKeyPrefix.optional().describe("Only objects whose keys begin with this prefix."),
    })
    .describe("A bucket, or the part of it below a prefix."),
);

const BUCKET_LIST_GUIDE = {
  allowed: "a list of at most 496 buckets",
  remedy: "Name fewer buckets, those whose content matters.",
};

const { s3DataEventAccess, ...OTHER_EVENTS } = fields(EVENT_OPTIONS, EVENT_SENTENCES);

const events = z
  .strictObject({
    ...OTHER_EVENTS,
    s3DataEvents: oneOf({
      only: watchedBuckets
        .min(1)
        // CloudTrail allows 500 conditions per trail; four of them are ours.
        .max(496)
        .register(fieldGuides, BUCKET_LIST_GUIDE)
        .optional()
        .describe("These buckets."),
      allBut: watchedBuckets
        .max(494)
        .register(fieldGuides, BUCKET_LIST_GUIDE)
        .optional()
        .describe("Every bucket except these; [] for every bucket. The log bucket is always excluded."),
    })
      .optional()
      .describe("Buckets whose object-level events are recorded, at a charge per event. Default: none."),
    s3DataEventAccess,
  })
  .prefault({})
  .describe("Which events the trail records.");

const TRAIL = fields(TRAIL_OPTIONS, TRAIL_SENTENCES);
const LOG_GROUP = fields(TRAIL_LOG_GROUP_OPTIONS, TRAIL_LOG_GROUP_SENTENCES);
const CLOUDTRAIL = fields(CLOUDTRAIL_OPTIONS, CLOUDTRAIL_SENTENCES);

export const trail = createdOrExisting(
  {
    scope: CLOUDTRAIL.scope,
    name: TRAIL.trailName,
    multiRegion: TRAIL.multiRegion,
    events,
    insights: z
      .array(z.enum(INSIGHTS).describe("Kind of unusual activity."))
      .default([])
      .describe("CloudTrail Insights, at a charge. Default: none."),
    cloudWatchLogs: z
      .strictObject({
        logGroupName: LOG_GROUP.logGroupName,
        retentionDays: LOG_GROUP.retentionDays,
        role: z
          .strictObject(roleSettings("<deployment>-cloudwatch-logs"))
          .prefault({})
          .describe("The role with which CloudTrail writes to the log group."),
      })
      .optional()
      .describe("Also send the events to CloudWatch Logs, at a charge. Default: no."),
  },
  {
    arn: trailArn.describe("ARN of the trail; of an organization trail, with the management account in it."),
  },
  "The trail: of an organization in the management account, of an account in that account. A second trail costs money; an existing one is enough.",
);
