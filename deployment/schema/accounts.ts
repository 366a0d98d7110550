import { z } from "zod";
import { accountId, externalId, fieldGuides, roleArn, roleName, rolePath, sessionName } from "./fields.js";

const session = {
  sessionName: sessionName
    .optional()
    .describe("Name of the session in CloudTrail. Default: the deployment's name."),
  externalId: externalId.optional().describe("External ID, if the role requires one."),
};

const account = (whatFor: string) =>
  z
    .strictObject({
      id: accountId.describe("Account id, 12 digits in quotes. Terraform refuses any other account."),
      assumeRole: z
        .strictObject({
          roleArn: roleArn.describe("ARN of the role, in this account."),
          ...session,
        })
        .optional()
        .describe(
          "Role that Terraform assumes in this account. Without it the caller's own credentials are used.",
        ),
    })
    .describe(whatFor);

/** The accounts that a deployment has parts in. */
export const accounts = z
  .strictObject({
    single: account(
      "The only account of a deployment in a single account; it replaces all the others.",
    ).optional(),
    management: account("Management account of the organization: the organization trail.").optional(),
    cloudTrailAdministrator: account(
      "Delegated administrator of CloudTrail, in place of the management account: the organization trail. Requires cloudTrail.organization.managementAccountId.",
    ).optional(),
    logArchive: account("Account of the log bucket: bucket, key, topic and Vectra's role.").optional(),
    securityLake: account("Delegated administrator of Security Lake: custom source and exporter.").optional(),
    brain: account("Account of the Vectra Brain's network: its egress to Vectra.").optional(),
    members: z
      .array(account("An account with its own trail."))
      .min(1)
      .register(fieldGuides, {
        allowed: "a list of at least one account",
        remedy: "Name the accounts, or omit the list.",
      })
      .optional()
      .describe("Accounts that get a trail each, in an organization without an organization trail."),
    membersAssumeRole: z
      .strictObject({
        roleName: roleName.describe("Name of the role, the same in every member account."),
        path: rolePath.optional().describe("IAM path of the role. Default: /."),
        ...session,
      })
      .optional()
      .describe("Role that Terraform assumes in every member account that does not name its own."),
  })
  .describe("The accounts: either single alone, or one for each part; parts may share an account.");
