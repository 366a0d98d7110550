import { TENANT_OPTIONS } from "../../../facts/options/exporter-tenant.js";
import { type CheckpointState, checkpointStateOf, STATE_VERSION } from "./checkpoint-state.js";
import { isHeld } from "./lease.js";
import { type StateTable, sortKeyOf } from "./state-table.js";

/*
 * A tenant's state stays where its export began, whatever version of the API is configured later: under the hash key
 * `<tenant>#<version of the API at the beginning>`. Under the key of another version there is only an item that points
 * there, and that older releases refuse.
 */

/** A tenant, and the version of its events API. */
export interface TenantApi {
  readonly name: string;
  readonly api: string;
}

const CHECKPOINT = sortKeyOf("checkpoint", {});

/** The hash key of a tenant whose export began with that version of the API. */
function partitionKeyOf({ name, api }: TenantApi): string {
  return `${name}#${api}`;
}

/** The version of the API with which an export began, from its hash key. */
export function apiOfPartition(pk: string): string {
  return pk.slice(pk.indexOf("#") + 1);
}

/** The hash key of the pieces of a tenant: see `pieces.ts`. */
export function piecesKeyOf(pk: string): string {
  return `${pk.slice(0, pk.indexOf("#"))}#pieces`;
}

/** Where the state of a tenant is. */
export interface Home {
  readonly pk: string;
  /** Whether the export has begun, so that the place will not change any more. */
  readonly hasBegun: boolean;
  /** Checkpoint of the live export. @default - it has not been read */
  readonly state?: CheckpointState;
}

/** The place of a tenant's state, without changing anything. */
export async function homeOf(table: StateTable, tenant: TenantApi): Promise<Home> {
  const own = partitionKeyOf(tenant);
  const { home, state } = await checkpointAt(table, own);
  if (home !== undefined) {
    return { pk: home, hasBegun: true };
  }
  // An older release gave each version of the API a state of its own: the last one that it used counts.
  if (state.nextFrom !== undefined && state.api !== undefined) {
    return { pk: own, hasBegun: true, state };
  }
  const [begun] = [{ pk: own, state }, ...(await elsewhere(table, tenant))]
    .filter(({ state: { nextFrom } }) => nextFrom !== undefined)
    .toSorted((a, b) => (b.state.lastSuccessAt ?? "").localeCompare(a.state.lastSuccessAt ?? ""));
  return begun === undefined
    ? { pk: own, hasBegun: false }
    : { pk: begun.pk, hasBegun: true, state: begun.state };
}

/** Leaves a pointer to the state under the key of the configured version, where the state is elsewhere. */
export async function pointHome(table: StateTable, tenant: TenantApi, pk: string): Promise<void> {
  const own = partitionKeyOf(tenant);
  if (own !== pk) {
    await table.update(
      { pk: own, sk: CHECKPOINT },
      {
        set: { home: pk, state_version: STATE_VERSION, intent: null },
        when: [[{ attribute: "next_from", absent: true }], [{ attribute: "home", absent: true }]],
      },
    );
  }
}

/** Whether an export with another version of the API has begun, or may be about to: both refuse to begin then. */
export async function beginsElsewhere(table: StateTable, tenant: TenantApi, now: number): Promise<boolean> {
  return (await elsewhere(table, tenant)).some(
    ({ state: { nextFrom, lease } }) => nextFrom !== undefined || (lease !== undefined && isHeld(lease, now)),
  );
}

async function elsewhere(
  table: StateTable,
  { name, api }: TenantApi,
): Promise<readonly { readonly pk: string; readonly state: CheckpointState }[]> {
  const keys = TENANT_OPTIONS.api.values
    .filter((other) => other !== api)
    .map((other) => partitionKeyOf({ name, api: other }));
  const found = await Promise.all(keys.map(async (pk) => ({ pk, ...(await checkpointAt(table, pk)) })));
  return found.filter(({ home }) => home === undefined);
}

async function checkpointAt(
  table: StateTable,
  pk: string,
): Promise<{ readonly home: string | undefined; readonly state: CheckpointState }> {
  const [item] = await table.read(pk, [CHECKPOINT]);
  const { home, ...attributes } = item?.attributes ?? {};
  return { home: typeof home === "string" ? home : undefined, state: checkpointStateOf(attributes) };
}
