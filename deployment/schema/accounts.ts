import { z } from "zod";
import { accountId, externalId, fieldGuides, roleArn, roleName, rolePath, sessionName } from "./fields.js";

const session = {
  sessionName: sessionName
    .optional()
    .describe("Name of the session in CloudTrail. Default: the deployment's name."),
  externalId: externalId.optional().describe("External ID, if the role asks for one."),
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
      "The one account of a deployment that needs only one, in place of all the others.",
    ).optional(),
    management: account("Management account of the organization: the organization trail.").optional(),
    cloudTrailAdministrator: account(
      "Delegated administrator of CloudTrail, in place of the management account: the organization trail. Needs cloudTrail.organization.managementAccountId.",
    ).optional(),
    logArchive: account("Account of the log bucket: bucket, key, topic and Vectra's role.").optional(),
    securityLake: account("Delegated administrator of Security Lake: custom source and exporter.").optional(),
    brain: account("Account of the network that a Vectra Brain is in: its way out to Vectra.").optional(),
    members: z
      .array(account("An account with a trail of its own."))
      .min(1)
      .register(fieldGuides, {
        allowed: "a list of at least one account",
        remedy: "Name the accounts, or leave the list out.",
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
      .describe("Role that Terraform assumes in every member account that names none of its own."),
  })
  .describe("The accounts: single alone, or each by its part; parts may share one account.");
