import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Aws, type AwsCallName, type AwsFault, startAws } from "../../../simulator/aws/stand-ins.js";
import type { FaultRequest } from "../../../simulator/faults.js";
import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";
import { startTenant, type Tenant } from "../../../simulator/tenant.js";
import { lakeRecord, lakeRows } from "../rig/lake-records.js";
import {
  type Container,
  type Invocation,
  LAKE,
  SECRET,
  SECRET_ARN,
  startContainer,
  TABLE,
} from "./container.js";
import { SimulatedTime } from "./simulated-time.js";

const MINUTE = 60_000;
/** When each hour's story begins. */
const BEGINNING = Date.parse("2026-03-20T08:00:00Z");

/** What became of the events of a story. */
export interface Accounting {
  readonly events: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
}

/** AWS, for all stories. */
export interface Cloud {
  readonly aws: Aws;
  /** Folder of the lake's bucket. */
  readonly directory: string;
  /** Asked before each call from now on. */
  onCall(fault: (call: AwsCallName) => AwsFault): void;
  close(): Promise<void>;
}

export async function startCloud(): Promise<Cloud> {
  const directory = mkdtempSync(join(tmpdir(), "liveness "));
  let decide: (call: AwsCallName) => AwsFault = () => "pass";
  const aws = await startAws({
    lakeDirectory: directory,
    lake: LAKE,
    table: { name: TABLE, hashKey: "pk", rangeKey: "sk" },
    secrets: { [SECRET_ARN]: JSON.stringify(SECRET) },
    onCall: (call) => decide(call),
  });
  return {
    aws,
    directory,
    onCall: (fault) => {
      decide = fault;
    },
    close: async () => {
      await aws.close();
      rmSync(directory, { recursive: true });
    },
  };
}

/** A tenant and a warm container of the function, in a time of their own that begins at 08:00. */
export class Story {
  /** Every invocation so far. */
  readonly invocations: Invocation[] = [];
  /** Events that the tenant had since the invocation before the last one. */
  newEvents: readonly EntityScoringEvent[] = [];
  readonly tenant: Tenant;
  readonly #name: string;
  readonly #time: SimulatedTime;
  readonly #container: Container;
  readonly #cloud: Cloud;

  private constructor(
    name: string,
    parts: { time: SimulatedTime; tenant: Tenant; container: Container; cloud: Cloud },
  ) {
    this.#name = name;
    this.#time = parts.time;
    this.tenant = parts.tenant;
    this.#container = parts.container;
    this.#cloud = parts.cloud;
  }

  /** @param name of the tenant: each story has its own state, and its own part of the lake. */
  static async begin(name: string, cloud: Cloud): Promise<Story> {
    const time = new SimulatedTime(BEGINNING);
    const tenant = await startTenant({
      seed: 7,
      clientId: SECRET.client_id,
      clientSecret: SECRET.client_secret,
      startTime: new Date(BEGINNING),
      accounts: 3,
      eventsPerTick: 3,
      tokenClock: () => Date.now(),
    });
    const container = await startContainer({ name, url: tenant.url }, cloud.aws, time);
    return new Story(name, { time, tenant, container, cloud });
  }

  async end(): Promise<void> {
    this.recover();
    this.#container.end();
    this.#time.end();
    await this.tenant.close();
  }

  /** A fault of the tenant from now on. */
  tenantFails(fault: FaultRequest): void {
    this.tenant.faults.add(fault);
  }

  /** Nothing fails any more. */
  recover(): void {
    this.tenant.faults.clear();
    this.#cloud.onCall(() => "pass");
  }

  /** Time passes until so many minutes after 08:00; the tenant has events of that time. */
  async #passUntil(minute: number): Promise<void> {
    await this.#time.passUntil(BEGINNING + minute * MINUTE);
    this.newEvents = this.tenant.advance(Date.now() - this.tenant.now().getTime());
  }

  /** The schedule's invocation, so many minutes after 08:00. */
  async invokeAt(minute: number): Promise<Invocation> {
    await this.#passUntil(minute);
    return await this.invoke();
  }

  /** An invocation now. */
  async invoke(): Promise<Invocation> {
    const invocation = await this.#container.invoke();
    this.invocations.push(invocation);
    return invocation;
  }

  /** Counts where the tenant's events are in the lake. */
  async accounting(): Promise<Accounting> {
    const rows = await lakeRows(this.#cloud.directory, this.#name);
    const written = Map.groupBy(rows.map(lakeRecord), ({ account, time }) => `${account} at ${time}`);
    const events = this.tenant
      .events()
      .map(({ entity_id, event_timestamp }) => `${entity_id} at ${Date.parse(event_timestamp)}`);
    return {
      events: events.length,
      lost: events.filter((event) => !written.has(event)),
      doubled: [...written].filter(([, records]) => records.length > 1).map(([event]) => event),
    };
  }
}

/** Milliseconds since the epoch, so many minutes after 08:00. */
export function timeAt(minute: number): number {
  return BEGINNING + minute * MINUTE;
}
