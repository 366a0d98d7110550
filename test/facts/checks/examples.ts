import type { Check, CheckFinding, ValuesOf } from "../../../facts/checks/check.js";
import { known, OMITTED } from "../../../facts/checks/check.js";
import type { CHECKS } from "../../../facts/checks/index.js";

/** Values in which a check finds something, every one of them needed for it, and what it finds. */
interface Example<C> {
  readonly when: string;
  readonly values: C extends Check<infer T> ? ValuesOf<T> : never;
  readonly findings: readonly CheckFinding[];
}

/** At least one for every check. Names of values are the keys in angle brackets. */
export const EXAMPLES: { readonly [Name in keyof typeof CHECKS]: readonly Example<(typeof CHECKS)[Name]>[] } =
  {
    "expiry-after-transition": [
      {
        when: "logs expire before they move",
        values: { expireAfterDays: known(60), transitionToGlacierAfterDays: known(90) },
        findings: [
          {
            key: "expireAfterDays",
            problem: "logs would expire (60 days) before they move to Glacier (90 days)",
            allowed: "more than <transitionToGlacierAfterDays> (90)",
            remedy: "Raise <expireAfterDays> or lower <transitionToGlacierAfterDays>.",
          },
        ],
      },
      {
        when: "logs expire on the day they would move by default",
        values: { expireAfterDays: known(90), transitionToGlacierAfterDays: OMITTED },
        findings: [
          {
            key: "expireAfterDays",
            problem: "logs would expire on the day they move to Glacier (90 days)",
            allowed: "more than <transitionToGlacierAfterDays> (90)",
            remedy: "Raise <expireAfterDays> or lower <transitionToGlacierAfterDays>.",
          },
        ],
      },
      {
        when: "logs move after they expire by default",
        values: { expireAfterDays: OMITTED, transitionToGlacierAfterDays: known(400) },
        findings: [
          {
            key: "expireAfterDays",
            problem: "logs would expire (365 days) before they move to Glacier (400 days)",
            allowed: "more than <transitionToGlacierAfterDays> (400)",
            remedy: "Raise <expireAfterDays> or lower <transitionToGlacierAfterDays>.",
          },
        ],
      },
    ],
    "access-logs-elsewhere": [
      {
        when: "access logs go into the log bucket itself",
        values: { accessLogsBucketName: known("acme-logs"), logBucketName: known("acme-logs") },
        findings: [
          {
            key: "accessLogsBucketName",
            problem: "must not be the log bucket itself, where every access log would cause another",
            allowed: "another bucket in the same account and region",
            remedy: "Use another bucket for access logs, or omit them.",
          },
        ],
      },
    ],
    "alarm-topic-region": [
      {
        when: "the second topic is in another region than the alarms",
        values: {
          topicArns: [OMITTED, known("arn:aws:sns:us-east-1:333333333333:alarms")],
          region: known("eu-west-1"),
        },
        findings: [
          {
            key: "topicArns",
            index: 1,
            problem:
              "the topic is in us-east-1, but the alarms are in eu-west-1, and CloudWatch notifies only topics in its own region",
            allowed: "an SNS topic in eu-west-1",
            remedy: "Use a topic in eu-west-1; its subscribers may be anywhere.",
          },
        ],
      },
    ],
    "athena-queries-have-table": [
      {
        when: "there are queries and no table",
        values: { athenaQueries: known({}), table: OMITTED },
        findings: [
          {
            key: "athenaQueries",
            problem:
              "cannot be created without <table>: Security Lake names the table, so it cannot be guessed",
            allowed: "<athenaQueries> with <table>",
            remedy:
              "Set <table> to the table's database and name, as Athena lists them, or omit <athenaQueries>.",
          },
        ],
      },
    ],
    "backfill-leaves-runs": [
      {
        when: "there are more slices than reserved runs",
        values: { maxConcurrency: known(6), reservedConcurrentExecutions: known(5) },
        findings: [
          {
            key: "maxConcurrency",
            problem: "6 slices at once would use all 5 reserved runs, and the live export would wait",
            allowed: "fewer slices than <reservedConcurrentExecutions> (5)",
            remedy:
              "Raise <reservedConcurrentExecutions> to 6 and one more for each tenant, or lower <maxConcurrency>.",
          },
        ],
      },
      {
        when: "there are as many slices by default",
        values: { maxConcurrency: OMITTED, reservedConcurrentExecutions: known(4) },
        findings: [
          {
            key: "maxConcurrency",
            problem: "4 slices at once would use all 4 reserved runs, and the live export would wait",
            allowed: "fewer slices than <reservedConcurrentExecutions> (4)",
            remedy:
              "Raise <reservedConcurrentExecutions> to 4 and one more for each tenant, or lower <maxConcurrency>.",
          },
        ],
      },
    ],
    "boundary-account": [
      {
        when: "the boundary is of another account",
        values: {
          permissionsBoundary: known("arn:aws:iam::999999999999:policy/bounds"),
          accountId: known("333333333333"),
        },
        findings: [
          {
            key: "permissionsBoundary",
            problem: "the policy is in account 999999999999, but the role is in 333333333333",
            allowed: "a policy in account 333333333333, or an AWS managed policy",
            remedy: "Use a policy in account 333333333333.",
          },
        ],
      },
    ],
    "cloudtrail-join-has-identities": [
      {
        when: "no tenant has a profile whose records name identities",
        values: { cloudTrailTable: known("cloud_trail_mgmt_2_0"), profiles: [known("vectra")] },
        findings: [
          {
            key: "cloudTrailTable",
            problem:
              "cannot be joined: records of profile vectra contain neither AWS accounts nor identities",
            allowed: "a table, if a tenant uses a profile other than vectra",
            remedy: "Omit <cloudTrailTable>, or choose a strict profile for a tenant.",
          },
        ],
      },
      {
        when: "the only tenant has the default profile",
        values: { cloudTrailTable: known("cloud_trail_mgmt_2_0"), profiles: [OMITTED] },
        findings: [
          {
            key: "cloudTrailTable",
            problem:
              "cannot be joined: records of profile vectra contain neither AWS accounts nor identities",
            allowed: "a table, if a tenant uses a profile other than vectra",
            remedy: "Omit <cloudTrailTable>, or choose a strict profile for a tenant.",
          },
        ],
      },
    ],
    "insights-have-events": [
      {
        when: "call rates are to be analyzed and no write event is recorded",
        values: { insights: [OMITTED, known("ApiCallRateInsight")], managementEvents: known("read") },
        findings: [
          {
            key: "insights",
            index: 1,
            problem: "ApiCallRateInsight analyzes write events, and <managementEvents>: read records none",
            allowed: "ApiCallRateInsight with <managementEvents>: all or write",
            remedy: "Record all management events, which Vectra needs too, or omit this insight.",
          },
        ],
      },
    ],
    "key-region": [
      {
        when: "the key is in another region",
        values: { keyRegion: known("us-east-1"), region: known("eu-west-1") },
        findings: [
          {
            key: "keyRegion",
            problem: "the key is in us-east-1, but what it encrypts is in eu-west-1",
            allowed: "a key in eu-west-1",
            remedy: "Use a key in eu-west-1, or correct <region>.",
          },
        ],
      },
    ],
    "lag-above-accumulation": [
      {
        when: "the second tenant's events may wait for too long",
        values: { maxAgeSeconds: [OMITTED, known(3001)], lagThresholdSeconds: known(3600) },
        findings: [
          {
            key: "maxAgeSeconds",
            index: 1,
            problem:
              "events may wait 3001 seconds, but the lag alarm goes off at 3600 seconds and needs a margin of 600",
            allowed: "at most 3000 seconds",
            remedy: "Set <lagThresholdSeconds> to 3601 or more, or lower <maxAgeSeconds[1]>.",
          },
        ],
      },
      {
        when: "they may wait for too long for the default threshold",
        values: { maxAgeSeconds: [known(1201)], lagThresholdSeconds: OMITTED },
        findings: [
          {
            key: "maxAgeSeconds",
            index: 0,
            problem:
              "events may wait 1201 seconds, but the lag alarm goes off at 1800 seconds and needs a margin of 600",
            allowed: "at most 1200 seconds",
            remedy: "Set <lagThresholdSeconds> to 1801 or more, or lower <maxAgeSeconds[0]>.",
          },
        ],
      },
      {
        when: "the threshold leaves less than any wait may be",
        values: { maxAgeSeconds: [known(60)], lagThresholdSeconds: known(659) },
        findings: [
          {
            key: "maxAgeSeconds",
            index: 0,
            problem:
              "events may wait 60 seconds, but the lag alarm goes off at 659 seconds and needs a margin of 600",
            remedy: "Set <lagThresholdSeconds> to 660 or more.",
          },
        ],
      },
    ],
    "lake-bucket-region": [
      {
        when: "the bucket is named after another region",
        values: {
          bucketName: known("aws-security-data-lake-us-east-1-abcdefghij"),
          region: known("eu-west-1"),
        },
        findings: [
          {
            key: "bucketName",
            problem: "must be the lake's bucket in eu-west-1",
            allowed: "aws-security-data-lake-eu-west-1-<id>",
            remedy: 'Read it with "aws securitylake list-data-lakes", or correct <region>.',
          },
        ],
      },
    ],
    "lock-before-expiry": [
      {
        when: "logs are locked for longer than they are kept",
        values: { lockDays: known(400), expireAfterDays: known(399) },
        findings: [
          {
            key: "lockDays",
            problem: "logs would be locked (400 days) for longer than they are kept (399 days)",
            allowed: "at most <expireAfterDays> (399)",
            remedy: "Lower <lockDays> or raise <expireAfterDays>.",
          },
        ],
      },
      {
        when: "logs are locked for longer than they are kept by default",
        values: { lockDays: known(366), expireAfterDays: OMITTED },
        findings: [
          {
            key: "lockDays",
            problem: "logs would be locked (366 days) for longer than they are kept (365 days)",
            allowed: "at most <expireAfterDays> (365)",
            remedy: "Lower <lockDays> or raise <expireAfterDays>.",
          },
        ],
      },
    ],
    "log-bucket-not-watched": [
      {
        when: "the second bucket is the log bucket",
        values: { watchedBuckets: [OMITTED, known("acme-logs")], logBucket: known("acme-logs") },
        findings: [
          {
            key: "watchedBuckets",
            index: 1,
            problem: "must not be the log bucket itself, where every delivery would cause another event",
            allowed: "any other bucket",
            remedy: "Remove it from the list.",
          },
        ],
      },
    ],
    "notification-entries": [
      {
        when: "there are more accounts than entries",
        values: { accountCount: known(101), otherEntryCount: OMITTED },
        findings: [
          {
            key: "accountCount",
            problem:
              "needs 101 entries in the bucket's notification configuration (one for each account); S3 allows 100",
            remedy: "Let the trail notify the topic instead, which needs no entries.",
          },
        ],
      },
      {
        when: "the owner's entries leave too few",
        values: { accountCount: known(99), otherEntryCount: known(2) },
        findings: [
          {
            key: "accountCount",
            problem:
              "needs 99 entries in the bucket's notification configuration (one for each account), in addition to 2 of the bucket's owner; S3 allows 100",
            remedy: "Let the trail notify the topic instead, which needs no entries.",
          },
        ],
      },
    ],
    "notifications-listed": [
      {
        when: "nobody says what an existing bucket notifies",
        values: { bucketExists: known(true), currentNotifications: OMITTED },
        findings: [
          {
            key: "currentNotifications",
            problem:
              "is required for an existing bucket: a bucket has one notification configuration, and this one would replace the owner's entries",
            allowed: "the entries that the bucket has today; {} if it has none",
            remedy:
              'List what "aws s3api get-bucket-notification-configuration --bucket <bucket>" shows, or let the trail notify the topic instead.',
          },
        ],
      },
      {
        when: "a new bucket is said to notify something",
        values: { bucketExists: known(false), currentNotifications: known({}) },
        findings: [
          {
            key: "currentNotifications",
            problem: "is not possible for a new bucket, which has no notifications yet",
            remedy: "Omit it.",
          },
        ],
      },
    ],
    "object-lock-mode": [
      {
        when: "no one can delete the logs of a bucket that can be destroyed",
        values: { mode: known("COMPLIANCE"), retain: known(false) },
        findings: [
          {
            key: "mode",
            problem:
              "no one can delete logs locked in COMPLIANCE mode, but <retain>: false requires that they can be destroyed",
            allowed: "GOVERNANCE, or COMPLIANCE with <retain>: true",
            remedy: "Choose GOVERNANCE, or remove <retain>: false.",
          },
        ],
      },
    ],
    "owned-policy-stated": [
      {
        when: "nobody says what the policy holds",
        values: { behaviour: known("own"), currentStatementCount: OMITTED },
        findings: [
          {
            key: "currentStatementCount",
            problem:
              "is required when <behaviour> is own: the policy is written as a whole, and a statement that is not listed would be deleted",
            allowed: "every statement of the current policy",
            remedy:
              "Copy the policy's Statement list here, or set <behaviour> to print and have the owner add what is needed.",
          },
        ],
      },
      {
        when: "the policy is said to hold nothing",
        values: { behaviour: known("own"), currentStatementCount: known(0) },
        findings: [
          {
            key: "currentStatementCount",
            problem:
              "must not be empty when <behaviour> is own: the policy is written as a whole, and a statement that is not listed would be deleted",
            allowed: "every statement of the current policy",
            remedy:
              "Copy the policy's Statement list here, or set <behaviour> to print and have the owner add what is needed.",
          },
        ],
      },
    ],
    "partition-features": [
      {
        when: "an organization trail is to be in the European Sovereign Cloud",
        values: {
          partition: known("aws-eusc"),
          organizationTrail: known(true),
          stsV2Tokens: OMITTED,
          securityLake: OMITTED,
        },
        findings: [
          {
            key: "organizationTrail",
            problem:
              "organization trails are not available in partition aws-eusc: AWS Organizations has no endpoint there",
            remedy: "Give each account its own trail, all into one bucket.",
          },
        ],
      },
      {
        when: "version 2 tokens are to be in GovCloud",
        values: {
          partition: known("aws-us-gov"),
          organizationTrail: OMITTED,
          stsV2Tokens: known(true),
          securityLake: OMITTED,
        },
        findings: [
          {
            key: "stsV2Tokens",
            problem:
              "version 2 tokens of STS are not available in partition aws-us-gov: STS has no global endpoint there, and every token is already valid in all regions",
            remedy: "Omit version 2 tokens.",
          },
        ],
      },
      {
        when: "Security Lake is to be in China",
        values: {
          partition: known("aws-cn"),
          organizationTrail: OMITTED,
          stsV2Tokens: OMITTED,
          securityLake: known(true),
        },
        findings: [
          {
            key: "securityLake",
            problem: "Security Lake is not available in partition aws-cn: it has no endpoint there",
            remedy: "Remove it, and export from a deployment in partition aws.",
          },
        ],
      },
    ],
    "provider-role-account": [
      {
        when: "the role is in another account",
        values: {
          providerRoleArn: known("arn:aws:iam::444444444444:role/AmazonSecurityLake-Provider-x-eu-west-1"),
          accountId: known("333333333333"),
          partition: OMITTED,
        },
        findings: [
          {
            key: "providerRoleArn",
            problem: "the role is in account 444444444444, but the lake is in 333333333333",
            allowed: "a role in account 333333333333",
            remedy: 'Copy provider.roleArn from "aws securitylake list-log-sources".',
          },
        ],
      },
      {
        when: "the role is in another partition",
        values: {
          providerRoleArn: known("arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-x-eu-west-1"),
          accountId: OMITTED,
          partition: known("aws-us-gov"),
        },
        findings: [
          {
            key: "providerRoleArn",
            problem: "the role is in partition aws, but the lake is in aws-us-gov",
            remedy: 'Copy provider.roleArn from "aws securitylake list-log-sources".',
          },
        ],
      },
    ],
    "s3-topic-region": [
      {
        when: "the topic is in another region than the bucket",
        values: {
          topicArn: known("arn:aws:sns:us-east-1:222222222222:logs"),
          bucketRegion: known("eu-west-1"),
        },
        findings: [
          {
            key: "topicArn",
            problem:
              "the topic is in us-east-1, but the bucket is in eu-west-1, and S3 publishes only to topics in the bucket's region",
            allowed: "a topic in eu-west-1",
            remedy: "Use or create a topic in eu-west-1.",
          },
        ],
      },
    ],
    "schedule-within-alarm": [
      {
        when: "runs are 16 minutes apart",
        values: { schedule: known("rate(16 minutes)") },
        findings: [
          {
            key: "schedule",
            problem:
              "runs must be at most 15 minutes apart: an alarm expects a successful run in every 30 minutes",
            allowed: "a rate of at most 15 minutes",
            remedy: "Choose a shorter rate.",
          },
        ],
      },
      {
        when: "runs are a day apart",
        values: { schedule: known("rate(1 day)") },
        findings: [
          {
            key: "schedule",
            problem:
              "runs must be at most 15 minutes apart: an alarm expects a successful run in every 30 minutes",
            allowed: "a rate of at most 15 minutes",
            remedy: "Choose a shorter rate.",
          },
        ],
      },
    ],
    "secret-beside-exporter": [
      {
        when: "the secret is in another region",
        values: {
          secretArns: [known("arn:aws:secretsmanager:us-east-1:333333333333:secret:vectra-abcdef")],
          accountId: known("333333333333"),
          region: known("eu-west-1"),
        },
        findings: [
          {
            key: "secretArns",
            index: 0,
            problem:
              "the secret is in account 333333333333, us-east-1, but the exporter is in account 333333333333, eu-west-1",
            allowed: "a secret in account 333333333333, eu-west-1",
            remedy: "Use a secret in account 333333333333, eu-west-1, or have one created.",
          },
        ],
      },
      {
        when: "the secret is in another account",
        values: {
          secretArns: [known("arn:aws:secretsmanager:eu-west-1:444444444444:secret:vectra-abcdef")],
          accountId: known("333333333333"),
          region: known("eu-west-1"),
        },
        findings: [
          {
            key: "secretArns",
            index: 0,
            problem:
              "the secret is in account 444444444444, eu-west-1, but the exporter is in account 333333333333, eu-west-1",
            allowed: "a secret in account 333333333333, eu-west-1",
            remedy: "Use a secret in account 333333333333, eu-west-1, or have one created.",
          },
        ],
      },
    ],
    "tag-keys-differ": [
      {
        when: "a key differs from an earlier one in case only",
        values: { keys: [known("Team"), known("team")] },
        findings: [
          {
            key: "keys",
            index: 1,
            problem: 'differs from "Team" in case only, and IAM refuses a role with both',
            allowed: "tag keys that differ by more than case",
            remedy: "Remove one of the two, or rename it.",
          },
        ],
      },
    ],
    "tenants-differ": [
      {
        when: "two tenants have one name",
        values: { names: [known("acme"), known("acme")], urls: [] },
        findings: [
          {
            key: "names",
            index: 1,
            problem: "must differ from <names[0]>: tenants with one name would share a checkpoint",
            remedy: "Give each tenant its own name.",
          },
        ],
      },
      {
        when: "two tenants have one address, written differently",
        values: {
          names: [],
          urls: [known("https://1.uw2.portal.vectra.ai"), known("https://1.UW2.portal.vectra.ai/")],
        },
        findings: [
          {
            key: "urls",
            index: 1,
            problem: "must differ from <urls[0]>: the tenant would be exported twice",
            remedy: "Remove one of the two tenants.",
          },
        ],
      },
    ],
    "tenants-share-class": [
      {
        when: "two tenants write two event classes",
        values: { profiles: [known("vectra"), known("detection-finding-1.3")], sourceEventClass: OMITTED },
        findings: [
          {
            key: "profiles",
            index: 1,
            problem:
              "writes DETECTION_FINDING, but <profiles[0]> writes SECURITY_FINDING, and a source holds one event class",
            allowed: "a profile that writes SECURITY_FINDING",
            remedy:
              "Choose a profile that writes SECURITY_FINDING, or export this tenant to its own source, in another deployment.",
          },
        ],
      },
      {
        when: "a tenant writes another event class than the source's",
        values: { profiles: [known("vectra")], sourceEventClass: known("DETECTION_FINDING") },
        findings: [
          {
            key: "profiles",
            index: 0,
            problem:
              "writes SECURITY_FINDING, but the custom source (<sourceEventClass>) holds DETECTION_FINDING, and a source holds one event class",
            allowed: "a profile that writes DETECTION_FINDING",
            remedy:
              "Choose a profile that writes DETECTION_FINDING, or export this tenant to its own source, in another deployment.",
          },
        ],
      },
    ],
    "vectra-principal": [
      {
        when: "the principal is in another account",
        values: {
          vectraPrincipalArn: known("arn:aws:iam::888888888888:role/reader"),
          vectraAccountId: known("999999999999"),
          partition: OMITTED,
        },
        findings: [
          {
            key: "vectraPrincipalArn",
            problem:
              "the principal is in account 888888888888, but Vectra's account (<vectraAccountId>) is 999999999999",
            allowed: "a role or user in account 999999999999",
            remedy:
              "Copy account and principal from the same page of the Vectra UI, or omit <vectraPrincipalArn>: account and External ID are enough.",
          },
        ],
      },
      {
        when: "the principal is in another partition",
        values: {
          vectraPrincipalArn: known("arn:aws:iam::999999999999:role/reader"),
          vectraAccountId: OMITTED,
          partition: known("aws-us-gov"),
        },
        findings: [
          {
            key: "vectraPrincipalArn",
            problem: "the principal is in partition aws, but the role is in aws-us-gov",
            remedy:
              "Copy account and principal from the same page of the Vectra UI, or omit <vectraPrincipalArn>: account and External ID are enough.",
          },
        ],
      },
    ],
  };
