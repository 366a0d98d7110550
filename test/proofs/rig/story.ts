import { expect, vi } from "vitest";
import { parseObjectKey, parseObjectName } from "../../../facts/object-names.js";
import { LOOKUP_LIMITS } from "../../../functions/security-lake-exporter/enrichment/lookup-limits.js";
import {
  liveRanges,
  stretchesBeside,
} from "../../../functions/security-lake-exporter/run/backfill-ranges.js";
import { redrivenObjectName } from "../../../functions/security-lake-exporter/run/redriven-object.js";
import { redrivenNames, restorationOf } from "../../../functions/security-lake-exporter/run/restoration.js";
import type { Tenant as TenantSettings } from "../../../functions/security-lake-exporter/settings.js";
import {
  type CheckpointState,
  storedCheckpoint,
} from "../../../functions/security-lake-exporter/state/checkpoint-state.js";
import { Discards } from "../../../functions/security-lake-exporter/state/discards.js";
import { homeOf } from "../../../functions/security-lake-exporter/state/home.js";
import { OperatorCheckpoint } from "../../../functions/security-lake-exporter/state/operator-checkpoint.js";
import { Quarantine } from "../../../functions/security-lake-exporter/state/quarantine.js";
import type { ExportState } from "../../../functions/security-lake-exporter/state/state-table.js";
import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import { DEFAULT_RETRY } from "../../../functions/security-lake-exporter/vectra/http.js";
import type { EntityScoringEvent } from "../../../simulator/scoring-event.js";
import { startTenant, type Tenant, type TenantOptions } from "../../../simulator/tenant.js";
import type { ContainerOptions, RunOptions } from "./exporter.js";
import { MemoryLake } from "./memory-lake.js";
import { MemoryTable } from "./memory-table.js";
import { type Rejects, VersionedExporter } from "./versioned-exporter.js";
import type { Step } from "./watched-exporter.js";

export const FIVE_MINUTES = 300_000;
export const DAY = 86_400_000;
/** Longer than any lease: a run has at most 15 minutes. */
const LONGEST_LEASE = 1_000_000;
const RETRY = { ...DEFAULT_RETRY, retries: 1, firstPause: 1 };
const NAME = "acme";
const NOTE = { by: "operator", reason: "a change" };

/** What can be deployed otherwise for the next run. */
export interface Deployment {
  settings: Partial<TenantSettings>;
  lake: MemoryLake;
  /** Events that this version of the function cannot export. */
  rejects: Rejects;
}

type Options = RunOptions & ContainerOptions & { readonly allowOverlap?: boolean };

/** Where an event is. */
export interface Whereabouts {
  /** Locations of the lakes, one for each of its records. */
  readonly lakes: readonly string[];
  readonly quarantined: number;
}

/**
 * A tenant with a log of its own, whose events are named by their times; the exporter, with its state and lake in memory; and a clock.
 * Everything can be changed between two runs.
 */
export class Story {
  readonly tenant: Tenant;
  readonly table = MemoryTable.open();
  deployment: Deployment;
  /** Number of intents that were fixed. */
  fixes = 0;
  /** Whether the last one is not completed. */
  isUnfinished = false;
  readonly #lakes: MemoryLake[];
  readonly #begun = new Set<string>();

  private constructor(tenant: Tenant, settings: Partial<TenantSettings>) {
    this.tenant = tenant;
    this.#lakes = [new MemoryLake("lake")];
    this.deployment = { settings, lake: this.#lakes[0] as MemoryLake, rejects: () => false };
    this.#setClock(tenant.now().getTime());
  }

  /** Two events in five minutes, of three accounts, around midnight UTC. */
  static async begin(
    settings: Partial<TenantSettings> = {},
    options: Partial<TenantOptions> = {},
  ): Promise<Story> {
    const tenant = await startTenant({
      seed: 11,
      clientId: "client",
      clientSecret: "secret",
      startTime: new Date("2026-01-31T23:55:00Z"),
      accounts: 3,
      eventsPerTick: 2,
      idStep: 10,
      apis: ["v3.4", "v3.3"],
      ...options,
    });
    return new Story(tenant, settings);
  }

  async close(): Promise<void> {
    vi.useRealTimers();
    this.table.close();
    await this.tenant.close();
  }

  /** Time passes, and events happen. @returns those. */
  advance(milliseconds: number): readonly EntityScoringEvent[] {
    this.#setClock(Date.now() + milliseconds);
    return this.tenant.advance(milliseconds);
  }

  /** Time passes in which nothing happens. */
  wait(milliseconds: number): void {
    this.#setClock(Date.now() + milliseconds);
  }

  letTheLeasesEnd(): void {
    this.wait(LONGEST_LEASE);
  }

  /** Deploys something else. */
  deploy(change: Partial<Deployment>): void {
    const settings = { ...this.deployment.settings, ...change.settings };
    this.deployment = { ...this.deployment, ...change, settings };
  }

  get firstLocation(): string {
    return (this.#lakes[0] as MemoryLake).location;
  }

  deployFirstLake(): void {
    this.deploy({ lake: this.#lakes[0] as MemoryLake });
  }

  /** Another lake, which is not deployed yet. */
  addLake(name: string): MemoryLake {
    const lake = new MemoryLake(name);
    this.#lakes.push(lake);
    return lake;
  }

  async run(options: Options = {}) {
    return await this.#exporter(options).exportNewEvents(this.settings, terms(options));
  }

  async backfill(range: TimeRange, { allowOverlap = false, ...options }: Options = {}) {
    const request = { range, allowOverlap, estimate: false };
    return await this.#exporter(options).backfill(this.settings, request, terms(options));
  }

  async redrive(options: Options = {}) {
    return await this.#exporter(options).redrive(this.settings, terms(options));
  }

  get settings(): TenantSettings {
    return {
      name: NAME,
      url: this.tenant.url,
      secretArn: "arn:unused",
      partitionAccountId: "333333333333",
      includeScoreDecreases: true,
      start: "beginning",
      api: "v3.4",
      profile: "vectra",
      rawData: false,
      filters: { accounts: "all", prioritizedOnly: false },
      partitionBy: "fixed",
      assignmentRequired: false,
      ...this.deployment.settings,
    };
  }

  #exporter({ reach = () => undefined }: Options): VersionedExporter {
    const { lake, rejects } = this.deployment;
    const note = (step: Step) => {
      this.#note(step);
      return reach(step);
    };
    const parts = {
      table: this.table,
      lakeOf: () => lake,
      readCredentials: async () => ({ clientId: "client", clientSecret: "secret" }),
      retry: RETRY,
      lookupLimits: { ...LOOKUP_LIMITS, retry: { ...LOOKUP_LIMITS.retry, retries: 0 } },
    };
    return new VersionedExporter(parts, note, rejects);
  }

  /** Steps that took effect are what is known from outside of how far a run came. */
  #note({ name, moment }: Step): void {
    if (moment === "before") {
      return;
    }
    this.#begun.add(name);
    if (name === "checkpoint.fix") {
      this.fixes += 1;
      this.isUnfinished = true;
    } else if (name === "checkpoint.complete" || name === "checkpoint.completeRedrive") {
      this.isUnfinished = false;
    }
  }

  /** Whether any run has taken this step. */
  hasTaken(step: string): boolean {
    return this.#begun.has(step);
  }

  /** Where each event is, by its time. */
  async whereabouts(): Promise<ReadonlyMap<number, Whereabouts>> {
    const found = new Map<number, { lakes: string[]; quarantined: number }>();
    const at = (time: number) => {
      const entry = found.get(time) ?? { lakes: [], quarantined: 0 };
      found.set(time, entry);
      return entry;
    };
    for (const lake of this.#lakes) {
      for (const { row } of await lake.rows()) {
        at(Number(row["time"])).lakes.push(lake.location);
      }
    }
    for (const { json } of await (await this.quarantine()).all()) {
      at(timeOf(json as EntityScoringEvent)).quarantined += 1;
    }
    return found;
  }

  /** Times each event is in the lakes, in the order of the events; -1 for one that is once in quarantine and nowhere else. */
  async counts(events: readonly EntityScoringEvent[]): Promise<readonly number[]> {
    const where = await this.whereabouts();
    return events.map((event) => {
      const { lakes = [], quarantined = 0 } = where.get(timeOf(event)) ?? {};
      return quarantined === 1 && lakes.length === 0 ? -1 : lakes.length + 10 * quarantined;
    });
  }

  /** The objects of all lakes as they are now, by location and key. */
  objects(): ReadonlyMap<string, Uint8Array> {
    return new Map(
      this.#lakes.flatMap(({ location, objects }) =>
        [...objects].map(([key, bytes]) => [`${location} ${key}`, bytes] as const),
      ),
    );
  }

  /** Table and lakes, as text. */
  contents(): string {
    const objects = [...this.objects()].map(([key, bytes]) => [key, Buffer.from(bytes).toString("base64")]);
    return `${this.table.contents()}${JSON.stringify(objects)} ${this.isUnfinished}`.replaceAll(
      new URL(this.tenant.url).host,
      "tenant",
    );
  }

  /** Ids of the events that the tenant gives where score decreases are left out, asked with plain HTTP. */
  async idsWithoutDecreases(): Promise<ReadonlySet<number>> {
    const token = await fetch(`${this.tenant.url}/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa("client:secret")}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    const { access_token } = (await token.json()) as { access_token: string };
    const query = "type=account&include_score_decreases=false&from=0&limit=1000";
    const answer = await fetch(`${this.tenant.url}/api/v3.4/events/entity_scoring?${query}`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    const { events } = (await answer.json()) as { events: readonly { id: number }[] };
    return new Set(events.map(({ id }) => id));
  }

  /** Asserts that a further run finds nothing to do, and that nothing is left over of the runs before. */
  async expectNothingStuck(where?: string): Promise<void> {
    expect(await this.run(), where).toMatchObject({ outcome: "exported", eventsRead: 0, caughtUp: true });
    expect(this.table.pieces, where).toBe(0);
  }

  async quarantine(): Promise<Quarantine> {
    return new Quarantine(await this.#state());
  }

  /** The checkpoint of the live export, or of a backfill. */
  async checkpoint(job?: string): Promise<CheckpointState> {
    return await storedCheckpoint({ ...(await this.#state()), job });
  }

  /** As `vectra-cdr checkpoint adopt` does. */
  async adopt(): Promise<void> {
    const { origin } = new URL(this.settings.url);
    await this.#operate(undefined, (checkpoint, state) => checkpoint.adopt(origin, note(), state));
  }

  /** As `vectra-cdr checkpoint abandon` does. */
  async abandon(job?: string): Promise<void> {
    await this.#operate(job, (checkpoint, state) => checkpoint.abandon(note(), state));
  }

  /** As `vectra-cdr checkpoint set` does. */
  async moveTo(cursor: number): Promise<void> {
    await this.#operate(undefined, (checkpoint, state) =>
      checkpoint.move({ ...note(), from: state.nextFrom ?? null, to: cursor }, state),
    );
  }

  /** As `vectra-cdr checkpoint overlap` does. */
  async chooseOverlap(since: number): Promise<void> {
    await this.#operate(undefined, (checkpoint, state) => checkpoint.chooseOverlap(since, note(), state));
  }

  /** As `vectra-cdr quarantine discard` does, with every event. */
  async discardAll(): Promise<void> {
    const discards = new Discards(await this.#state());
    for (const event of await (await this.quarantine()).all()) {
      await discards.add(event, note());
    }
  }

  /** As `vectra-cdr checkpoint restore` does: only the names of the lake's objects are known. */
  async restore(): Promise<void> {
    const names = [...this.deployment.lake.objects.keys()].flatMap((key) => {
      const { name = "" } = parseObjectKey(key) ?? {};
      return parseObjectName(name) ?? [];
    });
    const { table, pk } = await this.#state();
    const of = { tenant: NAME, api: this.settings.api, pk };
    const before = await this.checkpoint();
    const live = restorationOf(names, of, before);
    if (live !== undefined) {
      await this.#operate(undefined, (checkpoint, state) => checkpoint.restore(live, note(), state));
    }
    const redriven = redrivenNames(names, NAME);
    const discards = new Discards({ table, pk });
    for (const event of await (await this.quarantine()).all()) {
      if (redriven.has(redrivenObjectName(NAME, pk, event.sortKey))) {
        await discards.add(event, note());
      }
    }
    for (const job of new Set(names.flatMap((name) => (name.kind === "backfill" ? name.job : [])))) {
      const state = await this.checkpoint(job);
      const restoration = restorationOf(names, { ...of, job }, state);
      const firstFrom = before.firstFrom ?? live?.firstFrom;
      const ranges =
        state.nextFrom === undefined ? stretchesBeside(liveRanges({ ...before, firstFrom })) : undefined;
      if (restoration !== undefined) {
        await this.#operate(job, (checkpoint, found) =>
          checkpoint.restore(restoration, note(), found, ranges),
        );
      }
    }
  }

  async #operate(
    job: string | undefined,
    change: (checkpoint: OperatorCheckpoint, state: CheckpointState) => Promise<unknown>,
  ): Promise<void> {
    const checkpoint = new OperatorCheckpoint({ ...(await this.#state()), job }, "operator");
    this.letTheLeasesEnd();
    const state = await checkpoint.acquire(Date.now(), Date.now() + 60_000);
    if (state === undefined) {
      throw new Error("Another run holds the lease");
    }
    await change(checkpoint, state);
    await checkpoint.release();
  }

  async #state(): Promise<ExportState> {
    const { pk } = await homeOf(this.table, this.settings);
    return { table: this.table, pk };
  }

  #setClock(now: number): void {
    vi.useFakeTimers({ toFake: ["Date"], now });
  }
}

/** The name of an event: no two of a story have one. */
export function timeOf({ event_timestamp }: Pick<EntityScoringEvent, "event_timestamp">): number {
  return Date.parse(event_timestamp);
}

/** A whole second of UTC. */
export function inSeconds(time: number | Date): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

function note() {
  return { ...NOTE, at: new Date().toISOString() };
}

function terms({ limits = {}, remaining = 240_000 }: Options) {
  const startedAt = performance.now();
  return {
    ownerPrefix: "proof",
    limits,
    remaining: typeof remaining === "number" ? () => remaining - (performance.now() - startedAt) : remaining,
  };
}
