import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readApiCredentials } from "../../../functions/security-lake-exporter/credentials.js";
import { type Aws, type AwsFault, startAws } from "../../../simulator/aws/stand-ins.js";

const ARN = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf";

let aws: Aws;
let fault: AwsFault = "pass";
let client: SecretsManagerClient;

beforeAll(async () => {
  aws = await startAws({
    lakeDirectory: mkdtempSync(join(tmpdir(), "lake-")),
    lake: {
      bucket: "lake",
      prefix: "ext/vectra/",
      roleArn: "arn:aws:iam::333333333333:role/p",
      externalId: "x",
    },
    table: { name: "table", hashKey: "pk", rangeKey: "sk" },
    secrets: { [ARN]: "" },
    onCall: () => fault,
  });
  client = new SecretsManagerClient({
    endpoint: aws.url,
    region: "eu-west-1",
    credentials: { accessKeyId: "ASIAEXECUTIONROLE000", secretAccessKey: "s", sessionToken: "t" },
  });
});
afterAll(() => aws.close());
afterEach(() => {
  fault = "pass";
});

describe("the API client's secret", () => {
  it("is read from Secrets Manager", async () => {
    aws.putSecret(ARN, '{"client_id":"id-1","client_secret":"swordfish"}');

    expect(await readApiCredentials(client, ARN)).toEqual({ clientId: "id-1", clientSecret: "swordfish" });
  });

  it.each([
    ["is empty", ""],
    ["is not JSON", "swordfish"],
    ["lacks a field", '{"client_id":"swordfish"}'],
    ["has an empty field", '{"client_id":"swordfish","client_secret":""}'],
  ])("that %s is refused with the remedy, and never shown", async (_name, value) => {
    aws.putSecret(ARN, value);

    const error: unknown = await readApiCredentials(client, ARN).catch((reason: unknown) => reason);

    expect(String(error)).toContain(`aws secretsmanager put-secret-value --secret-id ${ARN}`);
    expect(`${(error as Error).stack}`).not.toContain("swordfish");
  });

  it("that has no value yet is named, with the command that gives it one", async () => {
    const arn = `${ARN.slice(0, -6)}ZzZzZz`;

    await expect(readApiCredentials(client, arn)).rejects.toThrow(
      `Secret ${arn} does not exist or has no value yet. Put the API client into it: aws secretsmanager put-secret-value`,
    );
  });

  it("that cannot be read is named", async () => {
    fault = { status: 400, code: "AccessDeniedException" };

    await expect(readApiCredentials(client, ARN)).rejects.toThrow(
      `Reading secret ${ARN} failed: AccessDeniedException: Simulated AccessDeniedException`,
    );
  });
});
