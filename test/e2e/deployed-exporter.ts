import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { type AttributeValue, DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { parseDocument } from "yaml";
import { parseDeployment } from "../../deployment/load.js";
import { synthDeployment } from "../../deployment/synth.js";
import { bundleExporter, type ExporterBundle } from "../../functions/security-lake-exporter/bundle.js";
import { startTenant, type Tenant } from "../../simulator/tenant.js";
import { lakeOf, makeBucket } from "../terraform/lake.js";
import { startSecurityLakeStandIn } from "../terraform/security-lake-stand-in.js";
import { type EmulatedClient, startMiniStack } from "./ministack.js";
import { withoutPermission } from "./permission.js";
import { pythonEnvironment } from "./python-environment.js";
import { assumeRole } from "./session.js";
import { type AppliedStack, applyStack } from "./terraform-apply.js";
import type { Attributes } from "./terraform-json.js";

const example = join(import.meta.dirname, "..", "..", "examples", "organization", "deployment.yaml");

/** What read_lake.py prints. */
interface LakeContents {
  /** All objects as one table, as a SQL engine sees it; null while the lake is empty. */
  readonly table: {
    readonly types: Readonly<Record<string, string>>;
    readonly rows: readonly Readonly<Record<string, unknown>>[];
  } | null;
  readonly files: readonly {
    readonly key: string;
    readonly columns: Readonly<Record<string, { readonly physical: string; readonly logical: string }>>;
    readonly codecs: readonly string[];
    /** The time column, in the order of the file. */
    readonly times: readonly number[];
  }[];
}

/** How the exporter is deployed. */
export interface ExporterOptions {
  /** An IAM action to leave out of every policy, to show that its absence is noticed. */
  readonly brokenPermission?: string | undefined;
  /** Names of the simulated tenants. @default ["acme"], the example's */
  readonly tenants?: readonly string[];
  /** Further settings of the exporter, as in a deployment file. @default - the example's */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Further settings of every tenant, as in a deployment file. */
  readonly tenantSettings?: Readonly<Record<string, unknown>>;
  /** How often the scheduler invokes the function. @default "rate(1 minute)" */
  readonly schedule?: string;
  /** The function's zip. @default - this release's */
  readonly zip?: string;
}

/** The exporter of the example, deployed into an emulated account, exporting from simulated tenants. */
export interface DeployedExporter {
  /** By name. All know the same API client. */
  readonly tenants: ReadonlyMap<string, Tenant>;
  /** The first of them. */
  readonly tenant: Tenant;
  readonly stack: AppliedStack;
  /** Client settings of the account's root user. */
  readonly root: EmulatedClient;
  readonly lakeBucket: string;
  /** The CloudTrail log bucket, in the same account: only the role's own policy keeps it out there. */
  readonly logBucket: string;
  /** Client settings of a session of a role. @param caller who assumes it. */
  session(caller: EmulatedClient, roleArn: unknown, externalId?: string): Promise<EmulatedClient>;
  /** Invokes the function as the scheduler does: asynchronously, with the tenant's name. */
  invoke(tenantName?: string): Promise<void>;
  /** Invokes the function for the first tenant, and waits. @returns its answer, or its error. */
  run(): Promise<{ readonly answer?: unknown; readonly error?: string }>;
  /** Deploys another zip. @default - this release's */
  updateCode(zip?: string): Promise<void>;
  /** Every item of the checkpoint table, in DynamoDB's JSON. */
  items(): Promise<readonly Record<string, AttributeValue>[]>;
  /** A tenant's checkpoint item; undefined before the first run. */
  checkpoint(tenantName?: string): Promise<Record<string, unknown> | undefined>;
  readLake(): Promise<LakeContents>;
  /** Bodies of the messages that wait in the dead-letter queue. */
  deadLetters(): Promise<unknown[]>;
  /** Everything that the function has logged. */
  log(): Promise<string>;
  close(): Promise<void>;
}

/** The API client's secret: searched for where it must not be. */
export const clientSecret = "e2e-secret-5f2b8c1d9a7e4036";

/**
 * Deploys the security-lake stack of examples/organization as its synthesized Terraform declares it. Two things
 * differ, both because of where it runs: the tenants, and the schedule's rate (see `amendment`).
 */
export async function deployExporter(options: ExporterOptions): Promise<DeployedExporter> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) {
      await closer();
    }
  };
  try {
    return await deploy(options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function deploy(
  {
    brokenPermission,
    tenants: tenantNames = ["acme"],
    settings = {},
    tenantSettings = {},
    schedule = "rate(1 minute)",
    zip,
  }: ExporterOptions,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<DeployedExporter> {
  const python = await pythonEnvironment();
  const directory = mkdtempSync(join(tmpdir(), "vectra-cdr-e2e-"));
  closers.push(async () => rmSync(directory, { recursive: true, force: true }));
  const emulator = await startMiniStack(python, true);
  closers.push(emulator.stop);
  const tenants = new Map<string, Tenant>();
  for (const [index, name] of tenantNames.entries()) {
    const started = await startTenant({
      seed: 3 + index,
      clientId: "e2e-client",
      clientSecret,
      startTime: new Date("2025-01-31T23:50:00Z"), // Ten minutes before midnight: two days, two partitions.
    });
    closers.push(started.close);
    tenants.set(name, started);
  }
  const [tenant] = tenants.values();
  if (tenant === undefined) {
    throw new Error("An exporter without a tenant exports nothing: pass at least one.");
  }

  const document = parseDocument(readFileSync(example, "utf8"));
  const entries = [...tenants].map(([name, { url }]) => ({
    name,
    url,
    secret: { create: {} },
    ...tenantSettings,
  }));
  for (const [name, value] of Object.entries({ ...settings, tenants: entries })) {
    document.setIn(["securityLake", "exporter", name], document.createNode(value));
  }
  const deployment = parseDeployment(String(document), example);
  const lake = lakeOf(deployment);
  const root = emulator.rootOf(lake.accountId, lake.region);
  const logBucket = "vectra-cdr-logs-333333333333-eu-west-1";
  const s3 = new S3Client(root);
  for (const bucketName of [lake.bucketName, logBucket]) {
    await makeBucket(s3, bucketName, lake.region);
    await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: "anything", Body: "of somebody else" }));
  }
  const securityLake = await startSecurityLakeStandIn(root, lake.accountId, lake.bucketName);
  closers.push(securityLake.close);

  const outdir = join(directory, "cdktf.out");
  const folder = join(outdir, "stacks", "security-lake");
  const own = bundleExporter(join(directory, "bundle"));
  synthDeployment({ deployment, outdir, bundle: () => (zip === undefined ? own : bundleOf(zip)) });
  if (brokenPermission && !readFileSync(join(folder, "cdk.tf.json"), "utf8").includes(brokenPermission)) {
    throw new Error(`No policy of the stack grants ${brokenPermission}, so it cannot be removed.`);
  }
  const stack = await applyStack(
    folder,
    { id: lake.accountId, client: root, securityLakeUrl: securityLake.url },
    amendment(brokenPermission, schedule),
  );
  // By hand after a deployment too: no secret value ever passes through Terraform.
  for (const { arn } of stack.all("aws_secretsmanager_secret")) {
    await new SecretsManagerClient(root).send(
      new PutSecretValueCommand({
        SecretId: String(arn),
        SecretString: JSON.stringify({ client_id: "e2e-client", client_secret: clientSecret }),
      }),
    );
  }

  const functionName = String(stack.only("aws_lambda_function")["function_name"]);
  return {
    tenants,
    tenant,
    stack,
    root,
    lakeBucket: lake.bucketName,
    logBucket,
    close,
    session: (caller, roleArn, externalId) => assumeRole(caller, String(roleArn), externalId),
    async invoke(name = "acme") {
      await new LambdaClient(root).send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: "Event",
          Payload: JSON.stringify({ tenant: name }),
        }),
      );
    },
    async run() {
      const { FunctionError, Payload } = await new LambdaClient(root).send(
        new InvokeCommand({
          FunctionName: functionName,
          Payload: JSON.stringify({ tenant: tenantNames[0] }),
        }),
      );
      const answer = JSON.parse(new TextDecoder().decode(Payload)) as unknown;
      return FunctionError === undefined
        ? { answer }
        : { error: (answer as { readonly errorMessage: string }).errorMessage };
    },
    async updateCode(other = own.zipPath) {
      const lambda = new LambdaClient(root);
      await lambda.send(
        new UpdateFunctionCodeCommand({ FunctionName: functionName, ZipFile: readFileSync(other) }),
      );
      await waitUntilFunctionUpdatedV2(
        { client: lambda, maxWaitTime: 20, minDelay: 1 },
        { FunctionName: functionName },
      );
    },
    async items() {
      const { Items } = await new DynamoDBClient(root).send(
        new ScanCommand({ TableName: String(stack.only("aws_dynamodb_table")["name"]) }),
      );
      return Items ?? [];
    },
    async checkpoint(name = "acme") {
      const { Item } = await new DynamoDBClient(root).send(
        new GetItemCommand({
          TableName: String(stack.only("aws_dynamodb_table")["name"]),
          Key: { pk: { S: `${name}#v3.4` }, sk: { S: "checkpoint" } },
        }),
      );
      return Item;
    },
    async readLake() {
      const copy = join(directory, "lake");
      rmSync(copy, { recursive: true, force: true });
      mkdirSync(copy);
      await download(s3, lake.bucketName, copy);
      const script = join(import.meta.dirname, "read_lake.py");
      const { stdout } = await promisify(execFile)(python, [script, copy], { maxBuffer: 64 * 1024 * 1024 });
      return JSON.parse(stdout) as LakeContents;
    },
    async deadLetters() {
      const { Messages } = await new SQSClient(root).send(
        new ReceiveMessageCommand({
          QueueUrl: String(stack.only("aws_sqs_queue")["url"]),
          MaxNumberOfMessages: 10,
        }),
      );
      return (Messages ?? []).map(({ Body }) => JSON.parse(Body ?? "null") as unknown);
    },
    async log() {
      const { events } = await new CloudWatchLogsClient(root).send(
        new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` }),
      );
      return (events ?? []).map(({ message }) => message).join("\n");
    },
  };
}

function bundleOf(zipPath: string): ExporterBundle {
  const bytes = readFileSync(zipPath);
  return {
    zipPath,
    sourceCodeHash: createHash("sha256").update(bytes).digest("base64"),
    bytes: bytes.byteLength,
  };
}

/**
 * What is applied otherwise than declared. MiniStack fires a schedule first after its whole period, and five minutes
 * are long for a test; the declared rate is checked before it is replaced.
 */
function amendment(
  brokenPermission: string | undefined,
  schedule: string,
): (type: string, values: Attributes) => Attributes {
  return (type, values) => {
    if (type === "aws_scheduler_schedule") {
      if (values["schedule_expression"] !== "rate(5 minutes)") {
        throw new Error(
          `The schedule must be declared as rate(5 minutes), not ${values["schedule_expression"]}.`,
        );
      }
      return { ...values, schedule_expression: schedule };
    }
    if (type === "aws_iam_role_policy" && brokenPermission !== undefined) {
      return { ...values, policy: withoutPermission(String(values["policy"]), brokenPermission) };
    }
    return values;
  };
}

async function download(s3: S3Client, bucket: string, directory: string): Promise<void> {
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "ext/" }));
  for (const { Key } of Contents ?? []) {
    if (Key === undefined) {
      continue;
    }
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const path = join(directory, Key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (await Body?.transformToByteArray()) ?? "");
  }
}
