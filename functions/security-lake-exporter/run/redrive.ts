import { enrich } from "../enrichment/enrichment.js";
import { isSevereEnough, isWanted } from "../enrichment/filters.js";
import type { CheckpointState } from "../state/checkpoint-state.js";
import type { QuarantinedEvent } from "../state/quarantine.js";
import { readEvent } from "../vectra/read-event.js";
import { both, type Exported, NOTHING_EXPORTED, type WrittenObject } from "./exported-counts.js";
import { holdingLease } from "./holding-lease.js";
import { openExport } from "./open-export.js";
import { encoded, mapEvents } from "./records.js";
import { redrivenObjectName } from "./redriven-object.js";
import { deadlineOf, type RunContext } from "./run-context.js";
import { bytesOf, type PreparedObject, type Work } from "./work.js";
import { commit } from "./write-ahead.js";

/** Result of a redrive. */
export interface RedriveResult {
  readonly objects: readonly WrittenObject[];
  /** Events that are in the lake now. */
  readonly redriven: number;
  /** Events that the filters leave out: they are removed from quarantine, and not in the lake. */
  readonly filtered: number;
  /** Events that are still rejected, and why. */
  readonly remaining: readonly { readonly key: string; readonly reason: string }[];
}

/** Maximum size of what is written at once, unless a single event is larger. */
const BATCH_BYTES = 1_000_000;
/** Maximum number of events that are written at once. */
const BATCH_EVENTS = 100;

/**
 * Redrives every quarantined event of a tenant, after a new version of the function or of the
 * tenant's data.
 *
 * Each event becomes an object of its own, named after the event. Events leave the quarantine together with the intent
 * that writes them, so a redrive that crashes is finished by the next run, with the same bytes.
 *
 * @throws Error while a run holds the lease.
 */
export async function redriveQuarantine(context: RunContext): Promise<RedriveResult> {
  const held = await holdingLease(context, async (state) => {
    const result = await redrive(context, state);
    await context.checkpoint.release();
    return result;
  });
  if (held === undefined) {
    throw new Error(`A run holds the lease of ${context.tenant.name}. Try again in a few minutes.`);
  }
  return held;
}

async function redrive(context: RunContext, found: CheckpointState): Promise<RedriveResult> {
  const signal = deadlineOf(context);
  const { quarantine, lookups, remaining: timeLeft } = context;
  const opened = await openExport(context, found, signal);
  // One for all of them: they are looked up one by one.
  const budget = lookups.budget(timeLeft());
  const remaining: { key: string; reason: string }[] = [];
  let { state } = opened;
  let exported: Exported = NOTHING_EXPORTED;
  let batch: Redriven[] = [];
  const write = async () => {
    if (batch.length > 0) {
      const work = workOf(batch, context, state);
      const done = await commit(context, work, bytesOf(work), state);
      exported = both(exported, done.exported);
      state = done.state;
      batch = [];
    }
  };
  for (const event of await quarantine.all()) {
    const outcome = await redriven(event, context, budget, signal);
    if ("reason" in outcome) {
      remaining.push({ key: event.key, reason: outcome.reason });
      continue;
    }
    batch.push(outcome);
    if (batch.length >= BATCH_EVENTS || sizeOf(batch) >= BATCH_BYTES) {
      await write();
    }
  }
  await write();
  const { objects, counts } = exported;
  const written = objects.reduce((sum, { events }) => sum + events, 0);
  return { objects, redriven: written, filtered: counts.eventsFiltered, remaining };
}

/** An event that leaves the quarantine: its object, or none where the filters leave it out. */
interface Redriven {
  readonly sortKey: string;
  readonly objects: readonly PreparedObject[];
}

async function redriven(
  { json, sortKey, reason, inUnfinishedWindow }: QuarantinedEvent,
  { tenant, source, state }: RunContext,
  budget: Parameters<typeof enrich>[2]["budget"],
  signal: AbortSignal,
): Promise<Redriven | { readonly reason: string }> {
  const read = readEvent(json);
  // An unfinished window of a backfill would put the event back.
  if (!read.success || inUnfinishedWindow) {
    return { reason };
  }
  // The account's score before the event is no longer known, so the direction stays unknown.
  const enriched = await enrich(
    source,
    [read.data],
    {
      priorScores: new Map(),
      isWanted: (event) => isWanted(event, tenant.filters),
      assignmentRequired: tenant.assignmentRequired,
      budget,
    },
    signal,
  );
  const chosen = enriched.events.filter((event) => isSevereEnough(event, tenant.filters));
  const { records, rejected } = mapEvents(chosen, tenant);
  const [first] = rejected;
  return first === undefined
    ? { sortKey, objects: encoded(records, redrivenObjectName(tenant.name, state.pk, sortKey), tenant) }
    : { reason: first.reason };
}

function workOf(
  batch: readonly Redriven[],
  { quarantine, source }: RunContext,
  { nextFrom = 0, sequence }: CheckpointState,
): Work {
  const objects = batch.flatMap((event) => event.objects);
  return {
    kind: "redrive",
    from: nextFrom,
    to: nextFrom,
    objects,
    quarantine: batch.map(({ sortKey }) => quarantine.releasing(sortKey)),
    scores: [],
    keys: { sequence, api: source.api.name, events: [], newestTime: 0 },
    newestEventTime: null,
    counts: {
      ...NOTHING_EXPORTED.counts,
      eventsRead: batch.length,
      eventsFiltered: batch.filter((event) => event.objects.length === 0).length,
    },
  };
}

function sizeOf(batch: readonly Redriven[]): number {
  return batch.flatMap(({ objects }) => objects).reduce((sum, { body }) => sum + body.byteLength, 0);
}
