import { z } from "zod";
import {
  accountId,
  bucketName,
  fieldGuides,
  functionArn,
  keyArn,
  keyPrefix,
  logGroupName,
  notificationId,
  objectKeyAffix,
  objectKeyPrefix,
  organizationId,
  policyArn,
  principalArn,
  queueArn,
  region,
  roleArn,
  roleName,
  rolePath,
  topicArn,
  topicName,
  trailArn,
  trailName,
} from "../fields.js";
import { currentStatements, identityStatements } from "./policy.js";
import { logRetentionDays } from "./security-lake.js";
import { createdOrExisting, oneOf } from "./ways.js";

/** Days of the log bucket's lifecycle unless the file says otherwise. */
export const LOG_BUCKET_DAYS = { transition: 90, expiry: 365 } as const;

const days = (minimum: number) => z.int().min(minimum).max(36500);

/** What may happen to the policy of a bucket, key or topic that somebody else made. */
const policyOfExisting = (whose: string) => ({
  policy: z
    .enum(["print", "own", "refuse"])
    .default("print")
    .describe(
      `What happens to the policy of the ${whose}: print what its owner is to add, own the whole document, or refuse to go on while a statement is missing.`,
    ),
  currentStatements: currentStatements
    .optional()
    .describe(
      `Statements of the policy of the ${whose} as they are today. own keeps them; print and refuse leave out what they grant already.`,
    ),
});

const roleSettings = (defaultName: string) => ({
  name: roleName.optional().describe(`Name of the role. Default: ${defaultName}.`),
  path: rolePath.optional().describe("IAM path of the role. Default: /."),
  permissionsBoundary: policyArn.optional().describe("Permissions boundary of the role."),
});

const watchedBuckets = z.array(
  z
    .strictObject({
      bucketName: bucketName.describe("Name of the bucket."),
      keyPrefix: objectKeyPrefix.optional().describe("Only objects whose key begins so."),
    })
    .describe("A bucket, or the part of it below a prefix."),
);

const bucketListGuide = {
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
        "Leave AWS KMS events out: Vectra does not need them, and they are many. Security Hub CloudTrail.1 and CIS 3.1 then complain.",
      ),
    excludeRdsDataApiEvents: z
      .boolean()
      .default(false)
      .describe("Leave the events of the RDS Data API out, which are many where it is used."),
    s3DataEvents: oneOf({
      only: watchedBuckets
        .min(1)
        // CloudTrail allows 500 conditions a trail; four of them are ours.
        .max(496)
        .register(fieldGuides, bucketListGuide)
        .optional()
        .describe("These buckets."),
      allBut: watchedBuckets
        .max(494)
        .register(fieldGuides, bucketListGuide)
        .optional()
        .describe("Every bucket but these; [] for every bucket. The log bucket is always left out."),
    })
      .optional()
      .describe("Buckets whose object-level events are recorded, at a charge per event. Default: none."),
    s3DataEventAccess,
  })
  .prefault({})
  .describe("Which events the trail records.");

const trail = createdOrExisting(
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
  "The trail: of an organization in the management account, of an account in that account. A second trail costs money; an existing one will do.",
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

const logBucket = createdOrExisting(
  {
    name: bucketName
      .optional()
      .describe("Name of the bucket. Default: <deployment>-logs-<account>-<region>."),
    keyPrefix: keyPrefix.optional().describe("Folder in front of AWSLogs/. Default: none."),
    transitionToGlacierAfterDays: days(1)
      .default(LOG_BUCKET_DAYS.transition)
      .describe("Days until a log file moves to Glacier."),
    expireAfterDays: days(2).default(LOG_BUCKET_DAYS.expiry).describe("Days until a log file is deleted."),
    noncurrentExpireAfterDays: days(1)
      .default(30)
      .describe("Days until a replaced or deleted version of an object is gone for good."),
    objectLock: z
      .strictObject({
        mode: z
          .enum(["GOVERNANCE", "COMPLIANCE"])
          .describe(
            "GOVERNANCE: nobody without the right to bypass it deletes a log file. COMPLIANCE: nobody at all.",
          ),
        days: days(1).describe("Days for which a log file is locked."),
      })
      .optional()
      .describe("Lock log files against deletion. Default: no lock."),
    accessLogs: z
      .strictObject({
        bucketName: bucketName.describe("Bucket that receives them, in the same account and region."),
        prefix: objectKeyPrefix.optional().describe("Prefix of their keys."),
      })
      .optional()
      .describe("Record every access to the log bucket. Default: no."),
  },
  {
    name: bucketName.describe("Name of the bucket."),
    region: region.optional().describe("Its region. Default: the deployment's region."),
    keyPrefix: keyPrefix.optional().describe("Folder in front of AWSLogs/, if there is one."),
    ...policyOfExisting("bucket"),
    currentNotifications: currentNotifications.optional(),
  },
  "The bucket that receives the log files, in the log archive account.",
);

const logKey = createdOrExisting(
  {},
  {
    arn: keyArn.describe("ARN of the key itself, not of its alias."),
    ...policyOfExisting("key"),
  },
  "The KMS key of log files and topic. Leave it out only where an existing bucket has no key of its own.",
);

const topic = createdOrExisting(
  {
    name: topicName.optional().describe("Name of the topic. Default: <deployment>-logs."),
    subscription: z
      .strictObject({
        protocols: z
          .array(
            z
              .enum([
                "sqs",
                "https",
                "http",
                "lambda",
                "firehose",
                "email",
                "email-json",
                "sms",
                "application",
              ])
              .describe("Protocol of SNS."),
          )
          .min(1)
          .register(fieldGuides, {
            allowed: "a list of at least one protocol",
            remedy: "Name the protocols, or leave the limit out.",
          })
          .optional()
          .describe("Protocols with which Vectra may subscribe. Default: every one."),
        endpoints: z
          .array(
            z
              .string()
              .min(1)
              .register(fieldGuides, {
                allowed: "a pattern such as arn:aws:sqs:*:999999999999:*",
                remedy: "Write the pattern out.",
              })
              .describe("Pattern with * and ?."),
          )
          .min(1)
          .register(fieldGuides, {
            allowed: "a list of at least one pattern",
            remedy: "Name the endpoints, or leave the limit out.",
          })
          .optional()
          .describe("Endpoints that Vectra may subscribe. Default: every one."),
      })
      .prefault({})
      .describe("Limits of Vectra's subscription."),
  },
  {
    arn: topicArn.describe("ARN of the topic."),
    kmsKeyArn: keyArn
      .optional()
      .describe("Customer key of the topic, if it is not the log key; its owner lets the publisher use it."),
    ...policyOfExisting("topic"),
  },
  "The SNS topic that tells Vectra about new log files, in the log archive account.",
);

const notification = oneOf({
  trail: z.strictObject({}).optional().describe("The trail itself announces its log files."),
  s3: z
    .strictObject({
      logAccountIds: z
        .array(accountId.describe("Account id."))
        .min(1)
        .max(100)
        .register(fieldGuides, {
          allowed: "1 to 100 account ids",
          remedy: "S3 allows 100 notifications a bucket; with more accounts use notification: { trail: {} }.",
        })
        .optional()
        .describe(
          "Accounts whose log files are announced: S3 tells log files from digest files only below an account's own folder. Default: the accounts that have a trail of their own here.",
        ),
    })
    .optional()
    .describe("The bucket announces new log files; digest files are left out."),
})
  .prefault({ trail: {} })
  .describe("Who tells the topic about new log files: the trail (default) or S3.");

const role = createdOrExisting(
  {
    ...roleSettings("<deployment>-log-reader"),
    iamContext: z
      .boolean()
      .default(true)
      .describe("Let Vectra read names of IAM and Organizations for context (read-only)."),
    maxSessionSeconds: z
      .int()
      .min(3600)
      .max(43200)
      .optional()
      .describe("Longest session, in seconds. Default: 3600."),
    vectraPrincipalArn: principalArn
      .optional()
      .describe("The one role or user of Vectra's account that may assume the role. Default: the account."),
    policyStatements: identityStatements
      .optional()
      .describe("Statements in the place of the default policy, as the Vectra console shows them."),
  },
  { arn: roleArn.describe("ARN of the role, in the log archive account.") },
  "The role that Vectra assumes to read the log files, in the log archive account.",
);

/** CDR for AWS: trail, bucket, key, topic and role. */
export const cloudTrail = z
  .strictObject({
    organizationId: organizationId
      .optional()
      .describe("Id of the AWS organization whose accounts an organization trail covers."),
    trail,
    logBucket,
    logKey: logKey.optional(),
    topic,
    notification,
    role: role.prefault({ create: {} }),
    leaving: z
      .enum(["withdraw", "release"])
      .optional()
      .describe(
        "Leaving an existing bucket, key or topic in two steps: withdraw writes policies and notifications back without our part, release forgets them. See docs/removal.md.",
      ),
    stsV2Tokens: z
      .boolean()
      .default(false)
      .describe(
        "Let the global STS endpoint issue tokens that are valid in opt-in regions: a setting of the whole log archive account.",
      ),
  })
  .describe("CDR for AWS: CloudTrail logs that Vectra reads.");
