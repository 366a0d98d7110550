import { objectName } from "../../../facts/object-names.js";
import { type EnrichedEvent, enrich } from "../enrichment/enrichment.js";
import { isSevereEnough, isWanted } from "../enrichment/filters.js";
import { type PlacedRecord, partition } from "../lake/partition.js";
import { awsAccountIdOf } from "../ocsf/aws-identity.js";
import { conformanceCheck } from "../ocsf/conformance.js";
import { profileNamed } from "../ocsf/profiles.js";
import { encodeParquet } from "../parquet/encode.js";
import type { Tenant } from "../settings.js";
import type { CheckpointState } from "../state/checkpoint-state.js";
import { hasCome } from "../state/lag.js";
import { quarantinedWindow } from "../state/quarantine.js";
import type { DependentChange } from "../state/state-table.js";
import type { EventWindow } from "../vectra/events.js";
import type { RejectedEvent } from "../vectra/found-events.js";
import { asItCame } from "../vectra/read-event.js";
import type { ScoringEvent } from "../vectra/schema.js";
import type { RunContext } from "./run-context.js";
import type { PreparedObject, Work } from "./work.js";

/**
 * Prepares what there is to write for a window: enrichment, mapping, partition, Parquet, quarantine. Nothing is written yet.
 *
 * @param priorScores the score of each account before the window.
 */
export async function prepareWindow(
  window: EventWindow,
  priorScores: ReadonlyMap<number, number>,
  context: RunContext,
  state: CheckpointState,
  signal: AbortSignal,
): Promise<Work> {
  const { tenant, source, lookups, remaining } = context;
  const { job } = context.state;
  const { filters, assignmentRequired } = tenant;
  const enriched = await enrich(
    source,
    window.events,
    {
      priorScores,
      isWanted: (event) => isWanted(event, filters),
      assignmentRequired,
      budget: lookups.budget(remaining()),
    },
    signal,
  );
  const chosen = enriched.events.filter((event) => isSevereEnough(event, filters));
  const { records, rejected } = mapEvents(chosen, tenant);
  const held = [...window.rejected, ...rejected];
  const { from, to } = window;
  const named = { tenant: tenant.name, api: source.api.name, from, to };
  return {
    kind: job === undefined ? "live" : "backfill",
    from,
    to,
    objects: encoded(
      records,
      objectName(job === undefined ? { kind: "live", ...named } : { kind: "backfill", job, ...named }),
      tenant,
    ),
    quarantine: await quarantineChanges(window, held, context, state),
    scores: [...enriched.lastScores],
    keys: {
      sequence: state.sequence + 1,
      api: source.api.name,
      events: window.keys,
      newestTime: window.newestTime,
    },
    newestEventTime: newestTimeOf(window.events, new Set(rejected.map(({ key }) => key))),
    counts: {
      eventsRead: window.events.length + window.rejected.length,
      eventsFiltered: window.events.length - chosen.length,
      eventsQuarantined: held.length,
      failedLookups: enriched.failedLookups,
      skippedLookups: enriched.skippedLookups,
      eventsWithoutSeverity: chosen.filter(lacksSeverity).length,
    },
  };
}

/**
 * An event of the window leaves the quarantine, wherever an earlier window has put it: it is exported now, or rejected
 * again. That can only be where the cursor has been moved, and in a backfill of what a move has skipped.
 */
async function quarantineChanges(
  window: EventWindow,
  held: readonly RejectedEvent[],
  { quarantine, source, state: { pk, job } }: RunContext,
  { moves }: CheckpointState,
): Promise<readonly DependentChange[]> {
  const place = quarantinedWindow(pk, source.api.name, window.from);
  const holding = held.map((event) => quarantine.holding(place, event));
  if (job === undefined && moves.length === 0) {
    return holding;
  }
  const keys = new Set(window.keys.map(({ key }) => key));
  const staying = new Set(holding.map(({ key }) => key.sk));
  const leaving = (await quarantine.placesOf(keys, place)).filter((sk) => !staying.has(sk));
  return [...leaving.map((sk) => quarantine.releasing(sk)), ...holding];
}

/** Without the account, `severityOf` returns Unknown. */
function lacksSeverity({ event, account }: EnrichedEvent): boolean {
  return event.severity === null && account === undefined;
}

/** An invalid time, or one in the future, would stay the newest for years: see {@link hasCome}. */
function newestTimeOf(events: readonly ScoringEvent[], rejectedKeys: ReadonlySet<string>): number | null {
  return events
    .filter(({ id }) => !rejectedKeys.has(String(id)))
    .map((event) => Date.parse(event.event_timestamp))
    .filter((time) => hasCome(time, Date.now()))
    .reduce<number | null>((newest, time) => Math.max(newest ?? time, time), null);
}

/** The settings of a tenant that decide what its records hold, and where they belong. */
export type RecordSettings = Pick<
  Tenant,
  "url" | "profile" | "rawData" | "partitionBy" | "partitionAccountId"
>;

/** Maps events into records; those that violate their own profile are rejected, never uploaded. */
export function mapEvents(
  events: readonly EnrichedEvent[],
  settings: RecordSettings,
): { readonly records: readonly PlacedRecord[]; readonly rejected: readonly RejectedEvent[] } {
  const profile = profileNamed(settings.profile);
  const violationsOf = conformanceCheck(profile);
  const records: PlacedRecord[] = [];
  const rejected: RejectedEvent[] = [];
  for (const enriched of events) {
    const { event } = enriched;
    const record = profile.map(enriched, { tenantUrl: settings.url, rawData: settings.rawData });
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

/** One object per partition, each under the given name. */
export function encoded(
  records: readonly PlacedRecord[],
  name: string,
  { profile }: Pick<Tenant, "profile">,
): readonly PreparedObject[] {
  const { columns } = profileNamed(profile);
  return partition(records).map(({ accountId, eventDay, records: sorted }) => ({
    accountId,
    eventDay,
    name,
    body: encodeParquet(sorted, columns),
    events: sorted.length,
  }));
}

function partitionAccountOf(
  name: string | null,
  { partitionBy, partitionAccountId }: RecordSettings,
): string {
  const ofEvent = partitionBy === "event" ? awsAccountIdOf(name) : undefined;
  return ofEvent ?? partitionAccountId;
}
