import { z } from "zod";
import { LOG_BUCKET_OPTIONS, OBJECT_LOCK_OPTIONS } from "../../facts/options/log-bucket.js";
import { LOG_BUCKET_SENTENCES, OBJECT_LOCK_SENTENCES } from "../../facts/sentences/cloudtrail.js";
import {
  bucketName,
  fieldGuides,
  functionArn,
  keyPrefix,
  notificationId,
  objectKeyAffix,
  objectKeyPrefix,
  queueArn,
  region,
  roleArn,
  topicArn,
} from "./fields.js";
import { fields } from "./options.js";
import { policyOfExisting } from "./policy.js";
import { createdOrExisting } from "./ways.js";

const { bucketName: newBucketName, ...OTHER_BUCKET_OPTIONS } = fields(
  LOG_BUCKET_OPTIONS,
  LOG_BUCKET_SENTENCES,
);

const readers = z
  .array(roleArn.describe("ARN of a role, in any account. It must exist; patterns are not allowed."))
  .min(1)
  .register(fieldGuides, {
    allowed: "a list of at least one role ARN",
    remedy: "Name the roles, or omit readers.",
  })
  .optional()
  .describe(
    "Further roles that read the logs, such as a SIEM's: the policies of bucket and key let them read everything below the log prefix, list the bucket and decrypt. Default: none.",
  );

const notificationEntry = {
  id: notificationId.describe("Id of the entry."),
  events: z.array(z.string().describe("Event, such as s3:ObjectCreated:*.")).describe("Its events."),
  filterPrefix: objectKeyAffix.optional().describe("Prefix of its filter."),
  filterSuffix: objectKeyAffix.optional().describe("Suffix of its filter."),
};

const currentNotifications = z
  .strictObject({
    eventBridge: z.boolean().default(false).describe("Whether the bucket sends its events to EventBridge."),
    topics: z
      .array(
        z
          .strictObject({ topicArn: topicArn.describe("The topic."), ...notificationEntry })
          .describe("One entry, unchanged."),
      )
      .default([])
      .describe("Entries for SNS topics (TopicConfigurations), in their order."),
    queues: z
      .array(
        z
          .strictObject({ queueArn: queueArn.describe("The queue."), ...notificationEntry })
          .describe("One entry, unchanged."),
      )
      .default([])
      .describe("Entries for SQS queues (QueueConfigurations), in their order."),
    lambdaFunctions: z
      .array(
        z
          .strictObject({ lambdaFunctionArn: functionArn.describe("The function."), ...notificationEntry })
          .describe("One entry, unchanged."),
      )
      .default([])
      .describe("Entries for Lambda functions (LambdaFunctionConfigurations), in their order."),
  })
  .describe(
    "What the bucket notifies today, as `aws s3api get-bucket-notification-configuration` shows it; {} for nothing. A bucket has one such configuration: what is not listed here would be lost.",
  );

export const logBucket = createdOrExisting(
  {
    name: newBucketName,
    ...OTHER_BUCKET_OPTIONS,
    objectLock: z
      .strictObject(fields(OBJECT_LOCK_OPTIONS, OBJECT_LOCK_SENTENCES))
      .optional()
      .describe("Lock log files against deletion. Default: no lock."),
    accessLogs: z
      .strictObject({
        bucketName: bucketName.describe("Bucket that receives them, in the same account and region."),
        prefix: objectKeyPrefix.optional().describe("Prefix of their keys."),
      })
      .optional()
      .describe("Record every access to the log bucket. Default: no."),
    readers,
  },
  {
    name: bucketName.describe("Name of the bucket."),
    region: region.optional().describe("Its region. Default: the deployment's region."),
    keyPrefix: keyPrefix.optional().describe("Folder in front of AWSLogs/, if there is one."),
    ...policyOfExisting("bucket"),
    currentNotifications: currentNotifications.optional(),
    readers,
  },
  "The bucket that receives the log files, in the log archive account.",
);
