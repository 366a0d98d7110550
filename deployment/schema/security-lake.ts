import { z } from "zod";
import { ATHENA_OPTIONS, BACKFILL_OPTIONS, EXPORTER_OPTIONS } from "../../facts/options/exporter.js";
import { ACCUMULATE_OPTIONS, FILTER_OPTIONS, TENANT_OPTIONS } from "../../facts/options/exporter-tenant.js";
import { ATHENA_SENTENCES, BACKFILL_SENTENCES, EXPORTER_SENTENCES } from "../../facts/sentences/exporter.js";
import {
  ACCUMULATE_SENTENCES,
  FILTER_SENTENCES,
  TENANT_SENTENCES,
} from "../../facts/sentences/exporter-tenant.js";
import { customSource } from "./custom-source.js";
import {
  bucketName,
  fieldGuides,
  keyArn,
  region,
  secretArn,
  securityGroupId,
  subnetId,
  topicArn,
} from "./fields.js";
import { fields, sparseFields } from "./options.js";
import { oneOf } from "./ways.js";

const secret = oneOf({
  create: z
    .strictObject({})
    .optional()
    .describe("Create the secret without a value; you add the value after the deployment."),
  existing: z
    .strictObject({
      arn: secretArn.describe("ARN of the secret, in the region of the lake."),
      kmsKeyArn: keyArn
        .optional()
        .describe(
          "Customer key that encrypts the secret, in the region of the lake. The function may decrypt this secret " +
            "with it; npm run synth prints the statement that the key's policy needs. Default: aws/secretsmanager or " +
            "exporter.kmsKeyArn.",
        ),
    })
    .optional()
    .describe('Use a secret that holds {"client_id": "...", "client_secret": "..."}.'),
})
  .prefault({ create: {} })
  .describe("Where the tenant's API client (id and secret) is stored: Secrets Manager, never this file.");

const tenant = z
  .strictObject({
    ...sparseFields(TENANT_OPTIONS, TENANT_SENTENCES),
    secret,
    filters: z
      .strictObject(sparseFields(FILTER_OPTIONS, FILTER_SENTENCES))
      .optional()
      .describe("Which events are exported; a value that an event lacks never excludes it."),
    accumulate: z
      .strictObject(sparseFields(ACCUMULATE_OPTIONS, ACCUMULATE_SENTENCES))
      .optional()
      .describe(
        "Hold new events until more arrive, so that the lake receives fewer and larger objects; events reach the lake later. Default: every run writes.",
      ),
  })
  .describe("One Vectra tenant.");

const vpc = z
  .strictObject({
    subnetIds: z
      .array(subnetId.describe("Private subnet with a route to Vectra and AWS."))
      .min(1)
      .describe("Subnets of one VPC, preferably two in two zones."),
    securityGroupIds: z
      .array(securityGroupId.describe("Security group that allows outbound TCP 443."))
      .min(1)
      .describe("Security groups of that VPC."),
  })
  .optional()
  .describe("Run the function in a VPC, which needs NAT to reach Vectra. Default: Lambda's own network.");

const { name: _, schedule: __, ...EXPORTER_FIELDS } = fields(EXPORTER_OPTIONS, EXPORTER_SENTENCES);

/** Amazon Security Lake: the custom source and the exporter. */
export const securityLake = z
  .strictObject({
    region: region.optional().describe("Region of the lake. Default: the deployment's region."),
    bucketName: bucketName.describe("Name of the lake's own bucket, aws-security-data-lake-<region>-<id>."),
    kmsKeyArn: keyArn
      .optional()
      .describe(
        "Customer key that encrypts the lake, in its region. The crawler's role may decrypt with it; npm run synth prints " +
          "what the key's policy must say for crawler and exporter. Default: S3-managed keys encrypt the lake.",
      ),
    customSource,
    exporter: z
      .strictObject({
        ...EXPORTER_FIELDS,
        vpc,
        athenaQueries: z
          .strictObject(fields(ATHENA_OPTIONS, ATHENA_SENTENCES))
          .optional()
          .describe(
            "Save queries for Athena, free to keep: new criticals, rising accounts, time to assignment.",
          ),
        backfill: z
          .strictObject(fields(BACKFILL_OPTIONS, BACKFILL_SENTENCES))
          .optional()
          .describe(
            "Create a state machine (Step Functions) that backfills slices of history, several at once. It costs " +
              "nothing until it is started, apart from its alarm.",
          ),
        alarmActions: z
          .array(topicArn.describe("SNS topic in the region of the lake."))
          .default([])
          .describe("SNS topics that the alarms notify. Default: none."),
        tenants: z
          .array(tenant)
          .min(1)
          // Lambda allows 4 KB of environment, and a tenant takes about 300 bytes of it.
          .max(10)
          .register(fieldGuides, {
            allowed: "1 to 10 tenants",
            remedy: "Put further tenants into a second deployment file with its own name.",
          })
          .describe(
            "The Vectra tenants whose account scoring events are exported, each on its own schedule.",
          ),
      })
      .describe("The function that exports scoring events every five minutes."),
  })
  .describe("Amazon Security Lake: the scoring events of your Vectra tenants.");
