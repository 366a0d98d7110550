import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CapacityUnits } from "../../../simulator/aws/dynamodb.js";
import { type Aws, type AwsCallName, type AwsFault, startAws } from "../../../simulator/aws/stand-ins.js";

const ROLE_ARN = "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1";
const EXTERNAL_ID = "an external id & more";
const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:vectra-cdr/acme-AbCdEf";

let directory: string;
let aws: Aws;
let onCall: (call: AwsCallName) => AwsFault;
let units: CapacityUnits[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lake with a space "));
  onCall = () => "pass";
  units = [];
  aws = await startAws({
    lakeDirectory: directory,
    lake: { bucket: "lake", prefix: "ext/vectra-cdr/", roleArn: ROLE_ARN, externalId: EXTERNAL_ID },
    table: { name: "checkpoints", hashKey: "pk", rangeKey: "sk" },
    secrets: { [SECRET_ARN]: '{"client_id":"a"}' },
    onUnits: (consumed) => units.push(consumed),
    onCall: (call) => onCall(call),
  });
});
afterEach(async () => {
  await aws.close();
  await rm(directory, { recursive: true });
});

const EXECUTION_ROLE = { accessKeyId: "ASIAEXECUTIONROLE000", secretAccessKey: "simulated-execution-role" };

function configuration(credentials: { accessKeyId: string; secretAccessKey: string } = EXECUTION_ROLE) {
  return { endpoint: aws.url, region: "eu-west-1", credentials, maxAttempts: 1 };
}

function assumeRole(roleArn: string, externalId: string | undefined) {
  return new STSClient(configuration()).send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "exporter", ExternalId: externalId }),
  );
}

async function providerS3(): Promise<S3Client> {
  const { Credentials } = await assumeRole(ROLE_ARN, EXTERNAL_ID);
  return new S3Client({
    ...configuration({
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      ...{ sessionToken: Credentials?.SessionToken ?? "" },
    }),
    forcePathStyle: true,
  });
}

const KEY = "ext/vectra-cdr/region=eu-west-1/accountId=111122223333/eventDay=20260301/a b.parquet";

describe("STS", () => {
  it("gives a session of the provider role for its External ID", async () => {
    const { Credentials, AssumedRoleUser } = await assumeRole(ROLE_ARN, EXTERNAL_ID);

    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[0-9A-F]{16}$/);
    expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now());
    expect(AssumedRoleUser?.Arn).toBe(
      "arn:aws:sts::333333333333:assumed-role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1/exporter",
    );
  });

  it.each([
    ["a wrong External ID", ROLE_ARN, "wrong"],
    ["no External ID", ROLE_ARN, undefined],
    ["another role", "arn:aws:iam::333333333333:role/other", EXTERNAL_ID],
  ])("denies %s", async (_, roleArn, externalId) => {
    await expect(assumeRole(roleArn, externalId)).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining(
        `is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      ),
    });
  });

  it("offers nothing else", async () => {
    const sts = new STSClient(configuration());

    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

describe("S3", () => {
  it("writes an object into the source's prefix as a file at its key", async () => {
    const s3 = await providerS3();

    await s3.send(new PutObjectCommand({ Bucket: "lake", Key: KEY, Body: new Uint8Array([1, 2, 3]) }));

    expect([...(await readFile(join(directory, KEY)))]).toEqual([1, 2, 3]);
  });

  it("decodes a streamed body", async () => {
    const s3 = await providerS3();
    const body = Readable.from([Buffer.from("hello, "), Buffer.from("lake")]);

    await s3.send(new PutObjectCommand({ Bucket: "lake", Key: KEY, Body: body, ContentLength: 11 }));

    expect(await readFile(join(directory, KEY), "utf8")).toBe("hello, lake");
  });

  it("denies the execution role's own credentials", async () => {
    const s3 = new S3Client({ ...configuration(), forcePathStyle: true });

    await expect(
      s3.send(new PutObjectCommand({ Bucket: "lake", Key: KEY, Body: "x" })),
    ).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });
  });

  it.each([
    ["another source's prefix", { Key: "ext/other/a.parquet" }, "AccessDenied"],
    ["a way out of the prefix", { Key: "ext/vectra-cdr/../other/a.parquet" }, "AccessDenied"],
    ["an ACL", { ACL: "bucket-owner-full-control" as const }, "AccessDenied"],
    ["another bucket", { Bucket: "logs" }, "NoSuchBucket"],
  ])("denies %s", async (_, change, name) => {
    const s3 = await providerS3();

    await expect(
      s3.send(new PutObjectCommand({ Bucket: "lake", Key: KEY, Body: "x", ...change })),
    ).rejects.toMatchObject({ name });
  });

  it("offers nothing else", async () => {
    const s3 = await providerS3();

    await expect(s3.send(new GetObjectCommand({ Bucket: "lake", Key: KEY }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });
});

describe("Secrets Manager", () => {
  const read = (arn: string) =>
    new SecretsManagerClient(configuration()).send(new GetSecretValueCommand({ SecretId: arn }));

  it("gives a secret's current value", async () => {
    expect((await read(SECRET_ARN)).SecretString).toBe('{"client_id":"a"}');

    aws.putSecret(SECRET_ARN, '{"client_id":"b"}');

    expect((await read(SECRET_ARN)).SecretString).toBe('{"client_id":"b"}');
  });

  it("does not know any other", async () => {
    await expect(read(`${SECRET_ARN}x`)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("DynamoDB", () => {
  const update = (condition: string) =>
    new DynamoDBClient(configuration()).send(
      new UpdateItemCommand({
        TableName: "checkpoints",
        Key: { pk: { S: "acme#v3.4" }, sk: { S: "checkpoint" } },
        UpdateExpression: "SET next_from = :n, intent = :i",
        ConditionExpression: condition,
        ExpressionAttributeValues: {
          ":n": { N: "4711" },
          ":i": { M: { from: { N: "1" }, keys: { L: [{ S: "a" }] }, done: { BOOL: false } } },
        },
      }),
    );

  it("keeps items and judges conditions", async () => {
    await update("attribute_not_exists(pk)");

    await expect(update("attribute_not_exists(pk)")).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
    });
    const { Item } = await new DynamoDBClient(configuration()).send(
      new GetItemCommand({
        TableName: "checkpoints",
        Key: { pk: { S: "acme#v3.4" }, sk: { S: "checkpoint" } },
      }),
    );
    expect(Item?.["next_from"]).toEqual({ N: "4711" });
    expect(await aws.items()).toEqual([
      {
        pk: "acme#v3.4",
        sk: "checkpoint",
        next_from: 4711,
        intent: { from: 1, keys: ["a"], done: false },
      },
    ]);
  });

  it("tells what each call consumes", async () => {
    const dynamodb = new DynamoDBClient(configuration());
    const Key = { pk: { S: "acme#pieces" }, sk: { S: "live" } };
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: "checkpoints",
        Key,
        UpdateExpression: "SET piece = :piece",
        ExpressionAttributeValues: { ":piece": { B: new Uint8Array(5 * 1024) } },
      }),
    );
    await dynamodb.send(new GetItemCommand({ TableName: "checkpoints", Key, ConsistentRead: true }));

    // 5 kB and the key: a unit per kilobyte written, and per four kilobytes read.
    expect(units).toEqual([
      { read: 0, written: 6 },
      { read: 2, written: 0 },
    ]);
  });

  it.each(["drop", "drop-answer"] as const)("can be cut off: %s", async (fault) => {
    onCall = () => fault;

    await expect(update("attribute_not_exists(pk)")).rejects.toThrow();

    expect(await aws.items()).toHaveLength(fault === "drop" ? 0 : 1);
  });

  it("refuses a query with an empty value for a key, as DynamoDB does", async () => {
    const query = new QueryCommand({
      TableName: "checkpoints",
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": { S: "acme#pieces" }, ":prefix": { S: "" } },
    });

    await expect(new DynamoDBClient(configuration()).send(query)).rejects.toThrow(
      "The AttributeValue for a key attribute cannot contain an empty string value",
    );
  });

  it("can be throttled", async () => {
    onCall = ({ operation }) =>
      operation === "UpdateItem" ? { status: 400, code: "ProvisionedThroughputExceededException" } : "pass";

    await expect(update("attribute_not_exists(pk)")).rejects.toMatchObject({
      name: "ProvisionedThroughputExceededException",
    });
    expect(aws.calls()).toEqual([{ service: "dynamodb", operation: "UpdateItem" }]);
  });
});

it("leaves the keys of a BatchGetItem unprocessed on request, as DynamoDB does when it throttles", async () => {
  onCall = () => "unprocessed";
  const Keys = [{ pk: { S: "acme#v3.4" }, sk: { S: "score#8" } }];

  const answer = await new DynamoDBClient(configuration()).send(
    new BatchGetItemCommand({ RequestItems: { checkpoints: { Keys, ConsistentRead: true } } }),
  );

  expect(answer).toMatchObject({
    Responses: {},
    UnprocessedKeys: { checkpoints: { Keys, ConsistentRead: true } },
  });
});

it("gives the function its address and credentials through the environment", () => {
  expect(aws.environment).toEqual({
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "ASIAEXECUTIONROLE000",
    AWS_SECRET_ACCESS_KEY: "simulated-execution-role",
    AWS_SESSION_TOKEN: "simulated-execution-role-session",
  });
});

it("refuses what no SDK signed", async () => {
  expect((await fetch(aws.url)).status).toBe(400);
});
