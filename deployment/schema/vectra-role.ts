import { z } from "zod";
import { VECTRA_ROLE_OPTIONS } from "../../facts/options/vectra-role.js";
import { VECTRA_ROLE_SENTENCES } from "../../facts/sentences/cloudtrail.js";
import { principalArn, roleArn, tagKey, tagValue } from "./fields.js";
import { fields } from "./options.js";
import { identityStatements } from "./policy.js";
import { roleSettings } from "./role.js";
import { createdOrExisting } from "./ways.js";

const { maxSessionDuration, ...OTHER_ROLE_OPTIONS } = fields(VECTRA_ROLE_OPTIONS, VECTRA_ROLE_SENTENCES);

export const vectraRole = createdOrExisting(
  {
    ...roleSettings("<deployment>-log-reader"),
    ...OTHER_ROLE_OPTIONS,
    maxSessionSeconds: maxSessionDuration,
    perimeterTags: z
      .record(tagKey, tagValue)
      .optional()
      .describe(
        'Tags for this role only, by which a data perimeter lets Vectra assume it, such as { "dp:exclude:identity": "true" }. Default: none.',
      ),
    vectraPrincipalArn: principalArn
      .optional()
      .describe("The one role or user of Vectra's account that may assume the role. Default: the account."),
    policyStatements: identityStatements
      .optional()
      .describe("Statements that replace the default policy, as the Vectra console shows them."),
  },
  { arn: roleArn.describe("ARN of the role, in the log archive account.") },
  "The role that Vectra assumes to read the log files, in the log archive account.",
);
