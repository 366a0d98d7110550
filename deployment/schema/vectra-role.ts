import { z } from "zod";
import { principalArn, roleArn, tagKey, tagValue } from "./fields.js";
import { identityStatements } from "./policy.js";
import { roleSettings } from "./role.js";
import { createdOrExisting } from "./ways.js";

export const vectraRole = createdOrExisting(
  {
    ...roleSettings("<deployment>-log-reader"),
    iamContext: z
      .boolean()
      .default(true)
      .describe("Let Vectra read names of IAM and Organizations for context (read-only)."),
    readDigests: z
      .boolean()
      .optional()
      .describe("Let Vectra read digest files, too, which only validating log files needs. Default: false."),
    readInsights: z.boolean().optional().describe("Let Vectra read Insights events, too. Default: false."),
    perimeterTags: z
      .record(tagKey, tagValue)
      .optional()
      .describe(
        'Tags of this role alone, with which a data perimeter lets Vectra assume it, such as { "dp:exclude:identity": "true" }. Default: none.',
      ),
    listLogsOnly: z
      .boolean()
      .optional()
      .describe(
        "Limit listing to keys below the log prefix. A listing without a prefix, and HeadBucket, are then denied. Default: false.",
      ),
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
