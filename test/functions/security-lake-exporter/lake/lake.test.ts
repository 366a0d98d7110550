import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Lake } from "../../../../functions/security-lake-exporter/lake/lake.js";
import { type Aws, type AwsFault, startAws } from "../../../../simulator/aws/stand-ins.js";

const directory = mkdtempSync(join(tmpdir(), "lake "));
const SOURCE = {
  bucket: "lake",
  prefix: "ext/vectra-cdr/",
  roleArn: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
  externalId: "external-id-of-the-test",
};
const OBJECT = {
  accountId: "111122223333",
  eventDay: "20260131",
  name: "vectra-acme-v3.4-0-7.zstd.parquet",
  body: new Uint8Array([1, 2, 3]),
};

let aws: Aws;
let fault: (operation: string) => AwsFault = () => "pass";

beforeAll(async () => {
  aws = await startAws({
    lakeDirectory: directory,
    lake: SOURCE,
    table: { name: "table", hashKey: "pk", rangeKey: "sk" },
    secrets: {},
    onCall: ({ operation }) => fault(operation),
  });
  Object.assign(process.env, aws.environment);
});
afterAll(() => aws.close());
afterEach(() => {
  fault = () => "pass";
});

describe("the lake", () => {
  it("takes an object at Security Lake's path, and the same object again", async () => {
    const lake = new Lake({ ...SOURCE, region: "eu-west-1" });

    const key = await lake.put(OBJECT);
    await lake.put({ ...OBJECT, body: new Uint8Array([4]) });

    expect(key).toBe(
      "ext/vectra-cdr/region=eu-west-1/accountId=111122223333/eventDay=20260131/vectra-acme-v3.4-0-7.zstd.parquet",
    );
    expect([...readFileSync(join(directory, key))]).toEqual([4]);
  });

  it("is entered through the provider role once for many objects", async () => {
    const before = aws.calls().length;
    const lake = new Lake({ ...SOURCE, region: "eu-west-1" });
    await lake.put(OBJECT);
    await lake.put(OBJECT);

    const operations = aws
      .calls()
      .slice(before)
      .map(({ operation }) => operation);
    expect(operations).toEqual(["AssumeRole", "PutObject", "PutObject"]);
  });

  it("stays closed without the right External ID, and the error names object and role", async () => {
    const lake = new Lake({ ...SOURCE, externalId: "another-external-id", region: "eu-west-1" });

    await expect(lake.put(OBJECT)).rejects.toThrow(
      /^Writing s3:\/\/lake\/ext\/vectra-cdr\/region=eu-west-1\/.*\.parquet failed: Assuming role arn:\S+ failed: AccessDenied: /,
    );
  });

  it("takes nothing outside the source's prefix", async () => {
    const lake = new Lake({ ...SOURCE, prefix: "ext/other/", region: "eu-west-1" });

    await expect(lake.put(OBJECT)).rejects.toThrow(/failed: AccessDenied/);
  });

  it("does not take an answer for S3's that stored nothing", async () => {
    fault = (operation) => (operation === "PutObject" ? "garbage" : "pass");
    const lake = new Lake({ ...SOURCE, region: "eu-west-1" });

    await expect(lake.put(OBJECT)).rejects.toThrow(
      /^Writing s3:\/\/lake\/\S+\.parquet failed: the answer has no ETag, so it is not that of S3\./,
    );
  });

  it("does not take an answer for that of STS that has no session", async () => {
    fault = (operation) => (operation === "AssumeRole" ? "garbage" : "pass");
    const lake = new Lake({ ...SOURCE, region: "eu-west-1" });

    await expect(lake.put(OBJECT)).rejects.toThrow(
      /failed: Assuming role arn:\S+ failed: the answer has no credentials, so it is not that of STS$/,
    );
  });
});
