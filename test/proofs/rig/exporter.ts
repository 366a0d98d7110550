import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { parquetReadObjects } from "hyparquet";
import { AccountLookups } from "../../../functions/security-lake-exporter/enrichment/account-lookups.js";
import { Lake } from "../../../functions/security-lake-exporter/lake/lake.js";
import {
  type BackfillContext,
  backfill,
  backfillName,
} from "../../../functions/security-lake-exporter/run/backfill.js";
import { exportNewEvents, type RunResult } from "../../../functions/security-lake-exporter/run/run.js";
import {
  type BatchLimits,
  DEFAULT_LIMITS,
  type RunContext,
} from "../../../functions/security-lake-exporter/run/run-context.js";
import type { Tenant as TenantSettings } from "../../../functions/security-lake-exporter/settings.js";
import { AccountScores } from "../../../functions/security-lake-exporter/state/account-scores.js";
import { Checkpoint } from "../../../functions/security-lake-exporter/state/checkpoint.js";
import { DynamoDbTable } from "../../../functions/security-lake-exporter/state/dynamodb-table.js";
import { Quarantine } from "../../../functions/security-lake-exporter/state/quarantine.js";
import type {
  Attributes,
  ExportState,
  StateTable,
} from "../../../functions/security-lake-exporter/state/state-table.js";
import { eventsApi, type TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import { VectraClient } from "../../../functions/security-lake-exporter/vectra/client.js";
import { newestCheckpoint } from "../../../functions/security-lake-exporter/vectra/events.js";
import { DEFAULT_RETRY } from "../../../functions/security-lake-exporter/vectra/http.js";
import { type Aws, type AwsFault, startAws } from "../../../simulator/aws/stand-ins.js";
import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";
import { startTenant, type Tenant } from "../../../simulator/tenant.js";

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

/** A record of the lake with every column, as it is read back, and the key of its object. */
interface LakeRow {
  readonly key: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** How a run differs from an ordinary one. */
export interface RunOptions {
  readonly limits?: BatchLimits;
  readonly settings?: Partial<TenantSettings>;
  /** What is remembered of look-ups. @default - nothing */
  readonly lookups?: AccountLookups;
  /** Milliseconds that the run has, or how many it has left when it asks. */
  readonly remaining?: number | (() => number);
}

interface BackfillOptions extends RunOptions {
  readonly allowOverlap?: boolean;
}

/** What became of the events of a story. */
interface Accounting {
  readonly events: number;
  readonly written: number;
  readonly quarantined: number;
  /** Events that are not accounted for exactly once. */
  readonly differences: readonly string[];
  /** Records that say another direction than the account's record before them in the same export makes it. */
  readonly wrongDirections: readonly string[];
}

/** A simulated tenant, AWS stand-ins and the exporter between them, in this process. */
export interface ExporterUnderTest {
  readonly tenant: Tenant;
  readonly aws: Aws;
  /**
   * Begins a new story: another tenant name, with a checkpoint at the newest event and nothing in the lake.
   *
   * @param history milliseconds that pass before: their events are of the story, but the live export begins after them.
   * @returns the stretch of time of that history.
   */
  restart(name: string, history?: number): Promise<TimeRange>;
  /**
   * Begins a new story: another tenant name, without any state.
   *
   * @param stateTable where the state of this story is kept. @default - DynamoDB
   */
  restartAtBeginning(name: string, stateTable?: StateTable): void;
  /** One run, as a new invocation of a new container would make it. */
  run(options?: RunOptions): Promise<RunResult>;
  /** What a new invocation works with. */
  context(options?: RunOptions): RunContext;
  /** One run of a backfill. */
  backfill(range: TimeRange, options?: BackfillOptions): Promise<RunResult>;
  /** What an invocation for a backfill works with. */
  backfillContext(range: TimeRange, options?: BackfillOptions): BackfillContext;
  /** Lets the tenant give an event with other fields. */
  tamper(id: number, fields: Record<string, unknown>): void;
  /** Lets the tenant give every event as it is again. */
  untamper(): void;
  /** Changes fields of an event in quarantine, as a new version of the function would read it otherwise. */
  mendQuarantined(key: string, fields: Record<string, unknown>): Promise<void>;
  /** As a new version of the function that can export what was tampered with: in the tenant's log, and in quarantine. */
  mend(): Promise<void>;
  /** Takes the lease from a run that has crashed. */
  endLease(): Promise<void>;
  checkpoint(owner: string): Checkpoint;
  /** The checkpoint of the live export, as it is stored. */
  storedCheckpoint(): Promise<Attributes | undefined>;
  scores(): AccountScores;
  quarantine(): Quarantine;
  /** Asked before each AWS call from now on. */
  onCall(decide: (operation: string) => AwsFault | Promise<AwsFault>): void;
  /** The story's part of the lake, as profile `vectra` writes it. */
  records(): Promise<LakeRecord[]>;
  /** The story's part of the lake, with every column. */
  rows(): Promise<LakeRow[]>;
  /** Counts where each event of the story is: in the lake, or in quarantine. */
  accounting(): Promise<Accounting>;
  /** What is neither in the lake exactly once nor in quarantine; empty when all is well. */
  differences(): Promise<readonly string[]>;
  /** Folder of the lake's bucket. */
  readonly lakeDirectory: string;
  close(): Promise<void>;
}

/** Starts everything; the tenant has had 15 minutes of events, 36 of them, around midnight UTC. */
export async function startExporter(
  organization: {
    readonly accounts?: number;
    readonly eventsPerTick?: number;
    readonly fractions?: boolean;
  } = { accounts: 8 },
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
  const dynamodbTable = new DynamoDbTable(dynamodb, TABLE);
  let table: StateTable = dynamodbTable;
  const state = (job?: string): ExportState => ({ table, pk: pk(), job });
  const checkpoint = (owner: string) => new Checkpoint(state(), owner);
  const scores = () => new AccountScores(state());
  const quarantine = () => new Quarantine(state());

  async function rows(): Promise<LakeRow[]> {
    const found: LakeRow[] = [];
    for (const path of parquetFiles(directory, `vectra-${name}-`)) {
      const bytes = Uint8Array.from(readFileSync(path));
      const inFile = await parquetReadObjects({
        file: bytes.buffer,
        compressors: { ZSTD: (input) => zstdDecompressSync(input) },
      });
      const key = relative(directory, path);
      found.push(...inFile.map((row) => ({ key, row })));
    }
    return found;
  }

  async function records(): Promise<LakeRecord[]> {
    return (await rows()).map(({ key, row }) => ({
      key,
      account: (row["finding"] as { uid: string }).uid,
      time: Number(row["time"]),
      direction: String(row["status_detail"]),
    }));
  }

  async function accounting(): Promise<Accounting> {
    const written = await records();
    const inLake = Map.groupBy(written, ({ account, time }) => `${account} at ${time}`);
    const inQuarantine = Map.groupBy(await quarantine().all(), ({ key }) => key);
    const events = tenant
      .events()
      .slice(firstEvent)
      .map((event) => originals.get(event) ?? event)
      .map((event) => {
        const key = `${event.entity_id} at ${Date.parse(event.event_timestamp)}`;
        return {
          key,
          score: event.urgency_score,
          written: inLake.get(key)?.length ?? 0,
          quarantined: inQuarantine.get(String(event.id))?.length ?? 0,
        };
      });
    const known = new Set(events.map(({ key }) => key));
    const strangers = [...inLake.keys()].filter((key) => !known.has(key));
    const lost = ({ key, written, quarantined }: (typeof events)[number]) => {
      const where = quarantined === 0 ? "" : `, and ${quarantined} times in quarantine`;
      return written + quarantined === 1 ? [] : [`${key}: ${written} times${where}`];
    };
    return {
      events: events.length,
      written: events.filter(({ written }) => written > 0).length,
      quarantined: events.filter(({ quarantined }) => quarantined > 0).length,
      differences: [...events.flatMap(lost), ...strangers.map((key) => `${key}: unknown to the tenant`)],
      wrongDirections: wrongDirections(written, new Map(events.map(({ key, score }) => [key, score]))),
    };
  }

  function context({
    limits = DEFAULT_LIMITS,
    settings = {},
    lookups = new AccountLookups(),
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
        }).startSession(),
      },
      checkpoint: checkpoint(randomUUID()),
      lookups,
      scores: scores(),
      quarantine: quarantine(),
      lake: new Lake({ ...LAKE, region: "eu-west-1" }),
      limits,
      remaining:
        typeof remaining === "number" ? () => remaining - (performance.now() - startedAt) : remaining,
    };
  }

  function backfillContext(range: TimeRange, options: BackfillOptions = {}): BackfillContext {
    const general = context(options);
    const job = backfillName(range);
    return {
      ...general,
      source: { ...general.source, range },
      checkpoint: new Checkpoint(state(job), randomUUID()),
      scores: new AccountScores(state(job)),
      quarantine: new Quarantine(state(job)),
      job,
      range,
      state: state(job),
      allowOverlap: options.allowOverlap ?? false,
    };
  }

  function untamper(): void {
    for (const [event, original] of originals) Object.assign(event, original);
    originals.clear();
  }

  async function mendQuarantined(key: string, fields: Record<string, unknown>): Promise<void> {
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
  }

  return {
    tenant,
    aws,
    lakeDirectory: directory,
    restart: async (next, history = 0) => {
      name = next;
      table = dynamodbTable;
      firstEvent = tenant.events().length;
      const from = tenant.now();
      tenant.advance(history);
      const range = { from: inSeconds(from), to: inSeconds(tenant.now()) };
      const owner = checkpoint("restart");
      await owner.acquire(0, 0);
      await owner.begin(await newestCheckpoint(context().source, new AbortController().signal));
      await owner.release();
      return range;
    },
    restartAtBeginning: (next, stateTable = dynamodbTable) => {
      name = next;
      table = stateTable;
    },
    run: (options) => exportNewEvents(context(options)),
    context,
    backfill: (range, options) => backfill(backfillContext(range, options)),
    backfillContext,
    tamper: (id, fields) => {
      const event = tenant.events().find((candidate) => candidate.id === id);
      if (event === undefined) throw new Error(`The tenant has no event ${id}`);
      originals.set(event, { ...event });
      Object.assign(event, fields);
    },
    untamper,
    mendQuarantined,
    mend: async () => {
      const mended = [...originals.values()];
      untamper();
      for (const { key } of await quarantine().all()) {
        const { id, ...fields } = mended.find((event) => String(event.id) === key) ?? { id: 0 };
        await mendQuarantined(key, fields);
      }
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
    storedCheckpoint: async () => (await table.read(pk(), ["checkpoint"]))[0]?.attributes,
    scores,
    quarantine,
    onCall: (next) => {
      decide = next;
    },
    records,
    rows,
    accounting,
    differences: async () => (await accounting()).differences,
    close: async () => {
      dynamodb.destroy();
      await tenant.close();
      await aws.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** @param scores by account and time. */
function wrongDirections(records: readonly LakeRecord[], scores: ReadonlyMap<string, number>): string[] {
  const before = new Map<string, number>();
  return records
    .toSorted((one, other) => one.time - other.time)
    .flatMap(({ key, account, time, direction }) => {
      const event = `${account} at ${time}`;
      const score = scores.get(event) ?? 0;
      const [exportOf = "live"] = /backfill-\w+-\w+|redrive-\w+/.exec(basename(key)) ?? [];
      const last = before.get(`${account} in ${exportOf}`);
      before.set(`${account} in ${exportOf}`, score);
      const right = last === undefined ? "direction unknown" : directionOf(score - last);
      return direction === `Score ${right}` ? [] : [`${event}: ${direction} instead of ${right}`];
    });
}

function directionOf(change: number): string {
  if (change === 0) return "unchanged";
  return change > 0 ? "increase" : "decrease";
}

function inSeconds(time: Date): string {
  return time.toISOString().replace(".000Z", "Z");
}

function parquetFiles(directory: string, prefix: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => basename(path).startsWith(prefix))
    .map((path) => join(directory, path));
}
