import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { EventsApiName } from "../../../facts/options/exporter-tenant.js";
import type { LookupLimits } from "../../../functions/security-lake-exporter/enrichment/lookup-limits.js";
import { Lake } from "../../../functions/security-lake-exporter/lake/lake.js";
import type { BackfillEstimate } from "../../../functions/security-lake-exporter/run/backfill.js";
import type { RedriveResult } from "../../../functions/security-lake-exporter/run/redrive.js";
import type { BatchLimits, RunTerms } from "../../../functions/security-lake-exporter/run/run-context.js";
import type { RunResult } from "../../../functions/security-lake-exporter/run/run-result.js";
import type { Tenant as TenantSettings } from "../../../functions/security-lake-exporter/settings.js";
import { AccountScores } from "../../../functions/security-lake-exporter/state/account-scores.js";
import { DynamoDbTable } from "../../../functions/security-lake-exporter/state/dynamodb-table.js";
import { OperatorCheckpoint } from "../../../functions/security-lake-exporter/state/operator-checkpoint.js";
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
import { type LakeRecord, type LakeRow, lakeRecord, lakeRows, wrongDirections } from "./lake-records.js";
import { type Reach, WatchedExporter } from "./watched-exporter.js";

export const TABLE = "checkpoints";
/** Where the API client of a released function is kept. */
export const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:333333333333:secret:acme-AbCdEf";
export const LAKE = {
  bucket: "lake",
  prefix: "ext/vectra-cdr/",
  roleArn: "arn:aws:iam::333333333333:role/AmazonSecurityLake-Provider-vectra-cdr-eu-west-1",
  externalId: "external-id-of-the-test",
};

const CREDENTIALS = { clientId: "client", clientSecret: "secret" };
const RETRY = { ...DEFAULT_RETRY, retries: 1, firstPause: 1 };

/** How a run differs from an ordinary one. */
export interface RunOptions {
  readonly limits?: Partial<BatchLimits>;
  readonly settings?: Partial<TenantSettings>;
  /** Milliseconds that the run has, or how many it has left when it asks. */
  readonly remaining?: number | (() => number);
}

interface BackfillOptions {
  readonly allowOverlap?: boolean;
}

/** How a container differs from an ordinary one. */
export interface ContainerOptions {
  readonly lookupLimits?: LookupLimits;
  /** Prefix of the lake. @default - where the lake is in the beginning */
  readonly lakePrefix?: string;
  /** Awaited at each step of its runs. @default - nobody watches */
  readonly reach?: Reach;
}

/** A container of the function, or a process of the CLI: its exporter is kept from run to run. */
interface Container<Options = RunOptions> {
  /** One run of the live export. */
  run(options?: Options): Promise<RunResult>;
  /** One run of a backfill. */
  backfill(range: TimeRange, options?: Options & BackfillOptions): Promise<RunResult>;
  estimate(range: TimeRange, options?: Options & BackfillOptions): Promise<BackfillEstimate>;
  redrive(options?: Options): Promise<RedriveResult>;
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

/**
 * A simulated tenant, AWS stand-ins and the exporter between them, in this process. Each of its own runs is one of a new
 * container.
 */
export interface ExporterUnderTest extends Container<RunOptions & ContainerOptions> {
  readonly tenant: Tenant;
  readonly aws: Aws;
  /**
   * Begins a new story: another tenant name, with a checkpoint at the newest event and nothing in the lake.
   *
   * @param history milliseconds that pass before: their events are of the story, but the live export begins after them.
   * @param begin stores that checkpoint. @default - as this release does
   * @returns the stretch of time of that history.
   */
  restart(name: string, history?: number, begin?: () => Promise<void>): Promise<TimeRange>;
  /**
   * Begins a new story: another tenant name, without any state.
   *
   * @param stateTable where the state of this story is kept. @default - DynamoDB
   * @param api version of the events API. @default "v3.4"
   */
  restartAtBeginning(name: string, stateTable?: StateTable, api?: EventsApiName): void;
  /** A new container; it keeps the state table of this story. */
  container(options?: ContainerOptions): Container;
  /** The tenant's settings, as an invocation has them. */
  settings(settings?: Partial<TenantSettings>): TenantSettings;
  /** Lets the tenant give an event with other fields. */
  tamper(id: number, fields: Record<string, unknown>): void;
  /** Lets the tenant give every event as it is again. */
  untamper(): void;
  /** Changes fields of an event in quarantine, as a new version of the function would read it otherwise. */
  fixQuarantined(key: string, fields: Record<string, unknown>): Promise<void>;
  /** As a new version of the function that can export what was tampered with: in the tenant's log, and in quarantine. */
  fixAll(): Promise<void>;
  /** Takes the lease from a run that has crashed. */
  endLease(): Promise<void>;
  /** Where the state of this story is kept. */
  table(): StateTable;
  checkpoint(owner: string): OperatorCheckpoint;
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
  let api: EventsApiName = "v3.4";
  const pk = () => `${name}#${api}`;
  /** Events that the tenant gives otherwise than they are, by what they are. */
  const originals = new Map<EntityScoringEvent, EntityScoringEvent>();
  const dynamodbTable = new DynamoDbTable(dynamodb, TABLE);
  let table: StateTable = dynamodbTable;
  const state = (): ExportState => ({ table, pk: pk() });
  const checkpoint = (owner: string) => new OperatorCheckpoint(state(), owner);
  const scores = () => new AccountScores(state());
  const quarantine = () => new Quarantine(state());

  const rows = () => lakeRows(directory, name);
  const records = async () => (await rows()).map(lakeRecord);

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

  const settings = (others: Partial<TenantSettings> = {}): TenantSettings => ({
    name,
    url: tenant.url,
    secretArn: "arn:unused",
    partitionAccountId: "333333333333",
    includeScoreDecreases: true,
    start: "beginning",
    api,
    profile: "vectra",
    rawData: false,
    filters: { accounts: "aws", prioritizedOnly: false },
    partitionBy: "fixed",
    assignmentRequired: false,
    ...others,
  });

  function terms({ limits = {}, remaining = 240_000 }: RunOptions): RunTerms {
    const startedAt = performance.now();
    return {
      ownerPrefix: "proof",
      limits,
      remaining:
        typeof remaining === "number" ? () => remaining - (performance.now() - startedAt) : remaining,
    };
  }

  function container({
    lookupLimits,
    lakePrefix = LAKE.prefix,
    reach = () => undefined,
  }: ContainerOptions = {}): Container {
    const parts = {
      table,
      lakeOf: () => new Lake({ ...LAKE, prefix: lakePrefix, region: "eu-west-1" }),
      readCredentials: async () => CREDENTIALS,
      retry: RETRY,
      ...(lookupLimits === undefined ? {} : { lookupLimits }),
    };
    const exporter = new WatchedExporter(parts, reach);
    const request = (range: TimeRange, { allowOverlap = false, limits }: RunOptions & BackfillOptions) => ({
      range,
      allowOverlap,
      estimate: false,
      maxEvents: limits?.maxEvents,
    });
    return {
      run: (options = {}) => exporter.exportNewEvents(settings(options.settings), terms(options)),
      backfill: (range, options = {}) =>
        exporter.backfill(settings(options.settings), request(range, options), terms(options)),
      estimate: (range, options = {}) =>
        exporter.estimate(settings(options.settings), request(range, options), terms(options)),
      redrive: (options = {}) => exporter.redrive(settings(options.settings), terms(options)),
    };
  }

  async function beginAtNewest(): Promise<void> {
    const owner = checkpoint("restart");
    await owner.acquire(0, 0);
    const vectra = new VectraClient(tenant.url, async () => CREDENTIALS, { retry: RETRY }).startSession();
    const source = { vectra, api: eventsApi(api) };
    const newest = await newestCheckpoint(source, new AbortController().signal);
    await owner.begin(newest, { api, origin: tenant.url });
    await owner.release();
  }

  function untamper(): void {
    for (const [event, original] of originals) {
      Object.assign(event, original);
    }
    originals.clear();
  }

  async function fixQuarantined(key: string, fields: Record<string, unknown>): Promise<void> {
    const held = (await quarantine().all()).find((event) => event.key === key);
    if (held === undefined) {
      throw new Error(`${key} is not in quarantine`);
    }
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
    restart: async (next, history = 0, begin = beginAtNewest) => {
      name = next;
      table = dynamodbTable;
      api = "v3.4";
      firstEvent = tenant.events().length;
      const from = tenant.now();
      tenant.advance(history);
      const range = { from: inSeconds(from), to: inSeconds(tenant.now()) };
      await begin();
      return range;
    },
    restartAtBeginning: (next, stateTable = dynamodbTable, version = "v3.4") => {
      name = next;
      table = stateTable;
      api = version;
    },
    run: (options) => container(options).run(options),
    backfill: (range, options) => container(options).backfill(range, options),
    estimate: (range, options) => container(options).estimate(range, options),
    redrive: (options) => container(options).redrive(options),
    container,
    settings,
    tamper: (id, fields) => {
      const event = tenant.events().find((candidate) => candidate.id === id);
      if (event === undefined) {
        throw new Error(`The tenant has no event ${id}`);
      }
      originals.set(event, { ...event });
      Object.assign(event, fields);
    },
    untamper,
    fixQuarantined,
    fixAll: async () => {
      const fixed = [...originals.values()];
      untamper();
      for (const { key } of await quarantine().all()) {
        const { id, ...fields } = fixed.find((event) => String(event.id) === key) ?? { id: 0 };
        await fixQuarantined(key, fields);
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
    table: () => table,
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

function inSeconds(time: Date): string {
  return time.toISOString().replace(".000Z", "Z");
}
