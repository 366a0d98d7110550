import { z } from "zod";
import { bucketName, fieldGuides, logGroupName, objectKeyPrefix, trailArn, trailName } from "./fields.js";
import { roleSettings } from "./role.js";
import { logRetentionDays } from "./security-lake.js";
import { createdOrExisting, oneOf } from "./ways.js";

const watchedBuckets = z.array(
  z
    .strictObject({
      bucketName: bucketName.describe("Name of the bucket."),
      keyPrefix: objectKeyPrefix.optional().describe("Only objects whose key begins so."),
    })
    .describe("A bucket, or the part of it below a prefix."),
);

const BUCKET_LIST_GUIDE = {
  allowed: "a list of at most 496 buckets",
  remedy: "Name fewer buckets, those whose content matters.",
};

const s3DataEventAccess = z
  .enum(["all", "write"])
  .default("all")
  .describe("Reads and writes (all), or changes alone (write), which are far fewer.");

const events = z
  .strictObject({
    managementEvents: z
      .enum(["all", "write", "read"])
      .default("all")
      .describe("Management events: all, or only those that write or read. Vectra needs all."),
    excludeKmsEvents: z
      .boolean()
      .default(true)
      .describe(
        "Leave AWS KMS events out: Vectra does not need them, and they are high-volume. Security Hub CloudTrail.1 and CIS 3.1 then fail.",
      ),
    excludeRdsDataApiEvents: z
      .boolean()
      .default(false)
      .describe("Leave the events of the RDS Data API out, which are high-volume where it is used."),
    s3DataEvents: oneOf({
      only: watchedBuckets
        .min(1)
        // CloudTrail allows 500 conditions a trail; four of them are ours.
        .max(496)
        .register(fieldGuides, BUCKET_LIST_GUIDE)
        .optional()
        .describe("These buckets."),
      allBut: watchedBuckets
        .max(494)
        .register(fieldGuides, BUCKET_LIST_GUIDE)
        .optional()
        .describe("Every bucket but these; [] for every bucket. The log bucket is always left out."),
    })
      .optional()
      .describe("Buckets whose object-level events are recorded, at a charge per event. Default: none."),
    s3DataEventAccess,
  })
  .prefault({})
  .describe("Which events the trail records.");

export const trail = createdOrExisting(
  {
    scope: z
      .enum(["organization", "account"])
      .optional()
      .describe(
        "The whole organization, from the management account; or single accounts. Default: organization if organizationId is given.",
      ),
    name: trailName.optional().describe("Name of the trail. Default: the deployment's name."),
    multiRegion: z.boolean().default(true).describe("Record every region, not only the home region."),
    events,
    insights: z
      .array(z.enum(["ApiCallRateInsight", "ApiErrorRateInsight"]).describe("Kind of unusual activity."))
      .default([])
      .describe("CloudTrail Insights, at a charge. Default: none."),
    cloudWatchLogs: z
      .strictObject({
        logGroupName: logGroupName
          .optional()
          .describe("Name of the log group. Default: /aws/cloudtrail/<trail>."),
        retentionDays: logRetentionDays.default(90).describe("Days that CloudWatch keeps the events."),
        role: z
          .strictObject(roleSettings("<deployment>-cloudwatch-logs"))
          .prefault({})
          .describe("The role with which CloudTrail writes to the log group."),
      })
      .optional()
      .describe("Send the events to CloudWatch Logs too, at a charge. Default: no."),
  },
  {
    arn: trailArn.describe("ARN of the trail; of an organization trail, with the management account in it."),
  },
  "The trail: of an organization in the management account, of an account in that account. A second trail costs money; an existing one is enough.",
);
