import { describe } from "vitest";
import { cloudTrailFile, existingFile } from "../cloudtrail-deployment.js";
import { VALID_DEPLOYMENT } from "../valid-deployment.js";
import { MEMBERS, ORGANIZATION, refuses } from "./refuses.js";

describe("GIVEN trails and accounts that do not go together THEN the error says so", () => {
  refuses([
    {
      what: "one account for everything beside another",
      text: cloudTrailFile({
        accounts: '{ single: { id: "222222222222" }, logArchive: { id: "222222222222" } }',
      }),
      line: 4,
      column: 13,
      field: "accounts.single",
      problem: "cannot be combined with logArchive",
      remedy: "Rename single to its part (logArchive for the log bucket), or remove the others.",
    },
    {
      what: "an organization trail without the management account",
      text: cloudTrailFile({ ...ORGANIZATION, accounts: '{ logArchive: { id: "222222222222" } }' }),
      line: 4,
      column: 1,
      field: "accounts.management",
      problem: "is required: it is the account for the organization trail",
      allowed: "accounts.management, or accounts.single for everything",
      remedy: 'Add management: { id: "…" } under accounts.',
    },
    {
      what: "a bucket without an account",
      text: cloudTrailFile({ ...ORGANIZATION, accounts: '{ management: { id: "111111111111" } }' }),
      line: 4,
      column: 1,
      field: "accounts.logArchive",
      problem: "is required: it is the account for bucket, topic and Vectra's role",
    },
    {
      what: "a Brain's network without an account",
      text: `${cloudTrailFile({ accounts: '{ logArchive: { id: "222222222222" } }' })}brainEgress: { dataSourceRegions: [eu] }\n`,
      line: 4,
      column: 1,
      field: "accounts.brain",
      problem: "is required: it is the account for the Brain's egress",
    },
    {
      what: "an exporter without an account",
      text: `${cloudTrailFile({ accounts: '{ logArchive: { id: "222222222222" } }' })}${VALID_DEPLOYMENT.slice(VALID_DEPLOYMENT.indexOf("securityLake:\n  bucketName"))}`,
      line: 4,
      column: 1,
      field: "accounts.securityLake",
      problem: "is required: it is the account for custom source and exporter",
    },
    {
      what: "a management account beside an existing trail",
      text: existingFile({ accounts: ORGANIZATION.accounts ?? "" }),
      line: 4,
      column: 13,
      field: "accounts.management",
      problem:
        "nothing would be deployed to this account: it is used only for an organization trail that this deployment creates",
      remedy: "Remove it, or add the part that uses it.",
    },
    {
      what: "members beside an organization trail",
      text: cloudTrailFile({
        ...ORGANIZATION,
        accounts:
          '{ management: { id: "111111111111" }, logArchive: { id: "222222222222" }, members: [{ id: "555555555551" }] }',
      }),
      line: 4,
      column: 85,
      field: "accounts.members",
      problem:
        "nothing would be deployed to this account: it is used only for trails that this deployment creates in each account",
      remedy:
        "Remove it, because an organization trail records every account, or omit cloudTrail.organizationId.",
    },
    {
      what: "a role for members without members",
      text: cloudTrailFile({
        accounts: '{ logArchive: { id: "222222222222" }, membersAssumeRole: { roleName: terraform } }',
      }),
      line: 4,
      column: 49,
      field: "accounts.membersAssumeRole",
      problem: "nothing would be deployed to this account: it is used only for accounts.members",
    },
    {
      what: "a member named twice",
      text: cloudTrailFile({
        accounts:
          '{ logArchive: { id: "222222222222" }, members: [{ id: "555555555551" }, { id: "555555555551" }] }',
      }),
      line: 4,
      column: 89,
      field: "accounts.members[1].id",
      problem: '"555555555551" duplicates accounts.members[0]',
      remedy: "Remove one of the two.",
    },
    {
      what: "a member's role in another account",
      text: cloudTrailFile({
        accounts:
          '{ logArchive: { id: "222222222222" }, members: [{ id: "555555555551", assumeRole: { roleArn: "arn:aws:iam::555555555552:role/t" } }] }',
      }),
      line: 4,
      column: 104,
      field: "accounts.members[0].assumeRole.roleArn",
      problem: '"arn:aws:iam::555555555552:role/t" is a role in account 555555555552, not in 555555555551',
      remedy: "Correct the role, or accounts.members[0].id.",
    },
    {
      what: "an organization trail without an organization",
      text: cloudTrailFile({
        ...ORGANIZATION,
        organizationId: "",
        trail: "{ create: { scope: organization } }",
      }),
      line: 6,
      column: 1,
      field: "cloudTrail.organizationId",
      problem: "is required: the trail records an organization",
      remedy: 'Read it with "aws organizations describe-organization" (Organization.Id).',
    },
    {
      what: "an account's trail with an organization",
      text: cloudTrailFile({ organizationId: "o-a1b2c3d4e5", trail: "{ create: { scope: account } }" }),
      line: 8,
      column: 29,
      field: "cloudTrail.trail.create.scope",
      problem:
        "account cannot be combined with cloudTrail.organizationId, which is for an organization trail",
      remedy: "Remove one of the two.",
    },
    {
      what: "an existing role in another account than the bucket's",
      text: cloudTrailFile({ role: '{ existing: { arn: "arn:aws:iam::111111111111:role/vectra" } }' }),
      line: 13,
      column: 28,
      field: "cloudTrail.role.existing.arn",
      problem:
        '"arn:aws:iam::111111111111:role/vectra" is a role in account 111111111111, but the log bucket is in 222222222222',
      remedy: "Use a role in that account, or have one created: role: { create: {} }.",
    },
    {
      what: "trust in a principal that is not Vectra's",
      text: cloudTrailFile({
        role: '{ create: { vectraPrincipalArn: "arn:aws:iam::888888888888:role/reader" } }',
      }),
      line: 13,
      column: 41,
      field: "cloudTrail.role.create.vectraPrincipalArn",
      problem:
        "the principal is in account 888888888888, but Vectra's account (vectra.accountId) is 999999999999",
      allowed: "a role or user in account 999999999999",
    },
    {
      what: "one boundary for the roles of many accounts",
      text: cloudTrailFile({
        ...MEMBERS,
        trail:
          '{ create: { cloudWatchLogs: { role: { permissionsBoundary: "arn:aws:iam::555555555551:policy/b" } } } }',
      }),
      line: 8,
      column: 69,
      field: "cloudTrail.trail.create.cloudWatchLogs.role.permissionsBoundary",
      problem: "the policy is in account 555555555551, but a role is created in every member account",
      remedy: "Omit it, or use an AWS managed policy.",
    },
    {
      what: "call rates counted without write events",
      text: cloudTrailFile({
        trail:
          "{ create: { insights: [ApiErrorRateInsight, ApiCallRateInsight], events: { managementEvents: read } } }",
      }),
      line: 8,
      column: 54,
      field: "cloudTrail.trail.create.insights[1]",
      problem: "ApiCallRateInsight analyzes write events, and events.managementEvents: read records none",
      remedy: "Record all management events, which Vectra needs too, or omit this insight.",
    },
  ]);
});
