import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AwsService } from "../../../simulator/aws/call.js";
import { type Aws, type AwsFault, startAws } from "../../../simulator/aws/stand-ins.js";

const ROLE_ARN = "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1";
const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf";
const SERVICES: readonly AwsService[] = ["sts", "s3", "secretsmanager", "dynamodb"];

let directory: string;
let aws: Aws;
let failing: AwsService | undefined;
let fault: AwsFault;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lake "));
  failing = undefined;
  aws = await startAws({
    lakeDirectory: directory,
    lake: { bucket: "lake", prefix: "ext/a/", roleArn: ROLE_ARN, externalId: "external" },
    table: { name: "states", hashKey: "pk", rangeKey: "sk" },
    secrets: { [SECRET_ARN]: "secret" },
    onCall: ({ service }) => (service === failing ? fault : "pass"),
  });
});
afterEach(async () => {
  await aws.close();
  await rm(directory, { recursive: true });
});

/** What the SDK's client of a service gives for one call of the exporter. */
async function call(service: AwsService, signal = new AbortController().signal): Promise<unknown> {
  const configuration = {
    endpoint: aws.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "ASIAEXECUTIONROLE000", secretAccessKey: "unused" },
    maxAttempts: 1,
  };
  const abort = { abortSignal: signal };
  switch (service) {
    case "sts": {
      const role = { RoleArn: ROLE_ARN, RoleSessionName: "exporter", ExternalId: "external" };
      const { Credentials } = await new STSClient(configuration).send(new AssumeRoleCommand(role), abort);
      return Credentials?.AccessKeyId?.slice(0, 4);
    }
    case "s3": {
      const role = { RoleArn: ROLE_ARN, RoleSessionName: "exporter", ExternalId: "external" };
      const { Credentials } = await new STSClient(configuration).send(new AssumeRoleCommand(role));
      const credentials = {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      };
      const object = { Bucket: "lake", Key: "ext/a/object", Body: "hello" };
      const s3 = new S3Client({ ...configuration, credentials, forcePathStyle: true });
      return (await s3.send(new PutObjectCommand(object), abort)).ETag;
    }
    case "secretsmanager": {
      const secret = new GetSecretValueCommand({ SecretId: SECRET_ARN });
      return (await new SecretsManagerClient(configuration).send(secret, abort)).SecretString;
    }
    case "dynamodb": {
      const item = { TableName: "states", Item: { pk: { S: "a" }, sk: { S: "b" } } };
      return (await new DynamoDBClient(configuration).send(new PutItemCommand(item), abort)).$metadata
        .httpStatusCode;
    }
  }
}

/** MD5 of `hello`, as S3 gives it. */
const ANSWERS = {
  sts: "ASIA",
  s3: '"5d41402abc4b2a76b9719d911017c592"',
  secretsmanager: "secret",
  dynamodb: 200,
};

/**
 * The SDK reads no body when an object was stored, and any XML as a response of STS: only the missing ETag and the
 * missing credentials tell.
 */
const OUTCOMES_OF_GARBAGE = {
  sts: undefined,
  s3: undefined,
  secretsmanager: "SyntaxError",
  dynamodb: "SyntaxError",
};

const hasEffect = async () =>
  existsSync(join(directory, "ext/a/object")) || (await aws.items()).some(({ pk }) => pk === "a");

describe.each(SERVICES)("a call to %s", (service) => {
  beforeEach(() => {
    failing = service;
  });

  it("passes unless it is to fail", async () => {
    fault = "pass";
    expect(await call(service)).toBe(ANSWERS[service]);
  });

  it("can be without an answer until the client gives up", async () => {
    fault = "hang";

    await expect(call(service, AbortSignal.timeout(200))).rejects.toMatchObject({ name: "AbortError" });

    expect(await hasEffect()).toBe(false);
    failing = undefined;
    expect(await call(service)).toBe(ANSWERS[service]);
  });

  it("can be answered late, and correctly", async () => {
    fault = { slow: 150 };
    const began = performance.now();

    expect(await call(service)).toBe(ANSWERS[service]);

    expect(performance.now() - began).toBeGreaterThan(140);
  });

  it("can be answered with something else, without an effect", async () => {
    fault = "garbage";

    const outcome = await call(service).catch((error: unknown) => (error as Error).name);

    expect(outcome).toBe(OUTCOMES_OF_GARBAGE[service]);
    expect(await hasEffect()).toBe(false);
  });
});
