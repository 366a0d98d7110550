import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Aws, startAws as startStandIns } from "../../../../simulator/aws/stand-ins.js";
import { vectraCdr } from "../../command-line.js";
import {
  AwsFailure,
  type AwsStandIn,
  listedObjects,
  startAws,
} from "../../exporters/deployed/deployed-aws.js";

const ARN = "arn:aws:iam::333333333333:user/ann";
const CONFIGURATION = {
  FunctionName: "exporter",
  FunctionArn: "arn:aws:lambda:eu-west-1:333333333333:function:exporter",
  Environment: {
    Variables: {
      TENANTS: JSON.stringify([
        {
          name: "acme",
          url: "https://acme.uw2.portal.vectra.ai",
          secretArn: "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme",
          partitionAccountId: "333333333333",
          includeScoreDecreases: true,
          start: "beginning",
        },
      ]),
      CHECKPOINT_TABLE: "exporter-checkpoints",
      LAKE_LOCATION: "s3://lake/ext/vectra-cdr/",
      LAKE_REGION: "eu-west-1",
      LAKE_ROLE_ARN: "arn:aws:iam::333333333333:role/provider",
      LAKE_EXTERNAL_ID: "4f0c9a7e1d5b48c2a6e3",
    },
  },
};
const PARTITION = "ext/vectra-cdr/region=eu-west-1/accountId=333333333333/eventDay=20260201";
/** An export that began with v3.3, at another address, with an unfinished window; v3.4 is configured. */
const CHECKPOINT = {
  ...{
    pk: "acme#v3.3",
    sk: "checkpoint",
    state_version: 2,
    next_from: 5103,
    first_from: 4000,
    sequence: 6000,
  },
  ...{ api: "v3.4", origin: "https://old.uw2.portal.vectra.ai", forget_before: 0, keys_since: 0 },
  intent: {
    ...{ kind: "live", from: 5103, to: 5110, events: 2, run: "0c9f", pieces: 1, digest: "aa" },
    ...{ location: "s3://lake/ext/vectra-cdr/region=eu-west-1/", event_class: "SECURITY_FINDING" },
  },
};

let aws: AwsStandIn;
let standIns: Aws;
let directory: string;
let pages: string[];

beforeEach(async () => {
  pages = [
    listedObjects(
      [`${PARTITION}/vectra-acme-v3.4-5110-5120.zstd.parquet`, `${PARTITION}/of-another-writer`],
      "next",
    ),
    listedObjects([
      `${PARTITION}/vectra-acme-v3.4-5120-5140.zstd.parquet`,
      `${PARTITION}/vectra-globex-v3.4-9000-9999.zstd.parquet`,
    ]),
  ];
  directory = mkdtempSync(join(tmpdir(), "lake-"));
  standIns = await startStandIns({
    lakeDirectory: directory,
    lake: {
      bucket: "lake",
      prefix: "ext/vectra-cdr/",
      roleArn: "arn:aws:iam::333333333333:role/provider",
      externalId: "x",
    },
    table: { name: "exporter-checkpoints", hashKey: "pk", rangeKey: "sk" },
    secrets: {},
  });
  aws = await startAws({
    GetFunctionConfiguration: () => CONFIGURATION,
    GetCallerIdentity: () =>
      `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${ARN}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    ListObjectsV2: () => pages.shift(),
  });
  for (const [name, value] of Object.entries({
    ...aws.environment,
    ...standIns.environment,
    AWS_ENDPOINT_URL: aws.environment["AWS_ENDPOINT_URL"],
    AWS_ENDPOINT_URL_DYNAMODB: standIns.url,
  })) {
    vi.stubEnv(name, value);
  }
  const dynamodb = new DynamoDBClient({ endpoint: standIns.url });
  await dynamodb.send(new PutItemCommand({ TableName: "exporter-checkpoints", Item: marshall(CHECKPOINT) }));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
  await standIns.close();
  rmSync(directory, { recursive: true });
});

const change = (command: string, ...options: string[]) =>
  vectraCdr(["checkpoint", command, ...options, "--reason", "told so", "--function", "exporter", "--yes"]);

async function checkpoint() {
  const items = await standIns.items();
  expect(items).toHaveLength(1);
  const [item = {}] = items;
  expect(JSON.parse(String(item["moves"]))).toMatchObject([{ by: ARN, reason: "told so" }]);
  expect(item).not.toHaveProperty("lease_owner");
  return item;
}

describe("GIVEN a deployed exporter whose state is under the version of the API with which it began", () => {
  it("WHEN its address is adopted THEN that is the origin", async () => {
    expect(await change("adopt")).toEqual({
      code: 0,
      err: "",
      out: `acme: continues at https://acme.uw2.portal.vectra.ai, adopted by ${ARN}; reason recorded\n`,
    });

    expect(await checkpoint()).toMatchObject({
      origin: "https://acme.uw2.portal.vectra.ai",
      next_from: 5103,
      intent: { run: "0c9f" },
    });
  });

  it("WHEN its unfinished window is abandoned THEN the same window comes again", async () => {
    expect((await change("abandon")).out).toBe(
      `acme: unfinished window from 5103 to 5110 abandoned by ${ARN}; reason recorded\n`,
    );

    expect(await checkpoint()).toMatchObject({ next_from: 5103, redo_to: 5110, intent: null });
  });

  it("WHEN an overlap is chosen THEN it is stored in milliseconds", async () => {
    expect((await change("overlap", "--since", "2026-01-31T18:30:00Z")).code).toBe(0);

    expect(await checkpoint()).toMatchObject({ api_change_since: 1_769_884_200_000, next_from: 5103 });
  });

  it("WHEN it is restored THEN every page of the bucket is listed, and the newest window comes again", async () => {
    expect(await change("restore")).toEqual({
      code: 0,
      err: "",
      out: `acme: the next run writes the window from 5120 to 5140 again; restored by ${ARN}; reason recorded\n`,
    });

    expect(aws.requests("ListObjectsV2")).toEqual([
      { bucket: "lake", prefix: "ext/vectra-cdr/region=eu-west-1/" },
      { bucket: "lake", prefix: "ext/vectra-cdr/region=eu-west-1/", token: "next" },
    ]);
    const restored = await checkpoint();
    expect(restored).toMatchObject({
      next_from: 5120,
      redo_to: 5140,
      first_from: 4000,
      sequence: 1_006_000,
      forget_before: 0,
      keys_since: expect.any(Number),
      intent: null,
    });
    expect(restored["keys_since"]).toBeGreaterThan(1_700_000_000_000);
    expect(JSON.parse(String(restored["moves"]))).toMatchObject([
      { from: 5103, to: 5120, restored: true, givenUpTo: 5110 },
    ]);
  });

  it("WHEN the caller may not list the lake THEN the error names the action and where the rights are", async () => {
    pages = [];
    await aws.close();
    aws = await startAws({
      GetFunctionConfiguration: () => CONFIGURATION,
      ListObjectsV2: () => {
        throw new AwsFailure("AccessDenied", "not authorized to perform: s3:ListBucket", 403);
      },
    });
    vi.stubEnv("AWS_ENDPOINT_URL", aws.environment["AWS_ENDPOINT_URL"]);

    const { code, err } = await change("restore");

    expect(code).toBe(1);
    expect(err).toContain("Access denied by AWS: ");
    expect(err).toContain("cli/exporters/deployed/README.md lists the policy for each command.");
  });

  it("WHEN a run holds the lease THEN nothing is changed", async () => {
    const dynamodb = new DynamoDBClient({ endpoint: standIns.url });
    const held = { ...CHECKPOINT, lease_owner: "run", lease_until: Date.now() + 60_000 };
    await dynamodb.send(new PutItemCommand({ TableName: "exporter-checkpoints", Item: marshall(held) }));

    for (const command of [["adopt"], ["abandon"], ["restore"], ["overlap", "--since", "2026-01-31"]]) {
      const [name = "", ...options] = command;
      expect(await change(name, ...options)).toMatchObject({
        code: 1,
        err: expect.stringContaining("A run of acme is in progress in function exporter in eu-west-1."),
      });
      pages = [listedObjects([`${PARTITION}/vectra-acme-v3.4-5110-5120.zstd.parquet`])];
    }
    expect(await standIns.items()).toEqual([held]);
  });
});
