import type { AccountScores } from "./account-scores.js";
import type { Intent } from "./checkpoint.js";
import { enrich } from "./enrichment.js";
import type { Lake } from "./lake.js";
import { profileNamed } from "./ocsf/profiles.js";
import { encodeParquet } from "./parquet/encode.js";
import { partition } from "./partition.js";
import type { VectraClient } from "./vectra/client.js";
import { EVENTS_API, type EventWindow } from "./vectra/events.js";

/** An object that was written. */
export interface WrittenObject {
  readonly key: string;
  readonly events: number;
  readonly bytes: number;
}

export interface ExportedWindow {
  readonly objects: readonly WrittenObject[];
  /** Accounts whose assignment could not be looked up. */
  readonly failedLookups: number;
}

/**
 * Takes the events of one window into the lake: enrichment, mapping, partition, Parquet, upload.
 * Doing it twice leaves the same objects, because their names follow from the intent and the events.
 */
export async function exportWindow(
  { events }: EventWindow,
  intent: Intent,
  tenant: { readonly name: string; readonly url: string },
  services: { readonly vectra: VectraClient; readonly scores: AccountScores; readonly lake: Lake },
  signal: AbortSignal,
): Promise<ExportedWindow> {
  const { vectra, scores, lake } = services;
  const profile = profileNamed(intent.profile);
  const priorScores = await scores.before(intent.from, new Set(events.map((event) => event.entity_id)));
  const enriched = await enrich(vectra, events, priorScores, signal);
  const records = enriched.events.map((event) => profile.map(event, { tenantUrl: tenant.url }));

  const objects: WrittenObject[] = [];
  for (const { accountId, eventDay, records: sorted } of partition(records, intent.partitionAccountId)) {
    const body = encodeParquet(sorted, profile.columns);
    const key = await lake.put({ accountId, eventDay, name: objectName(tenant.name, intent), body });
    objects.push({ key, events: sorted.length, bytes: body.byteLength });
  }
  await scores.store(intent.to, enriched.lastScores);
  return { objects, failedLookups: enriched.failedLookups };
}

function objectName(tenant: string, { from, to }: Intent): string {
  return `vectra-${tenant}-${EVENTS_API}-${from}-${to}.zstd.parquet`;
}
