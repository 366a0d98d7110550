import type { Check, ValuesOf } from "../../../facts/checks/check.js";
import { known, OMITTED } from "../../../facts/checks/check.js";
import type { CHECKS } from "../../../facts/checks/index.js";

interface Accepted<C> {
  readonly when: string;
  readonly values: C extends Check<infer T> ? ValuesOf<T> : never;
}

/** Values in which a check finds nothing, as close to a finding as they can be. At least one for every check. */
export const ACCEPTED: {
  readonly [Name in keyof typeof CHECKS]: readonly Accepted<(typeof CHECKS)[Name]>[];
} = {
  "access-logs-elsewhere": [
    {
      when: "the buckets differ",
      values: { accessLogsBucketName: known("acme-access"), logBucketName: known("acme-logs") },
    },
    { when: "there are none", values: { accessLogsBucketName: OMITTED, logBucketName: OMITTED } },
  ],
  "alarm-topic-region": [
    {
      when: "the topic is in the alarms' region",
      values: { topicArns: [known("arn:aws:sns:eu-west-1:333333333333:alarms")], region: known("eu-west-1") },
    },
  ],
  "athena-queries-have-table": [
    { when: "the table is given", values: { athenaQueries: known({}), table: known({}) } },
    { when: "there are no queries", values: { athenaQueries: OMITTED, table: OMITTED } },
  ],
  "backfill-leaves-runs": [
    {
      when: "one run is left by default",
      values: { maxConcurrency: OMITTED, reservedConcurrentExecutions: known(5) },
    },
    {
      when: "nothing is reserved",
      values: { maxConcurrency: known(100), reservedConcurrentExecutions: OMITTED },
    },
  ],
  "boundary-account": [
    {
      when: "the policy is in the role's account",
      values: {
        permissionsBoundary: known("arn:aws:iam::333333333333:policy/bounds"),
        accountId: known("333333333333"),
      },
    },
    {
      when: "the policy is AWS's own",
      values: {
        permissionsBoundary: known("arn:aws:iam::aws:policy/PowerUserAccess"),
        accountId: known("333333333333"),
      },
    },
  ],
  "cloudtrail-join-has-identities": [
    {
      when: "one tenant has a strict profile",
      values: { cloudTrailTable: known("cloud_trail"), profiles: [OMITTED, known("security-finding-1.1")] },
    },
    { when: "there is no tenant", values: { cloudTrailTable: known("cloud_trail"), profiles: [] } },
  ],
  "expiry-after-transition": [
    {
      when: "logs expire a day after they move",
      values: { expireAfterDays: known(91), transitionToGlacierAfterDays: OMITTED },
    },
    {
      when: "logs move a day before they expire",
      values: { expireAfterDays: OMITTED, transitionToGlacierAfterDays: known(364) },
    },
  ],
  "insights-have-events": [
    {
      when: "write events are recorded by default",
      values: { insights: [known("ApiCallRateInsight")], managementEvents: OMITTED },
    },
    {
      when: "only errors are analyzed",
      values: { insights: [known("ApiErrorRateInsight")], managementEvents: known("read") },
    },
  ],
  "key-region": [
    {
      when: "the regions are the same",
      values: { keyRegion: known("eu-west-1"), region: known("eu-west-1") },
    },
  ],
  "lag-above-accumulation": [
    {
      when: "the margin is exactly kept",
      values: { maxAgeSeconds: [known(1200)], lagThresholdSeconds: OMITTED },
    },
  ],
  "lake-bucket-region": [
    {
      when: "the bucket is named after the region",
      values: { bucketName: known("aws-security-data-lake-eu-west-1-abc"), region: known("eu-west-1") },
    },
    {
      when: "the bucket has a name that Security Lake does not give",
      values: { bucketName: known("our-lake"), region: known("eu-west-1") },
    },
  ],
  "lock-before-expiry": [
    { when: "the lock ends with the logs", values: { lockDays: known(365), expireAfterDays: OMITTED } },
  ],
  "log-bucket-not-watched": [
    {
      when: "another bucket is watched",
      values: { watchedBuckets: [known("acme-data")], logBucket: known("acme-logs") },
    },
  ],
  "notification-entries": [
    {
      when: "all entries are taken",
      values: { accountCount: known(98), otherEntryCount: known(2) },
    },
  ],
  "notifications-listed": [
    {
      when: "an existing bucket notifies nothing",
      values: { bucketExists: known(true), currentNotifications: known({}) },
    },
    {
      when: "a new bucket has no list",
      values: { bucketExists: known(false), currentNotifications: OMITTED },
    },
  ],
  "object-lock-mode": [
    { when: "the bucket is retained by default", values: { mode: known("COMPLIANCE"), retain: OMITTED } },
    { when: "the lock can be lifted", values: { mode: known("GOVERNANCE"), retain: known(false) } },
  ],
  "owned-policy-stated": [
    { when: "one statement is listed", values: { behaviour: known("own"), currentStatementCount: known(1) } },
    {
      when: "the policy is printed by default",
      values: { behaviour: OMITTED, currentStatementCount: OMITTED },
    },
    { when: "the policy is printed", values: { behaviour: known("print"), currentStatementCount: OMITTED } },
  ],
  "partition-features": [
    {
      when: "everything is in the commercial partition by default",
      values: {
        partition: OMITTED,
        organizationTrail: known(true),
        stsV2Tokens: known(true),
        securityLake: known(true),
      },
    },
    {
      when: "Security Lake is in GovCloud",
      values: {
        partition: known("aws-us-gov"),
        organizationTrail: known(true),
        stsV2Tokens: known(false),
        securityLake: known(true),
      },
    },
    {
      when: "the partition is not known here",
      values: {
        partition: known("aws-new"),
        organizationTrail: known(true),
        stsV2Tokens: known(true),
        securityLake: known(true),
      },
    },
  ],
  "provider-role-account": [
    {
      when: "account and partition are the lake's",
      values: {
        providerRoleArn: known("arn:aws:iam::333333333333:role/provider"),
        accountId: known("333333333333"),
        partition: OMITTED,
      },
    },
  ],
  "s3-topic-region": [
    {
      when: "the regions are the same",
      values: {
        topicArn: known("arn:aws:sns:eu-west-1:222222222222:logs"),
        bucketRegion: known("eu-west-1"),
      },
    },
  ],
  "schedule-within-alarm": [
    { when: "runs are 15 minutes apart", values: { schedule: known("rate(15 minutes)") } },
    { when: "the schedule is a cron expression", values: { schedule: known("cron(0 6 * * ? *)") } },
    { when: "there is none", values: { schedule: OMITTED } },
  ],
  "secret-beside-exporter": [
    {
      when: "account and region are the exporter's",
      values: {
        secretArns: [OMITTED, known("arn:aws:secretsmanager:eu-west-1:333333333333:secret:vectra-abcdef")],
        accountId: known("333333333333"),
        region: known("eu-west-1"),
      },
    },
  ],
  "tag-keys-differ": [
    {
      when: "a key is there twice in one spelling, for the role's own value",
      values: { keys: [known("Team"), known("Owner"), known("Team")] },
    },
  ],
  "tenants-differ": [
    {
      when: "names and addresses differ",
      values: {
        names: [known("acme"), known("globex")],
        urls: [known("https://1.uw2.portal.vectra.ai"), known("https://2.uw2.portal.vectra.ai")],
      },
    },
  ],
  "tenants-share-class": [
    {
      when: "profiles differ and write one class, the source's",
      values: {
        profiles: [OMITTED, known("vectra"), known("security-finding-1.1")],
        sourceEventClass: known("SECURITY_FINDING"),
      },
    },
  ],
  "vectra-principal": [
    {
      when: "account and partition are Vectra's",
      values: {
        vectraPrincipalArn: known("arn:aws:iam::999999999999:role/reader"),
        vectraAccountId: known("999999999999"),
        partition: OMITTED,
      },
    },
  ],
};
