import { z } from "zod";
import { EXISTING_POLICY_OPTIONS } from "../../facts/options/deployment.js";
import { EXISTING_POLICY_SENTENCES } from "../../facts/sentences/deployment.js";
import { fieldGuides } from "./fields.js";
import { field } from "./options.js";

const texts = z
  .union([z.string(), z.array(z.string())])
  .register(fieldGuides, { allowed: "text or a list of text values", remedy: "Paste it as AWS shows it." });

const principals = z
  .union([
    z.literal("*"),
    z.strictObject({
      AWS: texts.optional().describe("Accounts, roles and users."),
      Service: texts.optional().describe("Services of AWS."),
      Federated: texts.optional().describe("Identity providers."),
      CanonicalUser: texts.optional().describe("Canonical user ids of S3."),
    }),
  ])
  .register(fieldGuides, {
    allowed: '"*", or a mapping such as { AWS: "arn:aws:iam::111111111111:root" }',
    remedy: "Paste it as AWS shows it.",
  });

const conditionValue = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.string()),
    z.array(z.number()),
    z.array(z.boolean()),
  ])
  .register(fieldGuides, {
    allowed: "text, a number, true or false, or a list of values of one kind",
    remedy: "Paste it as AWS shows it.",
  });

const condition = z.record(z.string(), z.record(z.string(), conditionValue)).register(fieldGuides, {
  allowed: 'a mapping such as { StringEquals: { "aws:SourceArn": "arn:…" } }',
  remedy: "Paste it as AWS shows it.",
});

/** What a statement of an identity policy may hold: no principal. */
const statement = {
  Sid: z.string().optional().describe("Name of the statement."),
  Effect: z.enum(["Allow", "Deny"]).describe("Allow or Deny."),
  Action: texts.optional().describe("Actions, such as s3:GetObject."),
  NotAction: texts.optional().describe("Every action except these."),
  Resource: texts.optional().describe("ARNs of the resources."),
  NotResource: texts.optional().describe("Every resource except these."),
  Condition: condition.optional().describe("When the statement applies."),
};

/** Statements of a role's policy, in IAM's own spelling. */
export const identityStatements = z
  .array(z.strictObject(statement).describe("One statement, as AWS and Vectra show it."))
  .min(1)
  .register(fieldGuides, {
    allowed: "a list of at least one IAM statement",
    remedy: "Paste what the Vectra console shows under Statement, or omit it for the default policy.",
  });

/** Statements of the policy of a bucket, key or topic, in IAM's own spelling. */
const currentStatements = z
  .array(
    z
      .strictObject({
        ...statement,
        Principal: principals.optional().describe("The principal of the statement."),
        NotPrincipal: principals.optional().describe("Every principal except these."),
      })
      .describe("One statement, unchanged."),
  )
  .register(fieldGuides, {
    allowed: "a list of IAM statements",
    remedy: 'Paste the list under "Statement" of the current policy; [] if there is none.',
  });

/** What may happen to the policy of a bucket, key or topic that was created elsewhere. */
export const policyOfExisting = (whose: string) => ({
  policy: field(EXISTING_POLICY_OPTIONS.policy, EXISTING_POLICY_SENTENCES.policy),
  currentStatements: currentStatements
    .optional()
    .describe(
      `Statements of the policy of the ${whose} as they are today. own keeps them; print and refuse skip what they already grant.`,
    ),
});
