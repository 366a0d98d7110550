import { given } from "../../facts/given.js";
import { backfillName } from "../../facts/object-names.js";
import { AccountLookups } from "./enrichment/account-lookups.js";
import type { LookupLimits } from "./enrichment/lookup-limits.js";
import type { BackfillInvocation } from "./invocation.js";
import type { LakeStore } from "./lake/lake-store.js";
import { type BackfillContext, type BackfillEstimate, backfill, estimateBackfill } from "./run/backfill.js";
import { type RedriveResult, redriveQuarantine } from "./run/redrive.js";
import { countNewEvents, exportNewEvents } from "./run/run.js";
import { limitsOf, type RunContext, type RunTerms } from "./run/run-context.js";
import type { RunResult } from "./run/run-result.js";
import type { Tenant } from "./settings.js";
import { AccountScores } from "./state/account-scores.js";
import { Checkpoint } from "./state/checkpoint.js";
import { homeOf, pointHome } from "./state/home.js";
import { newLeaseOwner } from "./state/lease.js";
import { Pieces } from "./state/pieces.js";
import { Quarantine } from "./state/quarantine.js";
import { RecentEvents, type RememberedEvents } from "./state/recent-events.js";
import type { StateTable } from "./state/state-table.js";
import { eventsApi } from "./vectra/apis.js";
import { type ApiCredentials, VectraClient } from "./vectra/client.js";
import type { RetryPolicy } from "./vectra/http.js";

/** What an exporter is made of: where it keeps its state, where it writes, and how it signs in. */
export interface ExporterParts {
  readonly table: StateTable;
  /** Where the objects of a tenant go. */
  readonly lakeOf: (tenant: Tenant) => LakeStore;
  /** Reads a tenant's API client, whenever a token is needed. */
  readonly readCredentials: (tenant: Tenant) => Promise<ApiCredentials>;
  /** How requests to a tenant are retried. @default DEFAULT_RETRY */
  readonly retry?: RetryPolicy;
  /** What optional account look-ups may cost. @default LOOKUP_LIMITS */
  readonly lookupLimits?: LookupLimits;
}

/** Which export a run is of. */
interface ExportTerms {
  /** Name of the backfill. @default - the live export */
  readonly job?: string;
  /** Maximum rate of requests to the tenant. @default - as fast as it answers */
  readonly requestsPerMinute?: number | undefined;
}

/**
 * The exporter: what the function, the CLI and the proofs run, wired here and nowhere else. Keep the instance across runs:
 * it holds each tenant's token and pace, and knows which accounts could not be looked up.
 */
export class Exporter {
  readonly #parts: ExporterParts;
  readonly #clients = new Map<string, VectraClient>();
  readonly #lookups = new Map<string, AccountLookups>();
  readonly #remembered: RememberedEvents = new Map();
  /** Hash keys of the state of tenants that have begun. */
  readonly #homes = new Map<string, string>();

  constructor(parts: ExporterParts) {
    this.#parts = parts;
  }

  /** One run of the live export: see `run/run.ts`. */
  async exportNewEvents(tenant: Tenant, run: RunTerms): Promise<RunResult> {
    return await exportNewEvents(await this.contextOf(tenant, run));
  }

  /** Counts the events that the live export has not exported yet: see `run/run.ts`. */
  async countNewEvents(tenant: Tenant, run: RunTerms): Promise<number | undefined> {
    return await countNewEvents(await this.contextOf(tenant, run));
  }

  /** Redrives the quarantine: see `run/redrive.ts`. */
  async redrive(tenant: Tenant, run: RunTerms): Promise<RedriveResult> {
    return await redriveQuarantine(await this.contextOf(tenant, run));
  }

  /** One run of a backfill: see `run/backfill.ts`. */
  async backfill(tenant: Tenant, request: BackfillInvocation, run: RunTerms): Promise<RunResult> {
    return await backfill(await this.#backfillContextOf(tenant, request, run));
  }

  /** What a backfill would have to do. */
  async estimate(tenant: Tenant, request: BackfillInvocation, run: RunTerms): Promise<BackfillEstimate> {
    return await estimateBackfill(await this.#backfillContextOf(tenant, request, run));
  }

  async #backfillContextOf(
    tenant: Tenant,
    request: BackfillInvocation,
    run: RunTerms,
  ): Promise<BackfillContext> {
    const { range, maxEvents, requestsPerMinute, allowOverlap } = request;
    // All events of the slice exist already: nothing is worth waiting for.
    const context = await this.contextOf(
      { ...tenant, accumulate: undefined },
      { ...run, limits: { ...run.limits, maxEvents } },
      { job: backfillName(range), requestsPerMinute },
    );
    return { ...context, source: { ...context.source, range }, allowOverlap };
  }

  /** What a run works with. */
  protected async contextOf(
    tenant: Tenant,
    run: RunTerms,
    { job, requestsPerMinute }: ExportTerms = {},
  ): Promise<RunContext> {
    const state = { table: this.#parts.table, pk: await this.#homeOf(tenant), job };
    return {
      tenant,
      source: {
        vectra: this.#clientOf(tenant, requestsPerMinute).startSession(),
        api: eventsApi(tenant.api),
      },
      state,
      checkpoint: new Checkpoint(state, newLeaseOwner(run.ownerPrefix)),
      lookups: this.#lookupsOf(tenant),
      scores: new AccountScores(state),
      recent: new RecentEvents(state, this.#remembered),
      pieces: new Pieces(state),
      quarantine: new Quarantine(state),
      lake: this.#parts.lakeOf(tenant),
      limits: limitsOf(run, requestsPerMinute),
      remaining: run.remaining,
    };
  }

  /** Where an export has begun it stays, so that is asked once. */
  async #homeOf(tenant: Tenant): Promise<string> {
    const { table } = this.#parts;
    const key = `${tenant.name} ${tenant.api}`;
    const known = this.#homes.get(key);
    if (known !== undefined) {
      return known;
    }
    const { pk, hasBegun } = await homeOf(table, tenant);
    if (hasBegun) {
      await pointHome(table, tenant, pk);
      this.#homes.set(key, pk);
    }
    return pk;
  }

  /** One client per rate: the one without a rate of its own shares its token among all runs of the tenant. */
  #clientOf(tenant: Tenant, requestsPerMinute: number | undefined): VectraClient {
    const { readCredentials, retry } = this.#parts;
    const key = `${tenant.name} ${tenant.url} ${requestsPerMinute}`;
    const client =
      this.#clients.get(key) ??
      new VectraClient(tenant.url, () => readCredentials(tenant), {
        requestsPerMinute,
        ...given({ retry }),
      });
    this.#clients.set(key, client);
    return client;
  }

  #lookupsOf({ name }: Tenant): AccountLookups {
    const lookups = this.#lookups.get(name) ?? new AccountLookups(this.#parts.lookupLimits);
    this.#lookups.set(name, lookups);
    return lookups;
  }
}
