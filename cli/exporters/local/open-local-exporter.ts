import type { LakeStore } from "../../../functions/security-lake-exporter/lake/lake-store.js";
import {
  checkpointStateOf,
  storedCheckpoint,
} from "../../../functions/security-lake-exporter/state/checkpoint-state.js";
import { homeOf } from "../../../functions/security-lake-exporter/state/home.js";
import { MAX_LEASE_MS } from "../../../functions/security-lake-exporter/state/lease.js";
import { type StateTable, sortKeyOf } from "../../../functions/security-lake-exporter/state/state-table.js";
import { readClientCredentials } from "./client-credentials.js";
import { FolderLake } from "./folder-lake.js";
import { hasDied } from "./lease-owner.js";
import { LocalExporter } from "./local-exporter.js";
import { LocalState } from "./local-state.js";
import { type LocalTenant, localTenants, type TenantOptions } from "./local-tenant.js";
import { refuseLostState } from "./lost-state.js";
import { removeAbandonedFiles } from "./unfinished-files.js";

export interface LocalExporterOptions extends TenantOptions {
  /** Folder of the lake. */
  readonly lake: string;
  /** File with the tenant's API client. @default - VECTRA_CLIENT_ID and VECTRA_CLIENT_SECRET */
  readonly client?: string | undefined;
}

/**
 * Opens the exporter whose state is in a folder, for reading: on a copy of the state, so that the folder may be
 * read-only. For a folder without a state, the exporter has no tenants, but its records can be read.
 *
 * @throws Error where the options contradict what the folder holds.
 */
export async function readLocalExporter(options: LocalExporterOptions): Promise<LocalExporter> {
  const state = LocalState.copyOf(options.lake);
  const tenants = await chosenTenants(state, options);
  for (const tenant of tenants) {
    await endLeasesOfTheDead(state.table, tenant);
  }
  return localExporter(state, tenants, options, ({ region }) => new FolderLake(options.lake, region));
}

/**
 * Opens the exporter whose state is in a folder. A tenant that the options name is remembered there, and the
 * folder is created if necessary. For a folder without a state, the exporter has no tenants.
 *
 * @param mayBegin whether an export may start although the folder has objects whose state is lost.
 * @param mayMove whether its tenant may be at another address than when the export began.
 * @throws Error where the options contradict what the folder holds.
 */
export async function openLocalExporter(
  options: LocalExporterOptions,
  mayBegin: boolean,
  mayMove = false,
): Promise<LocalExporter> {
  const { lake: folder } = options;
  const opened = LocalState.isIn(folder) ? LocalState.open(folder) : undefined;
  try {
    const tenants = await chosenTenants(opened, options);
    if (!mayBegin) {
      await refuseLostState(folder, opened, tenants);
    }
    const state = opened ?? (tenants.length === 0 ? LocalState.copyOf(undefined) : LocalState.open(folder));
    for (const tenant of tenants) {
      if (!mayMove && (await isOfItsLog(state, tenant))) {
        state.remember(tenant.name, tenant);
      }
      await endLeasesOfTheDead(state.table, tenant);
    }
    if (tenants.length > 0) {
      await removeAbandonedFiles(folder, MAX_LEASE_MS);
    }
    return localExporter(state, tenants, options, ({ region }) => new FolderLake(folder, region));
  } catch (error) {
    opened?.close();
    throw error;
  }
}

export interface DryRunOptions extends Omit<LocalExporterOptions, "lake"> {
  /** Folder with the state from which the dry run starts. @default - an export that has not started */
  readonly lake?: string | undefined;
  /** Whether it may start although the folder has objects whose state is lost. @default true */
  readonly mayBegin?: boolean;
}

/**
 * Opens an exporter on a copy of a folder's state, which is discarded when it is closed: it does what the next run
 * would do, and changes nothing.
 */
export async function openDryRun(
  options: DryRunOptions,
  lakeOf: (tenant: LocalTenant) => LakeStore,
): Promise<LocalExporter> {
  const state = LocalState.copyOf(options.lake);
  const tenants = await chosenTenants(state, options);
  if (options.lake !== undefined && options.mayBegin === false) {
    await refuseLostState(options.lake, state, tenants);
  }
  for (const tenant of tenants) {
    // A run on the original does not block one on the copy.
    const { pk } = await homeOf(state.table, tenant);
    const key = { pk, sk: sortKeyOf("checkpoint", {}) };
    await state.table.update(key, { remove: ["lease_owner", "lease_until"] });
  }
  return localExporter(state, tenants, options, lakeOf);
}

function localExporter(
  state: LocalState,
  tenants: readonly LocalTenant[],
  { lake: folder, client }: DryRunOptions,
  lakeOf: (tenant: LocalTenant) => LakeStore,
): LocalExporter {
  return new LocalExporter({
    folder,
    tenants,
    table: state.table,
    lakeOf,
    readCredentials: () => readClientCredentials(client),
    remember: (tenant) => state.remember(tenant.name, tenant),
    close: () => state.close(),
  });
}

async function chosenTenants(
  state: LocalState | undefined,
  options: TenantOptions,
): Promise<readonly LocalTenant[]> {
  return await localTenants(state?.settings() ?? new Map(), options);
}

/**
 * Whether the state is of the log at the tenant's address: a run refuses another one, which must not be remembered then.
 *
 * @throws Error where the state is of an older release, which did not store the origin of its log.
 */
async function isOfItsLog(state: LocalState, { name, api, url }: LocalTenant): Promise<boolean> {
  const { pk, hasBegun } = await homeOf(state.table, { name, api });
  const { origin } = await storedCheckpoint({ table: state.table, pk });
  const before = state.settings().get(name) as Pick<LocalTenant, "url"> | undefined;
  if (hasBegun && origin === undefined && before !== undefined && !isSameOrigin(before.url, url)) {
    throw new Error(
      `The folder holds an export of ${name} from ${before.url}, whose cursor says nothing about the events of ${url}. ` +
        `If it is the same tenant at a new address: vectra-cdr checkpoint adopt --reason "<why>" --url ${url}. ` +
        "Otherwise use another folder, or another name with --tenant.",
    );
  }
  return origin === undefined || isSameOrigin(origin, url);
}

function isSameOrigin(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin;
}

/** A process that was killed cannot release its lease, and the lease of a run lasts long. */
async function endLeasesOfTheDead(table: StateTable, tenant: LocalTenant): Promise<void> {
  const { pk } = await homeOf(table, tenant);
  for (const { sk, attributes } of await table.query(pk, "checkpoint")) {
    const owner = checkpointStateOf(attributes).lease?.owner;
    if (owner !== undefined && hasDied(owner)) {
      await table.update(
        { pk, sk },
        { remove: ["lease_owner", "lease_until"], when: [[{ attribute: "lease_owner", equals: owner }]] },
      );
    }
  }
}
