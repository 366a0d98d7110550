import { z } from "zod";
import { DEPLOYMENT_OPTIONS } from "../../facts/options/deployment.js";
import { DEPLOYMENT_SENTENCES } from "../../facts/sentences/deployment.js";
import { accounts } from "./accounts.js";
import { brainEgress } from "./brain-egress.js";
import { cloudTrail } from "./cloudtrail.js";
import { region, tagKey, tagValue, vectraAccountId, vectraExternalId } from "./fields.js";
import { fields } from "./options.js";
import { securityLake } from "./security-lake.js";
import { terraform } from "./terraform.js";

/*
 * deployment.yaml: how its fields are grouped. Types, validation, JSON Schema and the texts that editors show come from
 * here; what one value may be comes from facts/, through options.ts and fields.ts. Checks over several fields are
 * constraints, in constraints/.
 */

const { name, partition, retain } = fields(DEPLOYMENT_OPTIONS, DEPLOYMENT_SENTENCES);

/** The whole file. */
export const deploymentSchema = z
  .strictObject({
    name,
    partition,
    region: region.describe("Home region of trail, bucket, key and topic."),
    retain,
    tags: z.record(tagKey, tagValue).default({}).describe("Tags of every resource."),
    terraform,
    accounts,
    vectra: z
      .strictObject({
        accountId: vectraAccountId.describe("Vectra's AWS account, as the Vectra UI shows it."),
        externalId: vectraExternalId.describe("External ID, as the Vectra UI shows it; do not alter it."),
      })
      .optional()
      .describe("The values that the Vectra UI shows while you create an AWS connection."),
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

/** JSON Schema of the file as a person writes it (fields with a default may be omitted). */
export function deploymentJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(deploymentSchema, { io: "input" });
}
