import { gunzipSync, gzipSync } from "node:zlib";
import { CreateUserCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeBucket } from "../terraform/lake.js";
import { type DeployedLogArchive, deployLogArchive } from "./deployed-log-archive.js";
import type { EmulatedClient } from "./ministack.js";
import { makeNotificationQueue, type NotificationQueue } from "./notification-queue.js";
import { administrator, awsService } from "./principals.js";
import { assumeRole } from "./session.js";

const MANAGEMENT = "111111111111";
const LOG_ARCHIVE = "222222222222";
const MEMBER = "444444444444";
const STRANGER = "666666666666";
const VECTRA = "999999999999";
const externalId = "replace-with-the-external-id-of-the-vectra-ui";
const role = `arn:aws:iam::${LOG_ARCHIVE}:role/vectra-cdr-log-reader`;
const topic = `arn:aws:sns:eu-west-1:${LOG_ARCHIVE}:vectra-cdr-logs`;
const queue = `arn:aws:sqs:eu-west-1:${VECTRA}:vectra-notifications`;
const bucket = `vectra-cdr-logs-${LOG_ARCHIVE}-eu-west-1`;
const anotherBucket = "acme-payroll";
const logFile = `AWSLogs/o-a1b2c3d4e5/${MEMBER}/CloudTrail/eu-west-1/2025/01/31/${MEMBER}_CloudTrail_eu-west-1_20250131T2355Z_Zk3yTqWd0pXv9sLm.json.gz`;
const records = { Records: [{ eventSource: "iam.amazonaws.com", eventName: "CreateAccessKey" }] };

let archive: DeployedLogArchive;
/** CloudTrail, acting for the organization's trail. */
let cloudTrail: EmulatedClient;
/** CloudTrail, acting for a trail of another organization that has the same name. */
let strangersTrail: EmulatedClient;
/** Administrators of their accounts. Root users make no calls: MiniStack does not restrict them. */
let vectra: EmulatedClient;
let stranger: EmulatedClient;
let member: EmulatedClient;
let archivist: EmulatedClient;

beforeAll(async () => {
  archive = await deployLogArchive({
    example: "organization",
    brokenPermission: process.env["E2E_BREAK_PERMISSION"],
  });
  const trailOf = (accountId: string) =>
    awsService(
      archive.rootOf(accountId),
      "cloudtrail.amazonaws.com",
      `arn:aws:cloudtrail:eu-west-1:${accountId}:trail/vectra-cdr`,
    );
  cloudTrail = await trailOf(MANAGEMENT);
  strangersTrail = await trailOf(STRANGER);
  vectra = await administrator(archive.rootOf(VECTRA));
  stranger = await administrator(archive.rootOf(STRANGER));
  member = await administrator(archive.rootOf(MEMBER));
  archivist = await administrator(archive.rootOf(LOG_ARCHIVE));
  const s3 = new S3Client(archivist);
  await makeBucket(s3, anotherBucket, "eu-west-1");
  await s3.send(new PutObjectCommand({ Bucket: anotherBucket, Key: "AWSLogs/salaries", Body: "x" }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "outside-the-prefix", Body: "x" }));
});

afterAll(async () => {
  await archive?.close();
});

async function expectDenied(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({
    name: expect.stringMatching(/^(AccessDenied|AuthorizationError)/),
  });
}

/** Delivers a log file as CloudTrail does: the bucket's owner gets full control, the bucket's own key encrypts. */
function deliver(
  caller: EmulatedClient,
  { key = logFile, acl = true }: { key?: string; acl?: boolean } = {},
): Promise<unknown> {
  return new S3Client(caller).send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: gzipSync(JSON.stringify(records)),
      ...(acl ? { ACL: "bucket-owner-full-control" } : {}),
    }),
  );
}

/** Publishes what a trail's own SNS setting publishes. */
function announce(caller: EmulatedClient): Promise<unknown> {
  const Message = JSON.stringify({ s3Bucket: bucket, s3ObjectKey: [logFile] });
  return new SNSClient(caller).send(new PublishCommand({ TopicArn: topic, Message }));
}

function subscribe(caller: EmulatedClient): Promise<unknown> {
  return new SNSClient(caller).send(
    new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint: queue }),
  );
}

describe("what was deployed", () => {
  it("is what the Vectra UI asks for", () => {
    expect(archive.stack.only("aws_iam_role")["arn"]).toBe(role);
    expect(archive.stack.only("aws_s3_bucket")["bucket"]).toBe(bucket);
    expect(archive.stack.only("aws_sns_topic")["arn"]).toBe(topic);
  });
});

describe("CloudTrail delivers", () => {
  it("a log file of a member account, which the log key encrypts", async () => {
    await new S3Client(cloudTrail).send(new GetBucketAclCommand({ Bucket: bucket }));
    await deliver(cloudTrail);
    const head = await new S3Client(archivist).send(new HeadObjectCommand({ Bucket: bucket, Key: logFile }));
    expect(head).toMatchObject({
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: archive.stack.only("aws_kms_key")["arn"],
    });
  });

  it("a log file of the management account, which a trail that is no organization's writes too", async () => {
    await deliver(cloudTrail, { key: `AWSLogs/${MANAGEMENT}/CloudTrail/file.json.gz` });
  });

  it("nothing without giving the bucket's owner full control", async () => {
    await expectDenied(deliver(cloudTrail, { acl: false }));
  });

  it("nothing outside the organization's and the trail's own prefix", async () => {
    await expectDenied(deliver(cloudTrail, { key: "elsewhere.json.gz" }));
    await expectDenied(deliver(cloudTrail, { key: `AWSLogs/${STRANGER}/CloudTrail/file.json.gz` }));
    await expectDenied(deliver(cloudTrail, { key: "AWSLogs/o-another/CloudTrail/file.json.gz" }));
  });

  it("nothing for a stranger's trail of the same name", async () => {
    await expectDenied(new S3Client(strangersTrail).send(new GetBucketAclCommand({ Bucket: bucket })));
    await expectDenied(deliver(strangersTrail));
  });

  it("nothing without TLS", async () => {
    await expectDenied(deliver(archive.withoutTls(cloudTrail)));
  });

  it("and no one else can: no member account, no other account, not Vectra", async () => {
    await expectDenied(deliver(member));
    await expectDenied(deliver(stranger));
    await expectDenied(deliver(vectra));
  });
});

describe("Vectra is notified", () => {
  let notifications: NotificationQueue;

  async function received(): Promise<unknown[]> {
    const bodies = (await notifications.received()) as { Message: string }[];
    return bodies.map(({ Message }) => JSON.parse(Message) as unknown);
  }

  beforeAll(async () => {
    // GIVEN a queue of Vectra's that takes what the topic sends
    notifications = await makeNotificationQueue(vectra, {
      arn: queue,
      sender: "sns.amazonaws.com",
      sourceArn: topic,
    });
  });

  it("only after Vectra has subscribed, which no one else may do", async () => {
    await expectDenied(subscribe(stranger));
    await expectDenied(subscribe(member));
    await expectDenied(subscribe(archive.withoutTls(vectra)));
    await announce(cloudTrail);
    expect(await received()).toEqual([]);
    await subscribe(vectra);
  });

  it("of a new log file when CloudTrail announces it", async () => {
    await announce(cloudTrail);
    expect(await received()).toEqual([{ s3Bucket: bucket, s3ObjectKey: [logFile] }]);
  });

  it("by no one else: not for another organization's trail, by no account, not without TLS", async () => {
    await expectDenied(announce(strangersTrail));
    await expectDenied(announce(stranger));
    await expectDenied(announce(member));
    await expectDenied(announce(vectra));
    await expectDenied(announce(archive.withoutTls(cloudTrail)));
    expect(await received()).toEqual([]);
  });
});

describe("the role of Vectra", () => {
  it("is assumed by Vectra with the External ID", async () => {
    await expect(assumeRole(vectra, role, externalId)).resolves.toBeDefined();
  });

  it("is not assumed without the External ID or with another", async () => {
    await expectDenied(assumeRole(vectra, role, undefined));
    await expectDenied(assumeRole(vectra, role, "another-external-id"));
    await expectDenied(assumeRole(vectra, role, externalId.toUpperCase()));
  });

  it("is not assumed by anybody else who knows the External ID", async () => {
    await expectDenied(assumeRole(stranger, role, externalId));
    await expectDenied(assumeRole(member, role, externalId));
    await expectDenied(assumeRole(archivist, role, externalId));
    await expectDenied(assumeRole(cloudTrail, role, externalId));
  });
});

describe("a session of Vectra's role", () => {
  let session: EmulatedClient;
  let s3: S3Client;

  beforeAll(async () => {
    session = await assumeRole(vectra, role, externalId);
    s3 = new S3Client(session);
  });

  it("reads the log file that was announced", async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: logFile }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(records);
  });

  it("lists the bucket, and learns which roles there are", async () => {
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "AWSLogs/o-" }));
    expect(Contents?.map(({ Key }) => Key)).toEqual([logFile]);
    const { Roles } = await new IAMClient(session).send(new ListRolesCommand({}));
    expect(Roles?.map(({ Arn }) => Arn)).toContain(role);
  });

  it("writes, overwrites and deletes nothing", async () => {
    const Body = "x";
    await expectDenied(s3.send(new PutObjectCommand({ Bucket: bucket, Key: logFile, Body })));
    await expectDenied(s3.send(new PutObjectCommand({ Bucket: bucket, Key: "AWSLogs/new", Body })));
    await expectDenied(s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: logFile })));
    await expectDenied(new IAMClient(session).send(new CreateUserCommand({ UserName: "back-door" })));
  });

  it("reads nothing outside the log prefix, and no other bucket", async () => {
    await expectDenied(s3.send(new GetObjectCommand({ Bucket: bucket, Key: "outside-the-prefix" })));
    await expectDenied(s3.send(new GetObjectCommand({ Bucket: anotherBucket, Key: "AWSLogs/salaries" })));
    await expectDenied(s3.send(new ListObjectsV2Command({ Bucket: anotherBucket })));
  });

  it("reads nothing without TLS", async () => {
    const plain = new S3Client(archive.withoutTls(session));
    await expectDenied(plain.send(new GetObjectCommand({ Bucket: bucket, Key: logFile })));
  });

  it("is required for reading: no external account can read the file without it", async () => {
    for (const caller of [vectra, stranger, member, cloudTrail]) {
      await expectDenied(new S3Client(caller).send(new GetObjectCommand({ Bucket: bucket, Key: logFile })));
    }
  });
});

// MiniStack's S3 and SNS never consult the key, so KMS itself is asked, as they would for CloudTrail.
describe("the log key", () => {
  let KeyId: string;

  beforeAll(() => {
    KeyId = String(archive.stack.only("aws_kms_key")["arn"]);
  });

  it("is decrypted with by Vectra's role, which encrypts nothing", async () => {
    const { CiphertextBlob } = await new KMSClient(archivist).send(
      new EncryptCommand({ KeyId, Plaintext: Buffer.from("data key") }),
    );
    const session = new KMSClient(await assumeRole(vectra, role, externalId));
    const { Plaintext } = await session.send(new DecryptCommand({ KeyId, CiphertextBlob }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe("data key");
    await expectDenied(session.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") })));
    for (const caller of [vectra, stranger, member]) {
      await expectDenied(new KMSClient(caller).send(new DecryptCommand({ KeyId, CiphertextBlob })));
    }
  });

  it("gives data keys to CloudTrail for log files and notifications, for this trail only", async () => {
    const forLogs = { "aws:cloudtrail:arn": `arn:aws:cloudtrail:eu-west-1:${MANAGEMENT}:trail/vectra-cdr` };
    const forNotifications = { "aws:sns:topicArn": topic };
    for (const EncryptionContext of [forLogs, forNotifications]) {
      const request = { KeyId, KeySpec: "AES_256", EncryptionContext } as const;
      await new KMSClient(cloudTrail).send(new GenerateDataKeyCommand(request));
      await expectDenied(new KMSClient(strangersTrail).send(new GenerateDataKeyCommand(request)));
      await expectDenied(new KMSClient(member).send(new GenerateDataKeyCommand(request)));
    }
  });

  it("gives CloudTrail none for anything else", async () => {
    for (const EncryptionContext of [undefined, { "aws:sns:topicArn": `${topic}-of-another` }]) {
      const request = { KeyId, KeySpec: "AES_256", EncryptionContext } as const;
      await expectDenied(new KMSClient(cloudTrail).send(new GenerateDataKeyCommand(request)));
    }
  });
});
