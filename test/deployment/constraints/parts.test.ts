import { describe, expect, it } from "vitest";
import { cloudTrailFile, existingFile, KEY } from "../cloudtrail-deployment.js";
import { onlyDiagnosticOf } from "../errors.js";
import { VALID_DEPLOYMENT } from "../valid-deployment.js";
import { ORGANIZATION, refuses } from "./refuses.js";

const CLOUDTRAIL_HALF = VALID_DEPLOYMENT.slice(
  VALID_DEPLOYMENT.indexOf("cloudTrail:"),
  VALID_DEPLOYMENT.indexOf("securityLake:\n  bucketName"),
);
const ITS_ACCOUNTS = VALID_DEPLOYMENT.slice(
  VALID_DEPLOYMENT.indexOf("  management:"),
  VALID_DEPLOYMENT.indexOf("  securityLake:\n    id"),
);

describe("GIVEN parts that do not go together THEN the error says where, what, what is allowed and what to do", () => {
  refuses([
    {
      what: "an existing trail with a new bucket, which nobody writes to",
      text: existingFile({ logBucket: "{ create: {} }" }),
      line: 9,
      column: 16,
      field: "cloudTrail.logBucket.create",
      problem: "would stay empty: the existing trail writes to its own bucket",
      allowed: "logBucket: { existing: … } with an existing trail",
      remedy: 'Use the trail\'s bucket ("aws cloudtrail describe-trails", S3BucketName), or create a trail.',
    },
    {
      what: "a new key beside trail, bucket and topic that exist, which encrypts nothing",
      text: existingFile({ logKey: "{ create: {} }" }),
      line: 10,
      column: 13,
      field: "cloudTrail.logKey.create",
      problem: "would encrypt nothing: trail, bucket and topic already exist",
      remedy:
        'Use the trail\'s key ("aws cloudtrail describe-trails", KmsKeyId), or omit logKey if it has none.',
    },
    {
      what: "an existing trail that is to announce on a new topic",
      text: existingFile({ topic: "{ create: {} }" }),
      line: 11,
      column: 12,
      field: "cloudTrail.topic.create",
      problem: "would never receive a notification: an existing trail keeps the topic it has",
      allowed: "topic: { existing: … } with the trail's own topic, or notification: { s3: … }",
      remedy:
        'Use the trail\'s topic ("aws cloudtrail describe-trails", SnsTopicARN), or have the bucket notify the new one: notification: { s3: {} }.',
    },
    {
      what: "a new bucket without a key",
      text: cloudTrailFile({ logKey: "" }),
      line: 6,
      column: 1,
      field: "cloudTrail.logKey",
      problem: "is required: it encrypts the new log bucket and topic",
      remedy: "Add logKey: { create: {} }, or use a key of yours: logKey: { existing: { arn: … } }.",
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
      problem: "is required: it encrypts the new topic",
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
      remedy: "Start from a file in examples/.",
    },
    {
      what: "the CloudTrail half without what the Vectra UI shows",
      text: cloudTrailFile({ vectra: "" }),
      line: 1,
      column: 1,
      field: "vectra",
      problem: "is required: Vectra's role trusts this account and External ID",
      remedy: "Copy both from the Vectra UI, which shows them while you create an AWS connection.",
    },
    {
      what: "what the Vectra UI shows without the CloudTrail half",
      text: VALID_DEPLOYMENT.replace(CLOUDTRAIL_HALF, "").replace(ITS_ACCOUNTS, ""),
      line: 9,
      column: 1,
      field: "vectra",
      problem: "has no effect without cloudTrail: only Vectra's role uses it",
      remedy: "Remove it, or add cloudTrail.",
    },
  ]);
});

it("GIVEN one field that is wrong by itself WHEN others depend on it THEN only the one is told", () => {
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
