import type { CheckpointState } from "../state/checkpoint-state.js";
import { storedCheckpoint } from "../state/checkpoint-state.js";
import { apiOfPartition } from "../state/home.js";
import { continuedWithApi } from "./api-change.js";
import { both, type Exported, NOTHING_EXPORTED } from "./exported-counts.js";
import { finishLegacyIntent, keepLegacyKeys } from "./legacy-intent.js";
import type { RunContext } from "./run-context.js";
import { type Done, finish } from "./write-ahead.js";

/** The tenant is at another address than when the export began: its log may be another one. */
class OtherOriginError extends Error {
  override readonly name = "OtherOriginError";
}

/** The log that a run reads. */
export function logOf({ tenant, source }: RunContext): { readonly api: string; readonly origin: string } {
  return { api: source.api.name, origin: new URL(tenant.url).origin };
}

/**
 * What every run does first, as the holder of the lease: finishes what an earlier run has prepared, takes over the state of an
 * older release, and continues with another version of the API where that is configured.
 *
 * @throws OtherOriginError, and whatever makes that impossible.
 */
export async function openExport(
  context: RunContext,
  found: CheckpointState,
  signal: AbortSignal,
): Promise<Done> {
  await requireSameOrigin(context, found);
  let state = found;
  let exported: Exported = NOTHING_EXPORTED;
  for (const finished of [
    state.intent === undefined ? undefined : await finish(context, state.intent, state),
    state.legacyIntent === undefined ? undefined : await finishLegacyIntent(context, state, signal),
  ]) {
    state = finished?.state ?? state;
    exported = both(exported, finished?.exported ?? NOTHING_EXPORTED);
  }
  if (state.nextFrom === undefined) {
    return { state, exported };
  }
  if (state.api === undefined) {
    state = await takenOver(context, state);
  }
  return { state: await continuedWithApi(context, state, signal), exported };
}

async function takenOver(context: RunContext, state: CheckpointState): Promise<CheckpointState> {
  const sequence = await keepLegacyKeys(context, state);
  const { origin } = logOf(context);
  const api = apiOfPartition(context.state.pk);
  return await context.checkpoint.upgrade({ api, origin }, { ...state, sequence }, Date.now());
}

/** A backfill, too, belongs to the tenant of the live export. */
async function requireSameOrigin(context: RunContext, found: CheckpointState): Promise<void> {
  const { tenant, state } = context;
  const { origin: known } =
    state.job === undefined ? found : await storedCheckpoint({ ...state, job: undefined });
  const { origin } = logOf(context);
  if (known !== undefined && known !== origin) {
    throw new OtherOriginError(
      `The export of ${tenant.name} is from ${known}, whose cursor says nothing about the events of ${origin}. Nothing was read. If it is ` +
        `the same tenant at a new address: vectra-cdr checkpoint adopt --reason "<why>" (for a folder, add --url ${origin}). Otherwise ` +
        "give the other tenant another name.",
    );
  }
}
