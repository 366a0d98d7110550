import { hostname, userInfo } from "node:os";
import type { ObjectName } from "../../../facts/object-names.js";
import { Exporter } from "../../../functions/security-lake-exporter/exporter.js";
import type { BackfillInvocation } from "../../../functions/security-lake-exporter/invocation.js";
import type { LakeStore } from "../../../functions/security-lake-exporter/lake/lake-store.js";
import type { BackfillEstimate } from "../../../functions/security-lake-exporter/run/backfill.js";
import type { RedriveResult } from "../../../functions/security-lake-exporter/run/redrive.js";
import type { RunTerms } from "../../../functions/security-lake-exporter/run/run-context.js";
import type { RunResult } from "../../../functions/security-lake-exporter/run/run-result.js";
import { MAX_RUN_MS } from "../../../functions/security-lake-exporter/state/lease.js";
import type { StateTable } from "../../../functions/security-lake-exporter/state/state-table.js";
import type { ApiCredentials } from "../../../functions/security-lake-exporter/vectra/client.js";
import type { ExporterTarget, TargetTenant } from "../exporter-target.js";
import { lastRecordsIn, objectNamesIn } from "./lake-files.js";
import { processName } from "./lease-owner.js";
import type { LocalTenant } from "./local-tenant.js";
import type { OcsfJson } from "./parquet-records.js";

/** What a local exporter works with. */
export interface LocalExporterParts {
  /** @default - none: no records can be read */
  readonly folder?: string | undefined;
  readonly tenants: readonly LocalTenant[];
  readonly table: StateTable;
  /** Where the objects of a tenant go. */
  readonly lakeOf: (tenant: LocalTenant) => LakeStore;
  readonly readCredentials: () => Promise<ApiCredentials>;
  /** Keeps a tenant's settings in the folder. @default - they are not kept */
  readonly remember?: (tenant: LocalTenant) => void;
  readonly close?: () => void;
}

/**
 * The exporter, running in this process: the same code as the function's, with its state in a file and its objects in
 * a folder.
 *
 * Each run exports one window at most, and the command makes one run after the other, so that progress can be shown and a
 * lease is never held for long.
 */
export class LocalExporter implements ExporterTarget {
  readonly title: string;
  readonly tenants: readonly TargetTenant[];
  readonly table: StateTable;
  readonly #parts: LocalExporterParts;
  readonly #exporter: Exporter;

  constructor(parts: LocalExporterParts) {
    this.#parts = parts;
    this.title = parts.folder === undefined ? "nowhere" : `folder ${parts.folder}`;
    this.table = parts.table;
    this.tenants = parts.tenants.map((tenant) => ({
      name: tenant.name,
      api: tenant.api,
      url: tenant.url,
      profile: tenant.profile,
    }));
    this.#exporter = new Exporter({
      table: parts.table,
      lakeOf: ({ name }) => parts.lakeOf(this.#tenant(name)),
      readCredentials: () => this.#readCredentials(),
    });
  }

  async exportOnce(name: string, maxEvents?: number): Promise<RunResult> {
    return await this.#exporter.exportNewEvents(this.#tenant(name), aRun(maxEvents));
  }

  async eventsToExport(name: string): Promise<number | undefined> {
    return await this.#exporter.countNewEvents(this.#tenant(name), aRun());
  }

  async redriveQuarantine(name: string): Promise<RedriveResult> {
    return await this.#exporter.redrive(this.#tenant(name), aRun());
  }

  async backfill(name: string, request: BackfillInvocation): Promise<RunResult> {
    return await this.#exporter.backfill(this.#tenant(name), request, aRun());
  }

  async estimateBackfill(name: string, request: BackfillInvocation): Promise<BackfillEstimate> {
    return await this.#exporter.estimate(this.#tenant(name), request, aRun());
  }

  async lastRecords(tenant: string | undefined, count: number): Promise<readonly OcsfJson[]> {
    const { folder } = this.#parts;
    return folder === undefined ? [] : await lastRecordsIn(folder, tenant, count);
  }

  async objectNames(): Promise<readonly ObjectName[]> {
    const { folder } = this.#parts;
    return folder === undefined ? [] : await objectNamesIn(folder);
  }

  remember(name: string): void {
    this.#parts.remember?.(this.#tenant(name));
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
      throw new Error(`${this.title} has no tenant ${name}.`);
    }
    return tenant;
  }

  /** One tenant's secret must never be sent to another tenant. */
  async #readCredentials(): Promise<ApiCredentials> {
    if (this.tenants.length > 1) {
      const names = this.tenants.map((tenant) => tenant.name).join(", ");
      throw new Error(
        `${this.title} has several tenants, each with its own API client. Use --tenant to name the one that the given ` +
          `client belongs to (${names}).`,
      );
    }
    return await this.#parts.readCredentials();
  }
}

/** A run of this process that begins now. */
function aRun(maxEvents?: number): RunTerms {
  const endsAt = performance.now() + MAX_RUN_MS;
  return {
    ownerPrefix: processName(),
    remaining: () => endsAt - performance.now(),
    limits: { maxEvents },
    oneWindow: true,
  };
}
