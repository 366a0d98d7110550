import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { parquetReadObjects } from "hyparquet";
import { AccountScores } from "../../functions/security-lake-exporter/account-scores.js";
import { Checkpoint } from "../../functions/security-lake-exporter/checkpoint.js";
import { DynamoDbTable } from "../../functions/security-lake-exporter/dynamodb-table.js";
import { Lake } from "../../functions/security-lake-exporter/lake.js";
import {
  type BatchLimits,
  DEFAULT_LIMITS,
  type RunContext,
} from "../../functions/security-lake-exporter/lease.js";
import { Quarantine } from "../../functions/security-lake-exporter/quarantine.js";
import { exportNewEvents, type RunResult } from "../../functions/security-lake-exporter/run.js";
import type { Tenant as TenantSettings } from "../../functions/security-lake-exporter/settings.js";
import type { ExportState } from "../../functions/security-lake-exporter/state-table.js";
import { eventsApi } from "../../functions/security-lake-exporter/vectra/apis.js";
import { VectraClient } from "../../functions/security-lake-exporter/vectra/client.js";
import { newestCheckpoint } from "../../functions/security-lake-exporter/vectra/events.js";
import { DEFAULT_RETRY } from "../../functions/security-lake-exporter/vectra/http.js";
import { type Aws, type AwsFault, startAws } from "../../simulator/aws/stand-ins.js";
import type { EntityScoringEvent } from "../../simulator/organization.js";
import { startTenant, type Tenant } from "../../simulator/tenant.js";

const TABLE = "checkpoints";
const LAKE = {
  bucket: "lake",
  prefix: "ext/vectra-cdr/",
  roleArn: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
  externalId: "external-id-of-the-test",
};

/** A record of the lake, reduced to what tells one event from another. */
interface LakeRecord {
  readonly key: string;
  readonly account: string;
  readonly time: number;
  readonly direction: string;
}

/** How a run differs from an ordinary one. */
interface RunOptions {
  readonly limits?: BatchLimits;
  readonly settings?: Partial<TenantSettings>;
  readonly remaining?: number;
}

/** A simulated tenant, AWS stand-ins and the exporter between them, in this process. */
export interface ExporterUnderTest {
  readonly tenant: Tenant;
  readonly aws: Aws;
  /** Begins a new story: another tenant name, with a checkpoint at the newest event and nothing in the lake. */
  restart(name: string): Promise<void>;
  /** One run, as a new invocation of a new container would make it. */
  run(options?: RunOptions): Promise<RunResult>;
  /** What a new invocation works with. */
  context(options?: RunOptions): RunContext;
  /** Lets the tenant give an event with other fields. */
  tamper(id: number, fields: Record<string, unknown>): void;
  /** Lets the tenant give every event as it is again. */
  untamper(): void;
  /** Changes fields of an event in quarantine, as a new version of the function would read it otherwise. */
  mendQuarantined(key: string, fields: Record<string, unknown>): Promise<void>;
  /** Takes the lease from a run that has crashed. */
  endLease(): Promise<void>;
  checkpoint(owner: string): Checkpoint;
  scores(): AccountScores;
  quarantine(): Quarantine;
  /** Asked before each AWS call from now on. */
  onCall(decide: (operation: string) => AwsFault | Promise<AwsFault>): void;
  records(): Promise<LakeRecord[]>;
  /** What the tenant has that is not in the lake exactly once; empty when all is well. */
  differences(): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts everything; the tenant has had 15 minutes of events, 36 of them, around midnight UTC. */
export async function startExporter(
  organization: { readonly accounts?: number; readonly eventsPerTick?: number } = { accounts: 8 },
): Promise<ExporterUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), "exporter "));
  const tenant = await startTenant({
    seed: 11,
    clientId: "client",
    clientSecret: "secret",
    startTime: new Date("2026-01-31T23:50:00Z"),
    ...organization,
  });
  tenant.advance(900_000);
  let decide: (operation: string) => AwsFault | Promise<AwsFault> = () => "pass";
  const aws = await startAws({
    lakeDirectory: directory,
    lake: LAKE,
    table: { name: TABLE, hashKey: "pk", rangeKey: "sk" },
    secrets: {},
    onCall: ({ operation }) => decide(operation),
  });
  Object.assign(process.env, aws.environment);
  let name = "acme";
  /** Events before this one are no part of the story. */
  let firstEvent = 0;
  const dynamodb = new DynamoDBClient({ maxAttempts: 2 });
  const pk = () => `${name}#v3.4`;
  /** Events that the tenant gives otherwise than they are, by what they are. */
  const originals = new Map<EntityScoringEvent, EntityScoringEvent>();
  const table = new DynamoDbTable(dynamodb, TABLE);
  const state = (): ExportState => ({ table, pk: pk() });
  const checkpoint = (owner: string) => new Checkpoint(state(), owner);
  const scores = () => new AccountScores(state());
  const quarantine = () => new Quarantine(state());

  async function records(): Promise<LakeRecord[]> {
    const found: LakeRecord[] = [];
    for (const path of parquetFiles(directory, `vectra-${name}-`)) {
      const bytes = Uint8Array.from(readFileSync(path));
      const rows = await parquetReadObjects({
        file: bytes.buffer,
        compressors: { ZSTD: (input) => zstdDecompressSync(input) },
      });
      const key = relative(directory, path);
      for (const row of rows) {
        found.push({
          key,
          account: row["finding"].uid,
          time: Number(row["time"]),
          direction: row["status_detail"],
        });
      }
    }
    return found;
  }

  function context({
    limits = DEFAULT_LIMITS,
    settings = {},
    remaining = 240_000,
  }: RunOptions = {}): RunContext {
    const startedAt = performance.now();
    const retry = { ...DEFAULT_RETRY, retries: 1, firstPause: 1 };
    return {
      tenant: {
        name,
        url: tenant.url,
        secretArn: "arn:unused",
        partitionAccountId: "333333333333",
        includeScoreDecreases: true,
        start: "beginning",
        api: "v3.4",
        profile: "vectra",
        rawData: false,
        filters: { accounts: "aws", prioritizedOnly: false },
        partitionBy: "fixed",
        assignmentRequired: false,
        ...settings,
      },
      source: {
        api: eventsApi("v3.4"),
        vectra: new VectraClient(tenant.url, async () => ({ clientId: "client", clientSecret: "secret" }), {
          retry,
        }),
      },
      checkpoint: checkpoint(randomUUID()),
      scores: scores(),
      quarantine: quarantine(),
      lake: new Lake({ ...LAKE, region: "eu-west-1" }),
      limits,
      remaining: () => remaining - (performance.now() - startedAt),
    };
  }

  return {
    tenant,
    aws,
    restart: async (next) => {
      name = next;
      firstEvent = tenant.events().length;
      const owner = checkpoint("restart");
      await owner.acquire(0, 0);
      await owner.begin(await newestCheckpoint(context().source, new AbortController().signal));
      await owner.release();
    },
    run: (options) => exportNewEvents(context(options)),
    context,
    tamper: (id, fields) => {
      const event = tenant.events().find((candidate) => candidate.id === id);
      if (event === undefined) throw new Error(`The tenant has no event ${id}`);
      originals.set(event, { ...event });
      Object.assign(event, fields);
    },
    untamper: () => {
      for (const [event, original] of originals) Object.assign(event, original);
      originals.clear();
    },
    mendQuarantined: async (key, fields) => {
      const held = (await quarantine().all()).find((event) => event.key === key);
      if (held === undefined) throw new Error(`${key} is not in quarantine`);
      const json = { ...(held.json as object), ...fields };
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: { pk: { S: pk() }, sk: { S: held.sortKey } },
          UpdateExpression: "SET event = :event",
          ExpressionAttributeValues: { ":event": { S: JSON.stringify(json) } },
        }),
      );
    },
    endLease: async () => {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: TABLE,
          Key: { pk: { S: pk() }, sk: { S: "checkpoint" } },
          UpdateExpression: "REMOVE lease_owner, lease_until",
        }),
      );
    },
    checkpoint,
    scores,
    quarantine,
    onCall: (next) => {
      decide = next;
    },
    records,
    differences: async () => {
      const inLake = Map.groupBy(await records(), ({ account, time }) => `${account} at ${time}`);
      const events = tenant
        .events()
        .slice(firstEvent)
        .map((event) => originals.get(event) ?? event)
        .map((event) => `${event.entity_id} at ${Date.parse(event.event_timestamp)}`);
      const wrong = events.filter((event) => inLake.get(event)?.length !== 1);
      const strangers = [...inLake.keys()].filter((event) => !events.includes(event));
      return [
        ...wrong.map((event) => `${event}: ${inLake.get(event)?.length ?? 0} times`),
        ...strangers.map((event) => `${event}: unknown to the tenant`),
      ];
    },
    close: async () => {
      dynamodb.destroy();
      await tenant.close();
      await aws.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function parquetFiles(directory: string, prefix: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => basename(path).startsWith(prefix))
    .map((path) => join(directory, path));
}
