import { z } from "zod";
import { SUBSCRIPTION_PROTOCOLS } from "../../facts/options/topic.js";
import { accountId, fieldGuides, keyArn, roleArn, topicArn, topicName } from "./fields.js";
import { policyOfExisting } from "./policy.js";
import { createdOrExisting, oneOf } from "./ways.js";

const subscriptionLimits = (who: string) => ({
  protocols: z
    .array(z.enum(SUBSCRIPTION_PROTOCOLS).describe("Protocol of SNS."))
    .min(1)
    .register(fieldGuides, {
      allowed: "a list of at least one protocol",
      remedy: "Name the protocols, or omit the limit.",
    })
    .optional()
    .describe(`Protocols with which ${who} may subscribe. Default: any.`),
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
      remedy: "Name the endpoints, or omit the limit.",
    })
    .optional()
    .describe(`Endpoints that ${who} may subscribe. Default: any.`),
});

const subscribers = z
  .array(
    z
      .strictObject({
        roleArn: roleArn.describe(
          "ARN of the role, in any account. It must exist; patterns are not allowed.",
        ),
        ...subscriptionLimits("the role"),
      })
      .describe("A role, and the endpoints that it may subscribe."),
  )
  .min(1)
  .register(fieldGuides, {
    allowed: "a list of at least one subscriber",
    remedy: "Name the roles, or omit subscribers.",
  })
  .optional()
  .describe("Further roles that subscribe to the topic, such as a SIEM's. Default: none.");

export const topic = createdOrExisting(
  {
    name: topicName.optional().describe("Name of the topic. Default: <deployment>-logs."),
    subscription: z
      .strictObject(subscriptionLimits("Vectra"))
      .prefault({})
      .describe("Limits of Vectra's subscription."),
    subscribers,
  },
  {
    arn: topicArn.describe("ARN of the topic."),
    kmsKeyArn: keyArn
      .optional()
      .describe("Customer key of the topic, if it is not the log key; its owner lets the publisher use it."),
    ...policyOfExisting("topic"),
    subscribers,
  },
  "The SNS topic that notifies Vectra of new log files, in the log archive account.",
);

export const notification = oneOf({
  trail: z.strictObject({}).optional().describe("The trail itself announces its log files."),
  s3: z
    .strictObject({
      logAccountIds: z
        .array(accountId.describe("Account id."))
        .min(1)
        .max(100)
        .register(fieldGuides, {
          allowed: "1 to 100 account ids",
          remedy:
            "S3 allows 100 notifications per bucket; with more accounts, use notification: { trail: {} }.",
        })
        .optional()
        .describe(
          "Accounts whose log files are announced: S3 can distinguish log files from digest files only below each account's folder. Default: the accounts with their own trail in this deployment.",
        ),
    })
    .optional()
    .describe("The bucket announces new log files, without digest files."),
})
  .prefault({ trail: {} })
  .describe("What notifies the topic of new log files: the trail (default) or S3.");
