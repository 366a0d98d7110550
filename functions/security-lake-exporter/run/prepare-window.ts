import { objectName } from "../../../facts/object-names.js";
import { type EnrichedEvent, enrich } from "../enrichment/enrichment.js";
import { isSevereEnough, isWanted } from "../enrichment/filters.js";
import type { CheckpointState } from "../state/checkpoint-state.js";
import { hasCome } from "../state/lag.js";
import { quarantinedWindow } from "../state/quarantine.js";
import type { DependentChange } from "../state/state-table.js";
import type { EventWindow } from "../vectra/events.js";
import type { RejectedEvent } from "../vectra/found-events.js";
import type { ScoringEvent } from "../vectra/schema.js";
import { encoded, mapEvents } from "./records.js";
import type { RunContext } from "./run-context.js";
import type { Work } from "./work.js";

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
      isTimed: window.isTimed,
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
