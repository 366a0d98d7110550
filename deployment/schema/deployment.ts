import { z } from "zod";
import { DEFAULT_PARTITION, DEPLOYMENT_PARTITIONS } from "../../facts/partitions.js";
import { accounts } from "./accounts.js";
import { brainEgress } from "./brain-egress.js";
import { cloudTrail } from "./cloudtrail.js";
import { deploymentName, region, tagKey, tagValue, vectraAccountId, vectraExternalId } from "./fields.js";
import { securityLake } from "./security-lake.js";
import { terraform } from "./terraform.js";

/*
 * deployment.yaml, field by field. Types, validation, JSON Schema and the texts that editors show all come
 * from here and from schema/. What concerns one field alone is said there or in fields.ts; what concerns
 * several fields is a constraint in constraints/.
 */

/** The whole file. */
export const deploymentSchema = z
  .strictObject({
    name: deploymentName.describe("Every resource's name begins with it. Two deployments need two names."),
    partition: z
      .enum(DEPLOYMENT_PARTITIONS)
      .default(DEFAULT_PARTITION)
      .describe("AWS partition: commercial, GovCloud (US) or China."),
    region: region.describe("Home region of trail, bucket, key and topic."),
    retain: z
      .boolean()
      .default(true)
      .describe(
        "Let Terraform refuse to destroy what holds data; a bucket or key that an existing one replaces is forgotten, not destroyed (docs/removal.md). false allows Terraform to destroy it.",
      ),
    tags: z.record(tagKey, tagValue).default({}).describe("Tags of every resource."),
    terraform,
    accounts,
    vectra: z
      .strictObject({
        accountId: vectraAccountId.describe("Vectra's AWS account, as the Vectra UI shows it."),
        externalId: vectraExternalId.describe("External ID, as the Vectra UI shows it; do not alter it."),
      })
      .optional()
      .describe("What the Vectra UI shows while an AWS connection is created."),
    cloudTrail: cloudTrail.optional(),
    securityLake: securityLake.optional(),
    brainEgress: brainEgress.optional(),
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
