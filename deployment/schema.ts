import { z } from "zod";
import {
  accountId,
  bucketName,
  deploymentName,
  externalId,
  fieldGuides,
  keyPrefix,
  kmsKeyId,
  lakeExternalId,
  objectKeyPrefix,
  organizationId,
  policyArn,
  region,
  roleArn,
  roleName,
  rolePath,
  secretArn,
  sessionName,
  sourceName,
  tagKey,
  tagValue,
  tenantName,
  tenantUrl,
  topicArn,
  topicName,
  trailName,
  vectraAccountId,
  vectraExternalId,
} from "./fields.js";

/*
 * deployment.yaml, field by field. Types, validation, JSON Schema and the texts that editors show all come
 * from here. What concerns one field alone is said here or in fields.ts; what concerns several fields is a
 * rule in rules/.
 */

/** A mapping of which exactly one key is given: the way a thing comes into being. */
function oneOf<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return z
    .strictObject(shape)
    .refine((value) => Object.keys(value).length === 1, {
      error: `give exactly one of ${keys.join(", ")}`,
      // Without this the check is skipped as soon as something inside one of the two is wrong.
      when: ({ value }) => typeof value === "object" && value !== null && !Array.isArray(value),
    })
    .register(fieldGuides, {
      allowed: `exactly one of ${keys.join(", ")}`,
      remedy: `Write ${keys.map((key) => `{ ${key}: … }`).join(" or ")}.`,
    })
    .meta({ minProperties: 1, maxProperties: 1 });
}

/** Something that this deployment creates. The next door, `existing`, belongs beside `create`. */
function created<Shape extends z.core.$ZodLooseShape>(shape: Shape, description: string) {
  return z
    .strictObject({
      create: z.strictObject(shape).describe("Create it; {} takes every default."),
    })
    .describe(description);
}

const days = (minimum: number) => z.int().min(minimum).max(36500);

// CloudWatch Logs API, PutRetentionPolicy: no other number of days is accepted.
const logRetentionDays = z.literal([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

const account = (whatFor: string) =>
  z
    .strictObject({
      id: accountId.describe("Account id, 12 digits in quotes. Terraform refuses any other account."),
      assumeRole: z
        .strictObject({
          roleArn: roleArn.describe("ARN of the role, in this account."),
          sessionName: sessionName
            .optional()
            .describe("Name of the session in CloudTrail. Default: the deployment's name."),
          externalId: externalId.optional().describe("External ID, if the role asks for one."),
        })
        .optional()
        .describe(
          "Role that Terraform assumes in this account. Without it the caller's own credentials are used.",
        ),
    })
    .describe(whatFor);

const terraform = z
  .strictObject({
    backend: oneOf({
      local: z
        .strictObject({})
        .optional()
        .describe("State in a file terraform.<stack>.tfstate beside cdktf.out. For trying things out."),
      s3: z
        .strictObject({
          bucket: bucketName.describe("Bucket of the state. It must exist, and should be versioned."),
          region: region.describe("Region of that bucket."),
          keyPrefix: keyPrefix
            .optional()
            .describe(
              "Folder of the state objects <folder>/<stack>.tfstate. Default: the deployment's name.",
            ),
          kmsKeyId: kmsKeyId.optional().describe("Key that encrypts the state. Default: the bucket's own."),
          roleArn: roleArn.optional().describe("Role that Terraform assumes to read and write the state."),
        })
        .optional()
        .describe("State in S3, locked with S3's own lock file (Terraform 1.11 or newer)."),
    })
      .prefault({ local: {} })
      .describe("Where Terraform keeps its state: local (default) or s3."),
  })
  .prefault({})
  .describe("Settings of Terraform itself.");

const cloudTrail = z
  .strictObject({
    organizationId: organizationId.describe("Id of the AWS organization whose accounts the trail covers."),
    trail: created(
      {
        name: trailName.optional().describe("Name of the trail. Default: the deployment's name."),
        events: z
          .strictObject({
            excludeKmsEvents: z
              .boolean()
              .default(true)
              .describe("Leave AWS KMS events out: Vectra does not need them, and they are many."),
            s3DataEvents: z
              .array(
                z
                  .strictObject({
                    bucketName: bucketName.describe("Name of the bucket."),
                    keyPrefix: objectKeyPrefix.optional().describe("Only objects whose key begins so."),
                  })
                  .describe("A bucket, or the part of it below a prefix."),
              )
              // CloudTrail allows 500 conditions a trail; four of them are ours.
              .max(496)
              .register(fieldGuides, {
                allowed: "a list of at most 496 buckets",
                remedy: "Name fewer buckets, those whose content matters.",
              })
              .default([])
              .describe(
                "Buckets whose object-level events are recorded, at a charge per event. Default: none.",
              ),
          })
          .prefault({})
          .describe("Which events the trail records."),
      },
      "The organization trail, in the management account.",
    ),
    logBucket: created(
      {
        name: bucketName
          .optional()
          .describe("Name of the bucket. Default: <deployment>-logs-<account>-<region>."),
        keyPrefix: keyPrefix.optional().describe("Folder in front of AWSLogs/. Default: none."),
        transitionToGlacierAfterDays: days(1).default(90).describe("Days until a log file moves to Glacier."),
        expireAfterDays: days(2).default(365).describe("Days until a log file is deleted."),
        noncurrentExpireAfterDays: days(1)
          .default(30)
          .describe("Days until a replaced or deleted version of an object is gone for good."),
      },
      "The bucket that receives the log files, in the log archive account.",
    ),
    logKey: created({}, "The KMS key of log bucket and topic, in the log archive account."),
    topic: created(
      { name: topicName.optional().describe("Name of the topic. Default: <deployment>-logs.") },
      "The SNS topic that tells Vectra about new log files, in the log archive account.",
    ),
    role: created(
      {
        name: roleName.optional().describe("Name of the role. Default: <deployment>-log-reader."),
        path: rolePath.optional().describe("IAM path of the role. Default: /."),
        permissionsBoundary: policyArn.optional().describe("Permissions boundary of the role."),
        iamContext: z
          .boolean()
          .default(true)
          .describe("Let Vectra read names of IAM and Organizations for context (read-only)."),
      },
      "The role that Vectra assumes to read the log files, in the log archive account.",
    ),
  })
  .describe("CDR for AWS: CloudTrail logs that Vectra reads.");

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

const securityLake = z
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

/** The whole file. */
export const deploymentSchema = z
  .strictObject({
    name: deploymentName.describe("Every resource's name begins with it. Two deployments need two names."),
    partition: z.literal("aws").default("aws").describe("AWS partition."),
    region: region.describe("Home region of trail, bucket, key and topic."),
    retain: z
      .boolean()
      .default(true)
      .describe("Let Terraform refuse to destroy what holds data. false lets it go."),
    tags: z.record(tagKey, tagValue).default({}).describe("Tags of every resource."),
    terraform,
    accounts: z
      .strictObject({
        management: account("Management account of the organization: the trail."),
        logArchive: account("Log archive account: bucket, key, topic and Vectra's role."),
        securityLake: account("Delegated administrator of Security Lake: custom source and exporter."),
      })
      .describe("The accounts, which may be one and the same."),
    vectra: z
      .strictObject({
        accountId: vectraAccountId.describe("Vectra's AWS account, as the Vectra UI shows it."),
        externalId: vectraExternalId.describe("External ID, as the Vectra UI shows it; do not alter it."),
      })
      .describe("What the Vectra UI shows while an AWS connection is created."),
    cloudTrail,
    securityLake,
  })
  .meta({
    title: "Vectra CDR deployment",
    description: "One deployment of Vectra CDR for AWS and of the exporter into Amazon Security Lake.",
  });

/** A validated deployment with every default filled in. */
export type Deployment = z.output<typeof deploymentSchema>;

/** JSON Schema of the file as a person writes it (fields with a default may be left out). */
export function deploymentJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(deploymentSchema, { io: "input" });
}
