import { z } from "zod";
import {
  accountId,
  bucketName,
  fieldGuides,
  lakeExternalId,
  region,
  secretArn,
  sourceName,
  tenantName,
  tenantUrl,
  topicArn,
} from "../fields.js";
import { created, oneOf } from "./ways.js";

// CloudWatch Logs API, PutRetentionPolicy: no other number of days is accepted.
export const logRetentionDays = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

const tenant = z
  .strictObject({
    name: tenantName.describe("Your name for the tenant. Its checkpoint hangs on it: never change it later."),
    url: tenantUrl.describe("Address of the tenant's Vectra UI."),
    partitionAccountId: accountId
      .optional()
      .describe("Account id of the accountId= partition in the lake. Default: accounts.securityLake.id."),
    secret: oneOf({
      create: z
        .strictObject({})
        .optional()
        .describe("Create the secret without a value; you fill it in after the deployment."),
      existing: z
        .strictObject({ arn: secretArn.describe("ARN of the secret, in the region of the lake.") })
        .optional()
        .describe('Use a secret that holds {"client_id": "...", "client_secret": "..."}.'),
    })
      .prefault({ create: {} })
      .describe("Where the tenant's API client (id and secret) is kept: Secrets Manager, never this file."),
    includeScoreDecreases: z.boolean().default(true).describe("Export events that lower a score, too."),
    start: z
      .enum(["beginning", "latest"])
      .default("beginning")
      .describe("Where the first run starts: the tenant's oldest event, or only what is new from now on."),
  })
  .describe("One Vectra tenant.");

/** Amazon Security Lake: the custom source and the exporter. */
export const securityLake = z
  .strictObject({
    region: region.optional().describe("Region of the lake. Default: the deployment's region."),
    bucketName: bucketName.describe("Name of the lake's own bucket, aws-security-data-lake-<region>-<id>."),
    customSource: created(
      {
        name: sourceName
          .optional()
          .describe("Name of the source, at most 20 characters. Default: the deployment's name."),
        externalId: lakeExternalId.describe(
          "External ID of the role that writes to the lake; make a random one.",
        ),
      },
      "The custom source in Security Lake.",
    ),
    exporter: z
      .strictObject({
        logRetentionDays: logRetentionDays.default(90).describe("Days that the function's logs are kept."),
        deletionProtection: z
          .boolean()
          .default(false)
          .describe("Let DynamoDB refuse to delete the checkpoint table."),
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
            remedy: "Put further tenants into a second deployment file with a name of its own.",
          })
          .describe(
            "The Vectra tenants whose account scoring events are exported, each on its own schedule.",
          ),
      })
      .describe("The function that exports scoring events every five minutes."),
  })
  .describe("Amazon Security Lake: scoring events that Vectra's tenants hand over.");
