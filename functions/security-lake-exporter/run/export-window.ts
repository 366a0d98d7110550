import { objectName } from "../../../facts/object-names.js";
import { type EnrichedEvent, enrich } from "../enrichment/enrichment.js";
import { isSevereEnough, isWanted } from "../enrichment/filters.js";
import type { LakeStore } from "../lake/lake-store.js";
import { type PlacedRecord, partition } from "../lake/partition.js";
import { awsAccountIdOf } from "../ocsf/aws-identity.js";
import { conformanceCheck } from "../ocsf/conformance.js";
import { profileNamed } from "../ocsf/profiles.js";
import { encodeParquet } from "../parquet/encode.js";
import type { Intent, WindowSettings } from "../state/checkpoint.js";
import { hasCome } from "../state/lag.js";
import type { EventWindow, RejectedEvent } from "../vectra/events.js";
import { asItCame } from "../vectra/read-event.js";
import type { ScoringEvent } from "../vectra/schema.js";
import type { RunContext } from "./run-context.js";

/** An object that was written. */
export interface WrittenObject {
  readonly key: string;
  readonly events: number;
  readonly bytes: number;
}

/** What became of the events of a window: written, filtered or quarantined. */
export interface ExportedWindow {
  readonly objects: readonly WrittenObject[];
  /** Events that the filters left out. */
  readonly filtered: number;
  /** Events that are in quarantine now. */
  readonly quarantined: number;
  /** Accounts whose assignment could not be looked up. */
  readonly failedLookups: number;
  /** Accounts whose assignment was not looked up, for lack of time or because a look-up failed recently. */
  readonly skippedLookups: number;
  /** Written events of unknown severity: they state none, and their account was not looked up. */
  readonly eventsWithoutSeverity: number;
  /** Time of the newest event that is not in quarantine, in milliseconds since the epoch; undefined where there is none. */
  readonly newestEventTime: number | undefined;
}

/**
 * Writes the events of one window to the lake: enrichment, mapping, partition, Parquet, upload. Doing it
 * twice leaves the same objects, because their names follow from the intent and the events.
 *
 * @param repeated whether an earlier run may have written part of the window.
 */
export async function exportWindow(
  window: EventWindow,
  intent: Intent,
  repeated: boolean,
  context: RunContext,
  signal: AbortSignal,
): Promise<ExportedWindow> {
  const { tenant, source, state, lookups, scores, quarantine, lake, remaining } = context;
  const { settings } = intent;
  const accountIds = new Set(window.events.map((event) => event.entity_id));
  const priorScores = await scores.before(intent.from, accountIds);
  const { assignmentRequired } = tenant;
  const enriched = await enrich(
    source,
    window.events,
    {
      priorScores,
      isWanted: (event) => isWanted(event, settings.filters),
      assignmentRequired,
      budget: lookups.budget(remaining()),
    },
    signal,
  );
  const chosen = enriched.events.filter((event) => isSevereEnough(event, settings.filters));
  const { records, rejected } = mapEvents(chosen, settings, tenant.url);

  const { job } = state;
  const named = { tenant: tenant.name, api: source.api.name, from: intent.from, to: intent.to };
  const name = objectName(
    job === undefined ? { kind: "live", ...named } : { kind: "backfill", job, ...named },
  );
  const objects = await writeObjects(records, name, settings.profile, lake);
  const held = [...window.rejected, ...rejected];
  await quarantine.hold(intent.from, held, repeated);
  await scores.store(intent.to, enriched.lastScores);
  return {
    objects,
    filtered: window.events.length - chosen.length,
    quarantined: held.length,
    failedLookups: enriched.failedLookups,
    skippedLookups: enriched.skippedLookups,
    eventsWithoutSeverity: chosen.filter(lacksSeverity).length,
    newestEventTime: newestTimeOf(window.events, new Set(rejected.map(({ key }) => key))),
  };
}

/** Without the account, `severityOf` returns Unknown. */
function lacksSeverity({ event, account }: EnrichedEvent): boolean {
  return event.severity === null && account === undefined;
}

/** An invalid time, or one in the future, would stay the newest for years: see {@link hasCome}. */
function newestTimeOf(
  events: readonly ScoringEvent[],
  rejectedKeys: ReadonlySet<string>,
): number | undefined {
  return events
    .filter(({ id }) => !rejectedKeys.has(String(id)))
    .map((event) => Date.parse(event.event_timestamp))
    .filter((time) => hasCome(time, Date.now()))
    .reduce<number | undefined>((newest, time) => Math.max(newest ?? time, time), undefined);
}

/** Maps events into records; those that violate their own profile are rejected, never uploaded. */
export function mapEvents(
  events: readonly EnrichedEvent[],
  settings: WindowSettings,
  tenantUrl: string,
): { readonly records: readonly PlacedRecord[]; readonly rejected: readonly RejectedEvent[] } {
  const profile = profileNamed(settings.profile);
  const violationsOf = conformanceCheck(profile);
  const records: PlacedRecord[] = [];
  const rejected: RejectedEvent[] = [];
  for (const enriched of events) {
    const { event } = enriched;
    const record = profile.map(enriched, { tenantUrl, rawData: settings.rawData });
    const violations = violationsOf(record);
    if (violations.length === 0) {
      records.push({ record, accountId: partitionAccountOf(event.name, settings) });
    } else {
      const problems = violations.map(({ attribute, problem }) => `${attribute} ${problem}`);
      rejected.push({
        key: String(event.id),
        json: asItCame(event),
        reason: `${profile.name}: ${problems.join("; ")}`,
      });
    }
  }
  return { records, rejected };
}

/** Writes one object per partition, each under the given name. */
export async function writeObjects(
  records: readonly PlacedRecord[],
  name: string,
  profile: string,
  lake: LakeStore,
): Promise<readonly WrittenObject[]> {
  const { columns } = profileNamed(profile);
  const objects: WrittenObject[] = [];
  for (const { accountId, eventDay, records: sorted } of partition(records)) {
    const body = encodeParquet(sorted, columns);
    const key = await lake.put({ accountId, eventDay, name, body });
    objects.push({ key, events: sorted.length, bytes: body.byteLength });
  }
  return objects;
}

function partitionAccountOf(name: string | null, settings: WindowSettings): string {
  const ofEvent = settings.partitionBy === "event" ? awsAccountIdOf(name) : undefined;
  return ofEvent ?? settings.partitionAccountId;
}
