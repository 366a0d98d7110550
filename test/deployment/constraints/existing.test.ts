import { describe } from "vitest";
import { cloudTrailFile, existingFile, TOPIC } from "../cloudtrail-deployment.js";
import { ORGANIZATION, refuses } from "./refuses.js";

describe("GIVEN an existing bucket, key or topic THEN what would harm its owner or fail is refused", () => {
  refuses([
    {
      what: "notifications of an existing bucket without the list of what is there",
      text: existingFile({ notification: "{ s3: {} }" }),
      line: 9,
      column: 16,
      field: "cloudTrail.logBucket.existing.currentNotifications",
      problem:
        "is required for an existing bucket: a bucket has one notification configuration, and this one would replace the owner's entries",
      allowed: "the entries that the bucket has today; {} if it has none",
      remedy:
        'List what "aws s3api get-bucket-notification-configuration --bucket <bucket>" shows, or let the trail notify the topic instead.',
    },
    {
      what: "a list of notifications that nobody would look at",
      text: existingFile({ logBucket: "{ existing: { name: our-logs, currentNotifications: {} } }" }),
      line: 9,
      column: 44,
      field: "cloudTrail.logBucket.existing.currentNotifications",
      problem: "has no effect: the trail notifies the topic, and the bucket's notifications are left alone",
      remedy: "Remove it, or set notification: { s3: {} }.",
    },
    {
      what: "objects of an organization without its accounts",
      text: cloudTrailFile({ ...ORGANIZATION, notification: "{ s3: {} }" }),
      line: 12,
      column: 19,
      field: "cloudTrail.notification.s3.logAccountIds",
      problem: "is required: S3 can distinguish log files from digest files only below each account's folder",
      allowed: "1 to 100 account IDs",
      remedy:
        'List the accounts ("aws organizations list-accounts"), or let the trail notify the topic: notification: { trail: {} }.',
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
      problem:
        "needs 101 entries in the bucket's notification configuration (one for each account); S3 allows 100",
      remedy: "Let the trail notify the topic instead, which needs no entries.",
    },
    {
      what: "a policy to own without what is in it",
      text: existingFile({ logBucket: "{ existing: { name: our-logs, policy: own } }" }),
      line: 9,
      column: 16,
      field: "cloudTrail.logBucket.existing.currentStatements",
      problem:
        "is required when policy is own: the policy is written as a whole, and a statement that is not listed would be deleted",
      allowed: "every statement of the current policy",
      remedy:
        "Copy the policy's Statement list here, or set policy to print and have the owner add what is needed.",
    },
    {
      what: "a policy to own with nothing in it",
      text: existingFile({ topic: `{ existing: { arn: "${TOPIC}", policy: own, currentStatements: [] } }` }),
      line: 11,
      column: 90,
      field: "cloudTrail.topic.existing.currentStatements",
      problem:
        "must not be empty when policy is own: the policy is written as a whole, and a statement that is not listed would be deleted",
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
      remedy: "Set policy: print, and have the owner add the statements.",
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
        "the topic is in us-east-1, but the bucket is in eu-west-1, and S3 publishes only to topics in the bucket's region",
      allowed: "a topic in eu-west-1",
    },
    {
      what: "a key in another region than the bucket",
      text: existingFile({ logKey: '{ existing: { arn: "arn:aws:kms:us-east-1:222222222222:key/1" } }' }),
      line: 10,
      column: 30,
      field: "cloudTrail.logKey.existing.arn",
      problem: "the key is in us-east-1, but what it encrypts is in eu-west-1",
      allowed: "a key in eu-west-1",
    },
    {
      what: "a new key in another region than the bucket",
      text: cloudTrailFile({
        logBucket: "{ existing: { name: our-logs, region: us-east-1 } }",
      }),
      line: 10,
      column: 13,
      field: "cloudTrail.logKey.create",
      problem: "the new key would be in eu-west-1, but the log bucket is in us-east-1",
      remedy: "Use a key there (logKey: { existing: { arn: … } }), or set region: us-east-1.",
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
        "us-east-1 is not the deployment's region, eu-west-1, where the bucket's notifications are managed",
      remedy: "Set region: us-east-1: topic and notifications must be in the bucket's region.",
    },
    {
      what: "leaving where nothing is somebody else's",
      text: `${cloudTrailFile()}  leaving: withdraw\n`,
      line: 15,
      column: 12,
      field: "cloudTrail.leaving",
      problem: "withdraw has no effect: this deployment creates bucket, key and topic itself",
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
