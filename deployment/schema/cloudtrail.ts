import { z } from "zod";
import { CLOUDTRAIL_OPTIONS } from "../../facts/options/deployment.js";
import { CLOUDTRAIL_SENTENCES } from "../../facts/sentences/deployment.js";
import { accountId, keyArn, organizationId } from "./fields.js";
import { logBucket } from "./log-bucket.js";
import { fields } from "./options.js";
import { policyOfExisting } from "./policy.js";
import { notification, topic } from "./topic.js";
import { trail } from "./trail.js";
import { vectraRole } from "./vectra-role.js";
import { createdOrExisting } from "./ways.js";

const logKey = createdOrExisting(
  {},
  {
    arn: keyArn.describe("ARN of the key itself, not of its alias."),
    ...policyOfExisting("key"),
  },
  "The KMS key of log files and topic. Omit it only if an existing bucket has no key.",
);

const { leaving, stsV2Tokens } = fields(CLOUDTRAIL_OPTIONS, CLOUDTRAIL_SENTENCES);

/** CDR for AWS: trail, bucket, key, topic and role. */
export const cloudTrail = z
  .strictObject({
    organizationId: organizationId
      .optional()
      .describe("Id of the AWS organization whose accounts an organization trail covers."),
    organization: z
      .strictObject({
        managementAccountId: accountId
          .optional()
          .describe(
            "Management account, for an organization trail that CloudTrail's delegated administrator (accounts.cloudTrailAdministrator) creates: the trail's ARN names the management account. Default: accounts.management creates the trail.",
          ),
        dataPerimeter: z
          .boolean()
          .optional()
          .describe(
            "Whether the organization has a data perimeter (RCP, SCP): npm run synth then prints what it must exempt for Vectra. Default: true if role.create.perimeterTags is set.",
          ),
      })
      .optional()
      .describe("More about the organization."),
    trail,
    logBucket,
    logKey: logKey.optional(),
    topic,
    notification,
    role: vectraRole.prefault({ create: {} }),
    leaving,
    stsV2Tokens,
  })
  .describe("CDR for AWS: CloudTrail logs that Vectra reads.");
