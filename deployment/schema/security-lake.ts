import { z } from "zod";
import {
  ACCOUNT_FILTERS,
  EVENTS_APIS,
  MIN_TIMEOUT_SECONDS,
  PROFILE_EVENT_CLASSES,
  type ProfileName,
  SEVERITY_NAMES,
} from "../../facts/environment.js";
import { customSource } from "./custom-source.js";
import {
  accountId,
  bucketName,
  type FieldGuide,
  fieldGuides,
  glueTableName,
  keyArn,
  policyArn,
  region,
  rolePath,
  secretArn,
  securityGroupId,
  subnetId,
  tenantName,
  tenantUrl,
  topicArn,
  workgroupName,
} from "./fields.js";
import { oneOf } from "./ways.js";

// CloudWatch Logs API, PutRetentionPolicy: no other number of days is accepted.
export const logRetentionDays = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

const KEY_ITSELF: FieldGuide = {
  allowed: "arn:aws:kms:<region>:<12 digits>:key/<id>",
  remedy: 'Read it with "aws kms describe-key --key-id alias/<name>" (Arn); an alias will not do.',
};

const filters = z
  .strictObject({
    accounts: z
      .enum(ACCOUNT_FILTERS)
      .optional()
      .describe("all (default): every account type that Vectra scores; aws: accounts of AWS alone."),
    prioritizedOnly: z
      .boolean()
      .optional()
      .describe("Export only what Vectra calls prioritized. Default: false."),
    minimumSeverity: z
      .enum(SEVERITY_NAMES)
      .optional()
      .describe("The least severity that is exported. Default: every severity."),
  })
  .describe("Which events are exported; a value that an event lacks never excludes it.");

// The later options have no defaults here: what is not set takes no room in Lambda's 4 KB of environment.
const tenant = z
  .strictObject({
    name: tenantName.describe(
      "Your name for the tenant. Never change it later: the tenant's checkpoint has it as its key.",
    ),
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
        .strictObject({
          arn: secretArn.describe("ARN of the secret, in the region of the lake."),
          kmsKeyArn: keyArn
            .describe(
              "Customer key that encrypts the secret, in the region of the lake. The function may decrypt this secret " +
                "with it; npm run synth prints the statement that the key's policy needs. Default: aws/secretsmanager or " +
                "exporter.kmsKeyArn.",
            )
            .register(fieldGuides, KEY_ITSELF)
            .optional(),
        })
        .optional()
        .describe('Use a secret that holds {"client_id": "...", "client_secret": "..."}.'),
    })
      .prefault({ create: {} })
      .describe("Where the tenant's API client (id and secret) is kept: Secrets Manager, never this file."),
    includeScoreDecreases: z.boolean().default(true).describe("Export events that lower a score, too."),
    start: z
      .enum(["beginning", "latest"])
      .default("beginning")
      .describe("Where the first run starts: at the tenant's oldest event, or with events from now on."),
    api: z
      .enum(EVENTS_APIS)
      .optional()
      .describe(
        "Version of the events API that the tenant serves, v3.4 by default; v3 is the path without a minor version, " +
          "/api/v3/. Each has a checkpoint of its own.",
      ),
    profile: z
      .enum(Object.keys(PROFILE_EVENT_CLASSES) as ProfileName[])
      .optional()
      .describe(
        "OCSF profile of the records; vectra, the product's own table, by default. It decides the event class of " +
          "the custom source, one for all tenants.",
      ),
    rawData: z
      .boolean()
      .optional()
      .describe("Keep the event itself in raw_data (the two strict profiles). Default: false."),
    filters: filters.optional(),
    partitionBy: z
      .enum(["fixed", "event"])
      .optional()
      .describe(
        "fixed (default): every event in partitionAccountId; event: in the AWS account that its name carries.",
      ),
    assignmentRequired: z
      .boolean()
      .optional()
      .describe(
        "Let a failing account look-up stop the run instead of costing the event its assignment. Default: false.",
      ),
    accumulate: z
      .strictObject({
        maxAgeSeconds: z
          .int()
          .min(60)
          .max(86_400)
          .describe(
            "Age of the oldest waiting event at which a run writes; lagThresholdSeconds less 600 at most.",
          ),
        maxEvents: z.int().min(1).max(10_000).describe("Number of waiting events at which a run writes."),
      })
      .optional()
      .describe(
        "Let new events wait for others, so that the lake gets fewer and larger objects; they are that much later " +
          "in the lake. Default: every run writes.",
      ),
  })
  .describe("One Vectra tenant.");

/** Amazon Security Lake: the custom source and the exporter. */
export const securityLake = z
  .strictObject({
    region: region.optional().describe("Region of the lake. Default: the deployment's region."),
    bucketName: bucketName.describe("Name of the lake's own bucket, aws-security-data-lake-<region>-<id>."),
    kmsKeyArn: keyArn
      .describe(
        "Customer key that encrypts the lake, in its region. The crawler's role may decrypt with it; npm run synth prints " +
          "what the key's policy must say for crawler and exporter. Default: the lake has a key of S3.",
      )
      .register(fieldGuides, KEY_ITSELF)
      .optional(),
    customSource,
    exporter: z
      .strictObject({
        memorySize: z
          .int()
          .min(128)
          .max(10240)
          .default(512)
          .describe("Megabytes of memory; processing power comes with it."),
        timeoutSeconds: z
          .int()
          .min(MIN_TIMEOUT_SECONDS)
          .max(900)
          .default(240)
          .describe("Longest run in seconds. The next run continues with what is left."),
        architecture: z.enum(["arm64", "x86_64"]).default("arm64").describe("Processor of the function."),
        logLevel: z
          .enum(["DEBUG", "INFO", "WARN", "ERROR"])
          .default("INFO")
          .describe("The least severe level that is logged. Metrics are written at every level."),
        reservedConcurrentExecutions: z
          .int()
          .min(1)
          .max(1000)
          .optional()
          .describe(
            "Reserved concurrency: runs that are guaranteed to the exporter, and also the maximum at once. Default: none; AWS keeps 100 of an " +
              "account's runs unreserved, so small accounts cannot reserve any.",
          ),
        rolePath: rolePath.optional().describe("IAM path of the exporter's roles. Default: /."),
        permissionsBoundary: policyArn.optional().describe("Permissions boundary of the exporter's roles."),
        tracing: z
          .boolean()
          .default(false)
          .describe("Trace the runs with X-Ray, free up to 100,000 a month."),
        kmsKeyArn: keyArn
          .describe(
            "Customer key, in the region of the lake, for table, secrets, queue, logs and environment. Its policy " +
              "must let CloudWatch Logs use it; npm run synth prints the statement. Default: keys of AWS.",
          )
          .register(fieldGuides, KEY_ITSELF)
          .optional(),
        vpc: z
          .strictObject({
            subnetIds: z
              .array(subnetId.describe("Private subnet with a way out to Vectra and AWS."))
              .min(1)
              .describe("Subnets of one VPC, preferably two in two zones."),
            securityGroupIds: z
              .array(securityGroupId.describe("Security group that lets TCP 443 out."))
              .min(1)
              .describe("Security groups of that VPC."),
          })
          .optional()
          .describe(
            "Run the function in a VPC, which needs NAT to reach Vectra. Default: Lambda's own network.",
          ),
        lagThresholdSeconds: z
          .int()
          .min(60)
          .max(604_800)
          .default(1800)
          .describe(
            "Lag in seconds above which an alarm goes off: how far behind a tenant its export may be.",
          ),
        dashboard: z
          .boolean()
          .default(false)
          .describe("Create a CloudWatch dashboard, about 3 USD a month after an account's first three."),
        savedQueries: z
          .boolean()
          .default(false)
          .describe(
            "Save queries for CloudWatch Logs Insights: free to keep, about 0.005 USD per GB to run.",
          ),
        athenaQueries: z
          .strictObject({
            workgroup: workgroupName
              .optional()
              .describe("Athena workgroup that the queries are saved in; it must exist. Default: primary."),
            cloudTrailTable: glueTableName
              .optional()
              .describe(
                "CloudTrail's own table in the lake, source version 2, for the query that joins it with findings " +
                  "(strict profiles only). Default: no such query.",
              ),
          })
          .optional()
          .describe(
            "Save queries for Athena, free to keep: new criticals, rising accounts, time to assignment.",
          ),
        backfill: z
          .strictObject({
            maxConcurrency: z
              .int()
              .min(1)
              .max(100)
              .default(4)
              .describe(
                "Windows that are exported at once; each takes a run of Lambda, and asks Vectra by itself.",
              ),
          })
          .optional()
          .describe(
            "Create a state machine (Step Functions) that backfills windows of history, several at once. It costs " +
              "nothing until it is started, but for its alarm.",
          ),
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
  .describe("Amazon Security Lake: the scoring events of your Vectra tenants.");
