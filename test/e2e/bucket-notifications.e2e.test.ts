import { gzipSync } from "node:zlib";
import {
  CreateKeyCommand,
  GenerateDataKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBucket } from "../terraform/lake.js";
import { type DeployedLogArchive, deployLogArchive } from "./deployed-log-archive.js";
import type { EmulatedClient } from "./ministack.js";
import { makeNotificationQueue, type NotificationQueue } from "./notification-queue.js";
import { administrator, awsService } from "./principals.js";

const OWNER = "111111111111";
const STRANGER = "666666666666";
const VECTRA = "999999999999";
const region = "eu-west-1";
const bucket = "our-cloudtrail-logs";
const topic = `arn:aws:sns:${region}:${OWNER}:vectra-cdr-logs`;
const logs = `AWSLogs/${OWNER}/CloudTrail/${region}/2025/01/31`;
const digests = `AWSLogs/${OWNER}/CloudTrail-Digest/${region}/2025/01/31`;

let archive: DeployedLogArchive;
let keyId: string;
/** Administrators of their accounts. Root users make no calls: MiniStack does not restrict them. */
let owner: EmulatedClient;
let vectra: EmulatedClient;
let stranger: EmulatedClient;
/** The bucket's notifications before the deployment. */
let siem: NotificationQueue;
let vectrasQueue: NotificationQueue;

beforeAll(async () => {
  archive = await deployLogArchive({
    example: "existing-notifications",
    brokenPermission: process.env["E2E_BREAK_PERMISSION"],
    prepare: async (root, file) => {
      // GIVEN a bucket, a key, and a queue and a topic that the bucket notifies
      await makeBucket(new S3Client(root), bucket, region);
      siem = await makeNotificationQueue(root, {
        arn: `arn:aws:sqs:${region}:${OWNER}:siem`,
        sender: "s3.amazonaws.com",
        sourceArn: `arn:aws:s3:::${bucket}`,
      });
      await new SNSClient(root).send(
        new CreateTopicCommand({ Name: "reports", Attributes: { Policy: JSON.stringify(bucketPublishes) } }),
      );
      const { KeyMetadata } = await new KMSClient(root).send(new CreateKeyCommand({}));
      keyId = KeyMetadata?.KeyId ?? "";
      return file.replace("00000000-0000-0000-0000-000000000000", keyId);
    },
  });
  owner = await administrator(archive.rootOf(OWNER));
  vectra = await administrator(archive.rootOf(VECTRA));
  stranger = await administrator(archive.rootOf(STRANGER));
  vectrasQueue = await makeNotificationQueue(vectra, {
    arn: `arn:aws:sqs:${region}:${VECTRA}:vectra-notifications`,
    sender: "sns.amazonaws.com",
    sourceArn: topic,
  });
  await new SNSClient(vectra).send(
    new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint: vectrasQueue.arn }),
  );
});

afterAll(async () => {
  await archive?.close();
});

const bucketPublishes = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sns:Publish",
      Resource: `arn:aws:sns:${region}:${OWNER}:reports`,
      Condition: { ArnEquals: { "aws:SourceArn": `arn:aws:s3:::${bucket}` } },
    },
  ],
};

async function drop(caller: EmulatedClient, bucketName: string, ...keys: string[]): Promise<void> {
  for (const Key of keys) {
    await new S3Client(caller).send(
      new PutObjectCommand({ Bucket: bucketName, Key, Body: gzipSync('{"Records":[]}') }),
    );
  }
}

/** Keys of the objects that Vectra is notified of, until a second passes without another. */
async function announcedToVectra(): Promise<string[]> {
  const messages = (await untilSilence(vectrasQueue)) as { Message: string }[];
  return messages.flatMap(({ Message }) => keysIn(JSON.parse(Message)));
}

async function untilSilence(queue: NotificationQueue): Promise<unknown[]> {
  const messages = await queue.received(1);
  return messages.length === 0 ? [] : [...messages, ...(await untilSilence(queue))];
}

function keysIn(event: unknown): string[] {
  const { Records = [] } = event as { Records?: { s3: { object: { key: string } } }[] };
  return Records.map(({ s3 }) => s3.object.key);
}

describe("the bucket's notification configuration", () => {
  it("has the owner's entries as they were, and ours", async () => {
    const configuration = await new S3Client(owner).send(
      new GetBucketNotificationConfigurationCommand({ Bucket: bucket }),
    );
    expect(configuration.TopicConfigurations).toEqual([
      {
        Id: "reports",
        TopicArn: `arn:aws:sns:${region}:${OWNER}:reports`,
        Events: ["s3:ObjectCreated:*"],
        Filter: { Key: { FilterRules: [{ Name: "prefix", Value: "reports/" }] } },
      },
      {
        Id: `vectra-cdr-${OWNER}`,
        TopicArn: topic,
        Events: ["s3:ObjectCreated:*"],
        Filter: {
          Key: {
            FilterRules: [
              { Name: "prefix", Value: `AWSLogs/${OWNER}/CloudTrail/` },
              { Name: "suffix", Value: ".json.gz" },
            ],
          },
        },
      },
    ]);
    expect(configuration.QueueConfigurations?.map(({ Id }) => Id)).toEqual(["siem"]);
    expect(configuration.LambdaFunctionConfigurations?.map(({ Id }) => Id)).toEqual(["removed-objects"]);
  });
});

describe("Vectra is notified by the bucket", () => {
  it("of a new log file, and of nothing else that arrives", async () => {
    await drop(
      owner,
      bucket,
      `${digests}/digest.json.gz`,
      `AWSLogs/${OWNER}/CloudTrail-Insight/${region}/2025/01/31/insight.json.gz`,
      `AWSLogs/${OWNER}/Config/${region}/2025/1/31/history.json.gz`,
      `AWSLogs/${STRANGER}/CloudTrail/${region}/2025/01/31/another-account.json.gz`,
      `${logs}/notes.txt`,
      "reports/january.json.gz",
      `${logs}/log.json.gz`,
    );
    expect(await announcedToVectra()).toEqual([`${logs}/log.json.gz`]);
  });

  it("while the owner's queue still receives its previous notifications", async () => {
    expect((await untilSilence(siem)).flatMap(keysIn)).toEqual([
      `AWSLogs/${OWNER}/Config/${region}/2025/1/31/history.json.gz`,
    ]);
  });
});

describe("no one else can publish to the topic", () => {
  const entry = { TopicArn: topic, Events: ["s3:ObjectCreated:*" as const] };

  it.each([
    ["another bucket of the owner", () => owner, "our-other-logs"],
    ["a stranger's bucket", () => stranger, "a-strangers-logs"],
  ])("not %s: S3 refuses to set it up, and delivers nothing where it is made to", async (_, caller, name) => {
    const s3 = new S3Client(caller());
    await makeBucket(s3, name, region);
    const settings = { Bucket: name, NotificationConfiguration: { TopicConfigurations: [entry] } };

    await expect(s3.send(new PutBucketNotificationConfigurationCommand(settings))).rejects.toThrow(
      /Unable to validate the following destination configurations/,
    );

    await s3.send(
      new PutBucketNotificationConfigurationCommand({ ...settings, SkipDestinationValidation: true }),
    );
    await drop(caller(), name, `${logs}/forged.json.gz`);
    await drop(owner, bucket, `${logs}/after-${name}.json.gz`);
    expect(await announcedToVectra()).toEqual([`${logs}/after-${name}.json.gz`]);
  });

  it("not CloudTrail, not Vectra, and no account", async () => {
    const trail = `arn:aws:cloudtrail:${region}:${OWNER}:trail/our-trail`;
    // From another account: in the topic's own, the user behind it could do as its own policy says.
    const cloudTrail = await awsService(archive.rootOf(STRANGER), "cloudtrail.amazonaws.com", trail);
    for (const caller of [cloudTrail, vectra, stranger]) {
      await expect(
        new SNSClient(caller).send(new PublishCommand({ TopicArn: topic, Message: "{}" })),
      ).rejects.toMatchObject({ name: expect.stringMatching(/^AuthorizationError/) });
    }
  });
});

// MiniStack's SNS never consults the key, so KMS itself is asked, as SNS would for S3.
describe("the owner's key, once its owner has added what synth asked for", () => {
  let thisBucket: EmulatedClient;
  let anotherBucket: EmulatedClient;
  let strangersBucket: EmulatedClient;

  beforeAll(async () => {
    const asked = archive.toDo.find(({ what }) => what.includes(keyId));
    await new KMSClient(archive.rootOf(OWNER)).send(
      new PutKeyPolicyCommand({ KeyId: keyId, Policy: asked?.text }),
    );
    const s3For = (bucketName: string, account: string) =>
      awsService(archive.rootOf(account), "s3.amazonaws.com", `arn:aws:s3:::${bucketName}`);
    thisBucket = await s3For(bucket, OWNER);
    anotherBucket = await s3For("our-other-logs", OWNER);
    strangersBucket = await s3For(bucket, STRANGER);
  });

  function dataKey(caller: EmulatedClient, topicArn: string): Promise<unknown> {
    return new KMSClient(caller).send(
      new GenerateDataKeyCommand({
        KeyId: `arn:aws:kms:${region}:${OWNER}:key/${keyId}`,
        KeySpec: "AES_256",
        EncryptionContext: { "aws:sns:topicArn": topicArn },
      }),
    );
  }

  it("gives S3 data keys for the bucket's notifications on this topic", async () => {
    await dataKey(thisBucket, topic);
  });

  it("gives none for another topic, for another bucket, or for a stranger's bucket that took the name", async () => {
    const denied = { name: expect.stringMatching(/^AccessDenied/) };
    const anotherTopic = `arn:aws:sns:${region}:${OWNER}:reports`;
    await expect(dataKey(thisBucket, anotherTopic)).rejects.toMatchObject(denied);
    await expect(dataKey(anotherBucket, topic)).rejects.toMatchObject(denied);
    await expect(dataKey(strangersBucket, topic)).rejects.toMatchObject(denied);
  });
});
