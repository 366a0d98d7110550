import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clientSecret, type DeployedExporter, deployExporter } from "./deployed-exporter.js";
import type { EmulatedClient } from "./ministack.js";

const minute = 60_000;
const externalId = "4f0c9a7e1d5b48c2a6e3";
const prefix = "ext/vectra-cdr/";

let exporter: DeployedExporter;

beforeAll(async () => {
  exporter = await deployExporter({ brokenPermission: process.env["E2E_BREAK_PERMISSION"] });
});

afterAll(async () => {
  await exporter?.close();
});

/** Waits until an assertion about the deployed function holds; when it never does, the function's log says why. */
async function eventually<T>(assertion: () => Promise<T>, milliseconds: number): Promise<T> {
  try {
    return await vi.waitFor(assertion, { timeout: milliseconds, interval: 1000 });
  } catch (error) {
    const log = (await exporter.log()).slice(-4000) || "nothing";
    throw new Error(`${(error as Error).message}\nThe function has logged:\n${log}`, { cause: error });
  }
}

async function expectDenied(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied/) });
}

describe("what the execution role may do", () => {
  let role: EmulatedClient;
  let providerRole: unknown;

  beforeAll(async () => {
    // MiniStack lets an account's root assume a role that trusts a service only; AWS would not.
    role = await exporter.session(exporter.root, exporter.stack.only("aws_lambda_function")["role"]);
    const [details] = exporter.stack.only("aws_securitylake_custom_log_source")["provider_details"] as [
      { role_arn: string },
    ];
    providerRole = details.role_arn;
  });

  it("reads the tenant's secret", async () => {
    const SecretId = String(exporter.stack.only("aws_secretsmanager_secret")["arn"]);
    const { SecretString } = await new SecretsManagerClient(role).send(
      new GetSecretValueCommand({ SecretId }),
    );
    expect(SecretString).toBe(`{"client_id":"e2e-client","client_secret":"${clientSecret}"}`);
  });

  it("does not read, list or write the CloudTrail log bucket", async () => {
    const s3 = new S3Client(role);
    const Bucket = exporter.logBucket;
    await expectDenied(s3.send(new GetObjectCommand({ Bucket, Key: "anything" })));
    await expectDenied(s3.send(new ListObjectsV2Command({ Bucket })));
    await expectDenied(s3.send(new PutObjectCommand({ Bucket, Key: "anything", Body: "x" })));
  });

  it("cannot access the lake with its own role", async () => {
    const s3 = new S3Client(role);
    const Bucket = exporter.lakeBucket;
    await expectDenied(s3.send(new PutObjectCommand({ Bucket, Key: `${prefix}x`, Body: "x" })));
    await expectDenied(s3.send(new GetObjectCommand({ Bucket, Key: "anything" })));
  });

  it("assumes the provider role with the External ID only", async () => {
    await expectDenied(exporter.session(role, providerRole));
    await expectDenied(exporter.session(role, providerRole, "another-external-id"));
    await expect(exporter.session(role, providerRole, externalId)).resolves.toBeDefined();
  });

  it("writes, as the provider role, below the source's prefix and reads nothing", async () => {
    const s3 = new S3Client(await exporter.session(role, providerRole, externalId));
    const Bucket = exporter.lakeBucket;
    await expectDenied(s3.send(new PutObjectCommand({ Bucket, Key: "ext/another-source/x", Body: "x" })));
    await expectDenied(s3.send(new PutObjectCommand({ Bucket, Key: "anything", Body: "x" })));
    await expectDenied(s3.send(new GetObjectCommand({ Bucket, Key: "anything" })));
    await expectDenied(s3.send(new GetObjectCommand({ Bucket: exporter.logBucket, Key: "anything" })));
    // Not a Parquet file: read_lake.py passes over it.
    await s3.send(new PutObjectCommand({ Bucket, Key: `${prefix}permitted`, Body: "x" }));
  });

  it("leaves the External ID to the provider role's own trust policy as well", async () => {
    // GIVEN a user of the account who may assume any role
    const iam = new IAMClient(exporter.root);
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: "administrator",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: "333333333333" }, Action: "sts:AssumeRole" }],
        }),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: "administrator",
        PolicyName: "everything",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        }),
      }),
    );
    const administrator = await exporter.session(exporter.root, Role?.Arn);
    // THEN not even that is enough without the External ID
    await expectDenied(exporter.session(administrator, providerRole));
    await expectDenied(exporter.session(administrator, providerRole, "another-external-id"));
    await expect(exporter.session(administrator, providerRole, externalId)).resolves.toBeDefined();
  });

  it("sends dead letters to its own queue", async () => {
    // Lambda does this in the role's name; MiniStack does it in its own.
    const QueueUrl = String(exporter.stack.only("aws_sqs_queue")["url"]);
    await new SQSClient(role).send(new SendMessageCommand({ QueueUrl, MessageBody: '"permitted"' }));
    expect(await exporter.deadLetters()).toEqual(["permitted"]);
  });
});

describe("what the scheduled function does", () => {
  it("exports every event of the tenant when the scheduler invokes it", async () => {
    // GIVEN a tenant with twenty minutes of events, and only the scheduler to invoke the function
    exporter.tenant.advance(20 * minute);
    expect(exporter.tenant.events()).toHaveLength(48);
    // THEN the cursor ends after the last event
    const next = String((exporter.tenant.events().at(-1)?.id ?? 0) + 1);
    await eventually(
      async () => expect(await exporter.checkpoint()).toMatchObject({ next_from: { N: next } }),
      100_000,
    );
  });

  it("goes on from the checkpoint", async () => {
    // GIVEN new events WHEN it is invoked once more
    exporter.tenant.advance(10 * minute);
    const next = String((exporter.tenant.events().at(-1)?.id ?? 0) + 1);
    await exporter.invoke();
    // THEN the cursor advances, with nothing left to finish and no lease held
    const item = await eventually(async () => {
      const checkpoint = await exporter.checkpoint();
      expect(checkpoint).toMatchObject({ next_from: { N: next } });
      expect(checkpoint).not.toHaveProperty("lease_owner");
      return checkpoint;
    }, 30_000);
    expect(item).toMatchObject({ intent: { NULL: true } });
  });

  it("has put each event into the lake once, as DuckDB reads it", async () => {
    const { table } = await exporter.readLake();
    expect(table?.rows.map(({ finding_uid, time }) => `${finding_uid} at ${time}`)).toEqual(
      exporter.tenant
        .events()
        .map((event) => ({ account: String(event.entity_id), time: Date.parse(event.event_timestamp) }))
        .sort((a, b) => a.time - b.time || (a.account < b.account ? -1 : 1))
        .map(({ account, time }) => `${account} at ${time}`),
    );
    expect(table?.rows).toHaveLength(72);
    expect(table?.types).toMatchObject({
      time: "BIGINT",
      class_uid: "INTEGER",
      severity_id: "INTEGER",
      type_uid: "INTEGER",
      finding: "STRUCT(title VARCHAR, src_url VARCHAR, uid VARCHAR, supporting_data VARCHAR)",
      region: "VARCHAR",
      accountId: "VARCHAR",
      eventDay: "VARCHAR",
    });
    for (const row of table?.rows ?? []) {
      const day = new Date(Number(row["time"])).toISOString().slice(0, 10).replaceAll("-", "");
      expect(row).toMatchObject({ region: "eu-west-1", accountId: "333333333333", eventDay: day });
    }
  });

  it("has written files as Security Lake asks, as PyArrow reads them", async () => {
    const { files } = await exporter.readLake();
    const partition = "ext/vectra-cdr/region=eu-west-1/accountId=333333333333";
    const name = /^vectra-acme-v3\.4-\d+-\d+\.zstd\.parquet$/;
    expect(files.map(({ key }) => key.slice(0, key.lastIndexOf("/")))).toEqual([
      `${partition}/eventDay=20250131`,
      `${partition}/eventDay=20250201`,
      `${partition}/eventDay=20250201`,
    ]);
    for (const { key, columns, codecs, times } of files) {
      expect(key.slice(key.lastIndexOf("/") + 1)).toMatch(name);
      expect(codecs).toEqual(["ZSTD"]);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(columns).toEqual({
        activity: text,
        activity_id: int32,
        category_name: text,
        category_uid: int32,
        class_name: text,
        class_uid: int32,
        "finding.title": text,
        "finding.src_url": text,
        "finding.uid": text,
        "finding.supporting_data": text,
        message: text,
        "metadata.version": text,
        "metadata.product.lang": text,
        "metadata.product.name": text,
        "metadata.product.uid": text,
        "metadata.product.vendor_name": text,
        severity: text,
        severity_id: int32,
        state_id: int32,
        status_detail: text,
        time: { physical: "INT64", logical: "None" },
        type_name: text,
        type_uid: int32,
      });
    }
  });

  it("leaves a failed invocation in the dead-letter queue, and loses nothing", async () => {
    // GIVEN a tenant that no longer knows the client secret
    exporter.tenant.rotateSecret("another-secret");
    exporter.tenant.advance(5 * minute);
    await exporter.invoke();
    await eventually(
      async () =>
        expect(await exporter.deadLetters()).toContainEqual(
          expect.objectContaining({ requestPayload: { tenant: "acme" } }),
        ),
      30_000,
    );
    // WHEN the secret is right again
    exporter.tenant.rotateSecret(clientSecret);
    await exporter.invoke();
    // THEN the events that were not exported then are exported now
    const next = String((exporter.tenant.events().at(-1)?.id ?? 0) + 1);
    await eventually(
      async () => expect(await exporter.checkpoint()).toMatchObject({ next_from: { N: next } }),
      30_000,
    );
    expect((await exporter.readLake()).table?.rows).toHaveLength(84);
  });

  it("has written neither the secret nor a token into its log", async () => {
    const log = await exporter.log();
    expect(log).toContain("Run succeeded");
    expect(log).not.toContain(clientSecret);
    expect(log).not.toMatch(/bearer/i);
  });
});

const text = { physical: "BYTE_ARRAY", logical: "String" };
const int32 = { physical: "INT32", logical: "None" };
