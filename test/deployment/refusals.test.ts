import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../deployment/file/diagnostics.js";
import { cloudTrailFile, existingFile, type FileParts, KEY, ROLE, TOPIC } from "./cloudtrail-deployment.js";
import { onlyDiagnosticOf } from "./errors.js";
import { VALID_DEPLOYMENT } from "./valid-deployment.js";

type Refusal = { readonly what: string; readonly text: string } & Partial<Diagnostic>;

const ORGANIZATION: Partial<FileParts> = {
  accounts: '{ management: { id: "111111111111" }, logArchive: { id: "222222222222" } }',
  organizationId: "o-a1b2c3d4e5",
};
const MEMBERS: Partial<FileParts> = {
  accounts:
    '{ logArchive: { id: "222222222222" }, members: [{ id: "555555555551" }, { id: "555555555552" }] }',
};

const CLOUDTRAIL_HALF = VALID_DEPLOYMENT.slice(
  VALID_DEPLOYMENT.indexOf("cloudTrail:"),
  VALID_DEPLOYMENT.indexOf("securityLake:\n  bucketName"),
);
const ITS_ACCOUNTS = VALID_DEPLOYMENT.slice(
  VALID_DEPLOYMENT.indexOf("  management:"),
  VALID_DEPLOYMENT.indexOf("  securityLake:\n    id"),
);

function refuses(refusals: readonly Refusal[]): void {
  test.each(refusals)("$what", ({ what: _, text, ...expected }) => {
    expect(onlyDiagnosticOf(text)).toMatchObject({ file: "deployment.yaml", ...expected });
  });
}

describe("GIVEN parts that do not go together THEN the error says where, what, what is allowed and what to do", () => {
  refuses([
    {
      what: "an existing trail with a new bucket, which nobody writes to",
      text: existingFile({ logBucket: "{ create: {} }" }),
      line: 9,
      column: 16,
      field: "cloudTrail.logBucket.create",
      problem: "is a new bucket, but the existing trail writes to its own: the new one would stay empty",
      allowed: "logBucket: { existing: … } with an existing trail",
      remedy: 'Name the trail\'s bucket ("aws cloudtrail describe-trails", S3BucketName), or create a trail.',
    },
    {
      what: "a new key beside trail, bucket and topic that exist, which encrypts nothing",
      text: existingFile({ logKey: "{ create: {} }" }),
      line: 10,
      column: 13,
      field: "cloudTrail.logKey.create",
      problem: "is a new key, but trail, bucket and topic exist already: it would encrypt nothing",
      remedy:
        'Name the trail\'s key ("aws cloudtrail describe-trails", KmsKeyId), or leave logKey out if it has none.',
    },
    {
      what: "an existing trail that is to announce on a new topic",
      text: existingFile({ topic: "{ create: {} }" }),
      line: 11,
      column: 12,
      field: "cloudTrail.topic.create",
      problem: "is a new topic that nobody would publish to: an existing trail keeps the topic it has",
      allowed: "topic: { existing: … } with the trail's own topic, or notification: { s3: … }",
      remedy:
        'Name the trail\'s topic ("aws cloudtrail describe-trails", SnsTopicARN), or let the bucket announce its objects: notification: { s3: {} }.',
    },
    {
      what: "a new bucket without a key",
      text: cloudTrailFile({ logKey: "" }),
      line: 6,
      column: 1,
      field: "cloudTrail.logKey",
      problem: "is missing: the new log bucket and topic must be encrypted with a customer key",
      remedy: "Write logKey: { create: {} }, or name a key of yours: logKey: { existing: { arn: … } }.",
    },
    {
      what: "a new topic without a key",
      text: existingFile({
        logKey: "",
        topic: "{ create: {} }",
        logBucket: "{ existing: { name: our-logs, currentNotifications: {} } }",
        notification: "{ s3: {} }",
      }),
      line: 6,
      column: 1,
      field: "cloudTrail.logKey",
      problem: "is missing: the new topic must be encrypted with a customer key",
    },
    {
      what: "both a new and an existing bucket",
      text: cloudTrailFile({ logBucket: "{ create: {}, existing: { name: our-logs } }" }),
      line: 9,
      column: 3,
      field: "cloudTrail.logBucket",
      problem: "has 2 keys (create, existing)",
      allowed: "exactly one of create, existing",
      remedy: "Write { create: … } or { existing: … }.",
    },
    {
      what: "neither a new nor an existing topic",
      text: cloudTrailFile({ topic: "{}" }),
      line: 11,
      column: 3,
      field: "cloudTrail.topic",
      problem: "has no key",
      remedy: "Write { create: … } or { existing: … }.",
    },
    {
      what: "nothing to deploy",
      text: 'name: vectra-cdr\nregion: eu-west-1\naccounts: { single: { id: "222222222222" } }\n',
      line: 1,
      column: 1,
      field: "",
      problem: "describes nothing to deploy",
      allowed: "at least one of cloudTrail, securityLake, brainEgress",
      remedy: "examples/ has a file for each situation.",
    },
    {
      what: "the CloudTrail half without what the Vectra UI shows",
      text: cloudTrailFile({ vectra: "" }),
      line: 1,
      column: 1,
      field: "vectra",
      problem: "is missing: Vectra's role trusts this account and External ID",
      remedy: "Copy both from the Vectra UI, where they are shown while an AWS connection is created.",
    },
    {
      what: "what the Vectra UI shows without the CloudTrail half",
      text: VALID_DEPLOYMENT.replace(CLOUDTRAIL_HALF, "").replace(ITS_ACCOUNTS, ""),
      line: 9,
      column: 1,
      field: "vectra",
      problem: "has no use without cloudTrail: only Vectra's role trusts it",
      remedy: "Remove it, or add cloudTrail.",
    },
  ]);
});

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
      problem: "stands beside logArchive",
      remedy: "Rename single to the part it has (logArchive for the log bucket), or remove the others.",
    },
    {
      what: "an organization trail without the management account",
      text: cloudTrailFile({ ...ORGANIZATION, accounts: '{ logArchive: { id: "222222222222" } }' }),
      line: 4,
      column: 1,
      field: "accounts.management",
      problem: "is missing: the organization trail must be in an account",
      allowed: "accounts.management, or accounts.single for everything",
      remedy: 'Write management: { id: "…" } under accounts.',
    },
    {
      what: "a bucket without an account",
      text: cloudTrailFile({ ...ORGANIZATION, accounts: '{ management: { id: "111111111111" } }' }),
      line: 4,
      column: 1,
      field: "accounts.logArchive",
      problem: "is missing: bucket, topic and Vectra's role must be in an account",
    },
    {
      what: "a Brain's network without an account",
      text: `${cloudTrailFile({ accounts: '{ logArchive: { id: "222222222222" } }' })}brainEgress: { dataSourceRegions: [eu] }\n`,
      line: 4,
      column: 1,
      field: "accounts.brain",
      problem: "is missing: the way out of the Brain's network must be in an account",
    },
    {
      what: "an exporter without an account",
      text: `${cloudTrailFile({ accounts: '{ logArchive: { id: "222222222222" } }' })}${VALID_DEPLOYMENT.slice(VALID_DEPLOYMENT.indexOf("securityLake:\n  bucketName"))}`,
      line: 4,
      column: 1,
      field: "accounts.securityLake",
      problem: "is missing: custom source and exporter must be in an account",
    },
    {
      what: "a management account beside an existing trail",
      text: existingFile({ accounts: ORGANIZATION.accounts ?? "" }),
      line: 4,
      column: 13,
      field: "accounts.management",
      problem:
        "nothing would be deployed there: it is for an organization trail that this deployment creates",
      remedy: "Remove it, or add what belongs there.",
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
        "nothing would be deployed there: it is for trails that this deployment creates account by account",
      remedy:
        "Remove it: an organization trail records every account. Or leave cloudTrail.organizationId out.",
    },
    {
      what: "a role for members without members",
      text: cloudTrailFile({
        accounts: '{ logArchive: { id: "222222222222" }, membersAssumeRole: { roleName: terraform } }',
      }),
      line: 4,
      column: 49,
      field: "accounts.membersAssumeRole",
      problem: "nothing would be deployed there: it is for accounts.members",
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
      problem: '"555555555551" is accounts.members[0] already',
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
      problem: '"arn:aws:iam::555555555552:role/t" is a role of account 555555555552, not of 555555555551',
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
      problem: "is missing: the trail covers an organization",
      remedy: 'Read it with "aws organizations describe-organization" (Organization.Id).',
    },
    {
      what: "an account's trail with an organization",
      text: cloudTrailFile({ organizationId: "o-a1b2c3d4e5", trail: "{ create: { scope: account } }" }),
      line: 8,
      column: 29,
      field: "cloudTrail.trail.create.scope",
      problem: "account stands beside cloudTrail.organizationId, which is for a trail of the organization",
      remedy: "Remove one of the two.",
    },
    {
      what: "an existing role in another account than the bucket's",
      text: cloudTrailFile({ role: '{ existing: { arn: "arn:aws:iam::111111111111:role/vectra" } }' }),
      line: 13,
      column: 28,
      field: "cloudTrail.role.existing.arn",
      problem:
        '"arn:aws:iam::111111111111:role/vectra" is a role of account 111111111111, but the log bucket is in 222222222222',
      remedy: "Name a role of that account, or let one be created: role: { create: {} }.",
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
        '"arn:aws:iam::888888888888:role/reader" is a principal of account 888888888888, but Vectra\'s account is 999999999999',
      allowed: "a role or user of account 999999999999",
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
      problem:
        '"arn:aws:iam::555555555551:policy/b" is a policy of account 555555555551, but the role is made in every member',
      remedy: "Leave it out.",
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
      problem: "ApiCallRateInsight counts write events, and managementEvents: read records none",
      remedy: "Record all management events, which Vectra needs too, or leave this insight out.",
    },
  ]);
});

describe("GIVEN an existing bucket, key or topic THEN what would harm its owner or fail is refused", () => {
  refuses([
    {
      what: "notifications of an existing bucket without the list of what is there",
      text: existingFile({ notification: "{ s3: {} }" }),
      line: 9,
      column: 16,
      field: "cloudTrail.logBucket.existing.currentNotifications",
      problem:
        "is missing: S3 keeps one notification configuration per bucket, and ours would silently replace the owner's entries",
      allowed: "the entries that the bucket has today; {} when it has none",
      remedy:
        'List what "aws s3api get-bucket-notification-configuration --bucket our-logs" shows, or use notification: { trail: {} }.',
    },
    {
      what: "a list of notifications that nobody would look at",
      text: existingFile({ logBucket: "{ existing: { name: our-logs, currentNotifications: {} } }" }),
      line: 9,
      column: 44,
      field: "cloudTrail.logBucket.existing.currentNotifications",
      problem: "has no use: the trail announces its log files, and the bucket's notifications are left alone",
      remedy: "Remove it, or write notification: { s3: {} }.",
    },
    {
      what: "objects of an organization without its accounts",
      text: cloudTrailFile({ ...ORGANIZATION, notification: "{ s3: {} }" }),
      line: 12,
      column: 19,
      field: "cloudTrail.notification.s3.logAccountIds",
      problem: "is missing: S3 tells log files from digest files only below each account's own folder",
      allowed: "1 to 100 account ids",
      remedy:
        'List the accounts ("aws organizations list-accounts"), or let the trail announce: notification: { trail: {} }.',
    },
    {
      what: "objects of more member accounts than S3 has notifications",
      text: cloudTrailFile({
        accounts: `{ logArchive: { id: "222222222222" }, members: [${Array.from({ length: 101 }, (_, index) => `{ id: "${500000000000 + index}" }`).join(", ")}] }`,
        notification: "{ s3: {} }",
      }),
      line: 12,
      column: 19,
      field: "cloudTrail.notification.s3",
      problem: "needs one entry for each of 101 accounts, and S3 allows 100 a bucket",
      remedy: "Let the trails announce: notification: { trail: {} }.",
    },
    {
      what: "a policy to own without what is in it",
      text: existingFile({ logBucket: "{ existing: { name: our-logs, policy: own } }" }),
      line: 9,
      column: 16,
      field: "cloudTrail.logBucket.existing.currentStatements",
      problem: "is missing: policy: own writes the whole document, and what is not listed would be lost",
      allowed: "every statement of the policy as it is today",
      remedy: 'Paste the list under "Statement", or choose policy: print.',
    },
    {
      what: "a policy to own with nothing in it",
      text: existingFile({ topic: `{ existing: { arn: "${TOPIC}", policy: own, currentStatements: [] } }` }),
      line: 11,
      column: 90,
      field: "cloudTrail.topic.existing.currentStatements",
      problem:
        "is an empty list: policy: own writes the whole document, and what is not listed would be lost",
    },
    {
      what: "the policy of a topic of another account",
      text: existingFile({
        topic:
          '{ existing: { arn: "arn:aws:sns:eu-west-1:444444444444:theirs", policy: own, currentStatements: [{ Effect: Allow }] } }',
      }),
      line: 11,
      column: 82,
      field: "cloudTrail.topic.existing.policy",
      problem:
        'own is not possible here: "arn:aws:sns:eu-west-1:444444444444:theirs" is in account 444444444444, eu-west-1',
      remedy: "Choose policy: print and let its owner add the statements.",
    },
    {
      what: "a topic in another region than the bucket that notifies it",
      text: existingFile({
        logBucket: "{ existing: { name: our-logs, currentNotifications: {} } }",
        topic: '{ existing: { arn: "arn:aws:sns:us-east-1:222222222222:our-topic" } }',
        notification: "{ s3: {} }",
      }),
      line: 11,
      column: 29,
      field: "cloudTrail.topic.existing.arn",
      problem:
        '"arn:aws:sns:us-east-1:222222222222:our-topic" is a topic in us-east-1, but the bucket is in eu-west-1, and S3 notifies topics of its own region only',
      allowed: "a topic in eu-west-1",
    },
    {
      what: "a key in another region than the bucket",
      text: existingFile({ logKey: '{ existing: { arn: "arn:aws:kms:us-east-1:222222222222:key/1" } }' }),
      line: 10,
      column: 30,
      field: "cloudTrail.logKey.existing.arn",
      problem:
        '"arn:aws:kms:us-east-1:222222222222:key/1" is a key in us-east-1, but the log bucket is in eu-west-1',
      allowed: "a key in eu-west-1: CloudTrail encrypts with a key of the bucket's region only",
    },
    {
      what: "a new key in another region than the bucket",
      text: cloudTrailFile({
        logBucket: "{ existing: { name: our-logs, region: us-east-1 } }",
      }),
      line: 10,
      column: 13,
      field: "cloudTrail.logKey.create",
      problem: "is a new key in eu-west-1, but the log bucket is in us-east-1",
      remedy: "Name a key there: logKey: { existing: { arn: … } }, or set region: us-east-1.",
    },
    {
      what: "notifications of a bucket in another region",
      text: existingFile({
        logBucket: "{ existing: { name: our-logs, region: us-east-1, currentNotifications: {} } }",
        logKey: "",
        topic: '{ existing: { arn: "arn:aws:sns:us-east-1:222222222222:our-topic" } }',
        notification: "{ s3: {} }",
      }),
      line: 9,
      column: 52,
      field: "cloudTrail.logBucket.existing.region",
      problem:
        "us-east-1 is not the deployment's region eu-west-1, from which notifications of the bucket would be written",
      remedy: "Set region: us-east-1: topic and notifications must be where the bucket is.",
    },
    {
      what: "leaving where nothing is somebody else's",
      text: `${cloudTrailFile()}  leaving: withdraw\n`,
      line: 15,
      column: 12,
      field: "cloudTrail.leaving",
      problem: "withdraw has no use: bucket, key and topic are this deployment's own",
      remedy: "Remove it. To destroy what was created, set retain: false and apply first.",
    },
    {
      what: "an alias in the place of a key",
      text: existingFile({
        logKey: '{ existing: { arn: "arn:aws:kms:eu-west-1:222222222222:alias/logs" } }',
      }),
      line: 10,
      column: 30,
      field: "cloudTrail.logKey.existing.arn",
      problem: '"arn:aws:kms:eu-west-1:222222222222:alias/logs" (45 characters) is not valid',
      allowed: "arn:aws:kms:<region>:<12 digits>:key/<id>",
    },
    {
      what: "a statement that is none",
      text: existingFile({
        logBucket:
          "{ existing: { name: our-logs, currentStatements: [{ Effect: Allow, Principal: { Aws: x }, Action: s3:GetObject }] } }",
      }),
      line: 9,
      column: 94,
      field: "cloudTrail.logBucket.existing.currentStatements[0].Principal.Aws",
      problem: "unknown key",
      allowed: "AWS, Service, Federated, CanonicalUser",
      remedy: "Did you mean AWS?",
    },
  ]);
});

describe("GIVEN a new bucket THEN settings that contradict each other are refused", () => {
  refuses([
    {
      what: "a lock that nobody can lift on a bucket that may be destroyed",
      text: `${cloudTrailFile({ logBucket: "{ create: { objectLock: { mode: COMPLIANCE, days: 30 } } }" })}retain: false\n`,
      line: 9,
      column: 46,
      field: "cloudTrail.logBucket.create.objectLock.mode",
      problem: "COMPLIANCE lets nobody delete log files, but retain: false asks that they can be destroyed",
      remedy: "Choose GOVERNANCE, or remove retain: false.",
    },
    {
      what: "a lock that outlasts the log files",
      text: cloudTrailFile({ logBucket: "{ create: { objectLock: { mode: GOVERNANCE, days: 400 } } }" }),
      line: 9,
      column: 64,
      field: "cloudTrail.logBucket.create.objectLock.days",
      problem: "400 days of lock outlast the log files, which expire after 365 days",
      remedy: "Lower objectLock.days or raise expireAfterDays.",
    },
    {
      what: "access logs into the log bucket itself",
      text: cloudTrailFile({
        logBucket: "{ create: { name: our-logs, accessLogs: { bucketName: our-logs } } }",
      }),
      line: 9,
      column: 68,
      field: "cloudTrail.logBucket.create.accessLogs.bucketName",
      problem: '"our-logs" is the log bucket itself: each access log would be an access to log',
      remedy: "Name a bucket for access logs, or leave accessLogs out.",
    },
    {
      what: "data events of an existing log bucket",
      text: existingFile({
        trail: "{ create: { events: { s3DataEvents: { only: [{ bucketName: our-logs }] } } } }",
      }),
      line: 8,
      column: 69,
      field: "cloudTrail.trail.create.events.s3DataEvents.only[0].bucketName",
      problem: '"our-logs" is the log bucket itself: each delivery would be an event to deliver',
      remedy: "Remove it from the list.",
    },
    {
      what: "more buckets than a trail has conditions",
      text: cloudTrailFile({
        trail: `{ create: { events: { s3DataEvents: { only: [${Array.from({ length: 497 }, (_, index) => `{ bucketName: bucket-${index} }`).join(", ")}] } } } }`,
      }),
      line: 8,
      column: 48,
      field: "cloudTrail.trail.create.events.s3DataEvents.only",
      problem: "has 497 entries",
      allowed: "a list of at most 496 buckets",
      remedy: "Name fewer buckets, those whose content matters.",
    },
  ]);
});

describe("GIVEN a partition THEN what belongs to another, or does not exist in it, is refused", () => {
  refuses([
    {
      what: "a region of another partition",
      text: cloudTrailFile({ region: "us-gov-west-1" }),
      line: 3,
      column: 9,
      field: "region",
      problem: "us-gov-west-1 is a region of partition aws-us-gov, but the deployment is in aws",
      allowed: "a region of aws",
      remedy: "Write partition: aws-us-gov, or correct the region.",
    },
    {
      what: "an ARN of another partition",
      text: cloudTrailFile({
        partition: "aws-us-gov",
        region: "us-gov-west-1",
        role: `{ existing: { arn: "${ROLE}" } }`,
      }),
      line: 13,
      column: 28,
      field: "cloudTrail.role.existing.arn",
      problem: `"${ROLE}" is an ARN of partition aws, but the deployment is in aws-us-gov`,
      allowed: "an ARN beginning with arn:aws-us-gov:",
    },
    {
      what: "version 2 tokens where STS has no global endpoint",
      text: cloudTrailFile({ partition: "aws-cn", region: "cn-north-1", stsV2Tokens: "true" }),
      line: 14,
      column: 16,
      field: "cloudTrail.stsV2Tokens",
      problem: "true has no use in aws-cn: STS has no global endpoint there",
      remedy: "Remove it: every token is valid in all regions of that partition.",
    },
    {
      what: "Security Lake in China",
      text: `${cloudTrailFile({ partition: "aws-cn", region: "cn-north-1" })}${VALID_DEPLOYMENT.slice(VALID_DEPLOYMENT.indexOf("securityLake:\n  bucketName")).replace("eu-west-1", "cn-north-1")}`,
      line: 15,
      column: 1,
      field: "securityLake",
      problem: "Amazon Security Lake does not exist in aws-cn",
    },
  ]);
});

test("GIVEN one field that is wrong by itself WHEN others depend on it THEN only the one is told", () => {
  expect(onlyDiagnosticOf(cloudTrailFile({ ...ORGANIZATION, organizationId: "organization" }))).toMatchObject(
    { field: "cloudTrail.organizationId" },
  );
  expect(onlyDiagnosticOf(existingFile({ notification: "{ s3: 7 }" }))).toMatchObject({
    field: "cloudTrail.notification.s3",
  });
  expect(onlyDiagnosticOf(cloudTrailFile({ logKey: "{ create: [] }" }))).toMatchObject({
    field: "cloudTrail.logKey.create",
  });
  expect(onlyDiagnosticOf(existingFile({ trail: `{ existing: { arn: "${KEY}" } }` }))).toMatchObject({
    field: "cloudTrail.trail.existing.arn",
  });
});
