import { hostname, userInfo } from "node:os";
import { AccountLookups } from "../../../functions/security-lake-exporter/enrichment/account-lookups.js";
import type { BackfillInvocation } from "../../../functions/security-lake-exporter/invocation.js";
import type { LakeStore } from "../../../functions/security-lake-exporter/lake/lake-store.js";
import {
  type BackfillEstimate,
  backfill,
  backfillName,
  estimateBackfill,
  windowEventsWithin,
} from "../../../functions/security-lake-exporter/run/backfill.js";
import {
  type RedriveResult,
  redriveQuarantine,
} from "../../../functions/security-lake-exporter/run/redrive.js";
import { exportNewEvents, type RunResult } from "../../../functions/security-lake-exporter/run/run.js";
import {
  DEFAULT_LIMITS,
  deadlineOf,
  LONGEST_RUN,
  type RunContext,
} from "../../../functions/security-lake-exporter/run/run-context.js";
import { AccountScores } from "../../../functions/security-lake-exporter/state/account-scores.js";
import { Checkpoint, checkpointStateOf } from "../../../functions/security-lake-exporter/state/checkpoint.js";
import { Quarantine } from "../../../functions/security-lake-exporter/state/quarantine.js";
import {
  type ExportState,
  partitionKeyOf,
  type StateTable,
  sortKeyOf,
} from "../../../functions/security-lake-exporter/state/state-table.js";
import { eventsApi } from "../../../functions/security-lake-exporter/vectra/apis.js";
import {
  type ApiCredentials,
  VectraClient,
} from "../../../functions/security-lake-exporter/vectra/client.js";
import { countEvents } from "../../../functions/security-lake-exporter/vectra/events.js";
import type { ExporterTarget, TargetTenant } from "../exporter-target.js";
import { lastRecordsIn } from "./lake-files.js";
import { newLeaseOwner } from "./lease-owner.js";
import type { LocalTenant } from "./local-tenant.js";
import type { OcsfJson } from "./parquet-records.js";

/** What a local exporter works with. */
export interface LocalExporterParts {
  /** @default - it has none: nothing can be read from it */
  readonly folder?: string | undefined;
  readonly tenants: readonly LocalTenant[];
  readonly table: StateTable;
  /** Where the objects of a tenant go. */
  readonly lakeOf: (tenant: LocalTenant) => LakeStore;
  readonly readCredentials: () => Promise<ApiCredentials>;
  readonly close?: () => void;
}

/**
 * The exporter, running in this process: the same code as the function's, with its state in a file and its objects in
 * a folder.
 *
 * A run takes one window at most and the command makes one run after the other: so that progress can be shown, and a
 * lease is never held for long.
 */
export class LocalExporter implements ExporterTarget {
  readonly title: string;
  readonly tenants: readonly TargetTenant[];
  readonly table: StateTable;
  readonly #parts: LocalExporterParts;
  readonly #clients = new Map<string, VectraClient>();
  readonly #lookups = new Map<string, AccountLookups>();

  constructor(parts: LocalExporterParts) {
    this.#parts = parts;
    this.title = parts.folder === undefined ? "nowhere" : `folder ${parts.folder}`;
    this.table = parts.table;
    this.tenants = parts.tenants.map((tenant) => ({
      name: tenant.name,
      pk: partitionKeyOf(tenant),
      profile: tenant.profile,
    }));
  }

  async exportOnce(name: string, maxEvents?: number): Promise<RunResult> {
    const tenant = this.#tenant(name);
    const context = this.#contextOf(tenant, this.#stateOf(tenant), { maxEvents });
    return await exportNewEvents(context);
  }

  async eventsToExport(name: string): Promise<number> {
    const tenant = this.#tenant(name);
    const state = this.#stateOf(tenant);
    const [item] = await this.table.read(state.pk, [sortKeyOf("checkpoint", state)]);
    const nextFrom = item === undefined ? undefined : checkpointStateOf(item.attributes).nextFrom;
    if (nextFrom === undefined && tenant.start === "latest") {
      return 0;
    }
    const context = this.#contextOf(tenant, state);
    const wanted = { from: nextFrom ?? 0, includeScoreDecreases: tenant.includeScoreDecreases };
    return await countEvents(context.source, wanted, deadlineOf(context));
  }

  async redriveQuarantine(name: string): Promise<RedriveResult> {
    const tenant = this.#tenant(name);
    const state = this.#stateOf(tenant);
    return await redriveQuarantine(this.#contextOf(tenant, state));
  }

  async backfill(name: string, request: BackfillInvocation): Promise<RunResult> {
    const context = this.#backfillContextOf(name, request);
    return await backfill(context);
  }

  async estimateBackfill(name: string, request: BackfillInvocation): Promise<BackfillEstimate> {
    const context = this.#backfillContextOf(name, request);
    return await estimateBackfill(context, deadlineOf(context));
  }

  async lastRecords(tenant: string | undefined, count: number): Promise<readonly OcsfJson[]> {
    const { folder } = this.#parts;
    return folder === undefined ? [] : await lastRecordsIn(folder, tenant, count);
  }

  async operator(): Promise<string> {
    return `${userInfo().username}@${hostname()}`;
  }

  async close(): Promise<void> {
    this.#parts.close?.();
  }

  #tenant(name: string): LocalTenant {
    const tenant = this.#parts.tenants.find((known) => known.name === name);
    if (tenant === undefined) {
      throw new Error(`There is no tenant ${name} in ${this.title}.`);
    }
    return tenant;
  }

  #stateOf(tenant: LocalTenant, job?: string): ExportState {
    return { table: this.table, pk: partitionKeyOf(tenant), job };
  }

  #backfillContextOf(name: string, request: BackfillInvocation) {
    const { range, maxEvents, requestsPerMinute, allowOverlap } = request;
    // Everything of the range is there: nothing is worth waiting for.
    const tenant = { ...this.#tenant(name), accumulate: undefined };
    const job = backfillName(range);
    const state = this.#stateOf(tenant, job);
    const context = this.#contextOf(tenant, state, { maxEvents, requestsPerMinute });
    return { ...context, source: { ...context.source, range }, job, range, state, allowOverlap };
  }

  #contextOf(
    tenant: LocalTenant,
    state: ExportState,
    {
      maxEvents,
      requestsPerMinute,
    }: { maxEvents?: number | undefined; requestsPerMinute?: number | undefined } = {},
  ): RunContext {
    const windowEvents = windowEventsWithin(LONGEST_RUN, requestsPerMinute);
    const endsAt = performance.now() + LONGEST_RUN;
    return {
      tenant,
      source: {
        vectra: this.#clientOf(tenant, requestsPerMinute).startSession(),
        api: eventsApi(tenant.api),
      },
      checkpoint: new Checkpoint(state, newLeaseOwner()),
      lookups: this.#lookupsOf(tenant),
      scores: new AccountScores(state),
      quarantine: new Quarantine(state),
      lake: this.#parts.lakeOf(tenant),
      limits: {
        ...DEFAULT_LIMITS,
        windowEvents,
        maxEvents: Math.min(maxEvents ?? windowEvents, windowEvents),
      },
      remaining: () => endsAt - performance.now(),
    };
  }

  /** One client for all runs of a tenant: it holds the token, and what is known of the pace. */
  #clientOf({ name, url }: LocalTenant, requestsPerMinute: number | undefined): VectraClient {
    const key = `${name} ${requestsPerMinute}`;
    const client =
      this.#clients.get(key) ?? new VectraClient(url, () => this.#readCredentials(), { requestsPerMinute });
    this.#clients.set(key, client);
    return client;
  }

  /** Likewise: it remembers which accounts could not be looked up. */
  #lookupsOf({ name }: LocalTenant): AccountLookups {
    const lookups = this.#lookups.get(name) ?? new AccountLookups();
    this.#lookups.set(name, lookups);
    return lookups;
  }

  /** One tenant's secret is never sent to another tenant. */
  async #readCredentials(): Promise<ApiCredentials> {
    if (this.tenants.length > 1) {
      const names = this.tenants.map((tenant) => tenant.name).join(", ");
      throw new Error(
        `${this.title} has several tenants, each with an API client of its own, and one is given: say with --tenant ` +
          `whose it is (${names}).`,
      );
    }
    return await this.#parts.readCredentials();
  }
}
