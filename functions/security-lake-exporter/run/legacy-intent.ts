import * as z from "zod/mini";
import type { Tenant } from "../settings.js";
import type { CheckpointState } from "../state/checkpoint-state.js";
import { apiOfPartition } from "../state/home.js";
import { quarantinedWindow } from "../state/quarantine.js";
import { sortKeyOf } from "../state/state-table.js";
import { eventsApi } from "../vectra/apis.js";
import type { EventWindow } from "../vectra/events.js";
import { FoundEvents, idOf } from "../vectra/found-events.js";
import { PageReader } from "../vectra/page-reader.js";
import { prepareWindow } from "./prepare-window.js";
import type { RunContext } from "./run-context.js";
import { bytesOf, type Work } from "./work.js";
import { commit, type Done } from "./write-ahead.js";

/*
 * Releases up to 0.9 fixed a window by its cursors and settings, and a later run read it again. This file finishes such a
 * window; it can go with the first release that need not be deployed over those.
 */

/** The settings of the fixed window are those of a tenant. */
type WindowSettings = Pick<
  Tenant,
  "includeScoreDecreases" | "profile" | "rawData" | "filters" | "partitionAccountId" | "partitionBy"
>;

const cursor = z.int().check(z.nonnegative());
const legacyIntent = z.object({
  from: cursor,
  to: cursor,
  /** Number of distinct events in it, rejected ones included. */
  events: z.int(),
  /** Highest event id in it. */
  last_event_id: z.int(),
  settings: z.string(),
});
type LegacyIntent = z.infer<typeof legacyIntent>;

/** The tenant's log no longer returns the events that a window held when it was fixed. */
class WindowChangedError extends Error {
  override readonly name = "WindowChangedError";
}

/**
 * Reads the window again, as it was fixed, and writes it.
 *
 * @throws WindowChangedError where the log no longer returns the same number of events, or not the last of them.
 */
export async function finishLegacyIntent(
  context: RunContext,
  state: CheckpointState,
  signal: AbortSignal,
): Promise<Done> {
  const intent = z.parse(legacyIntent, state.legacyIntent);
  const settings = JSON.parse(intent.settings) as WindowSettings;
  const { state: place, quarantine } = context;
  const then: RunContext = {
    ...context,
    tenant: { ...context.tenant, ...settings },
    source: { ...context.source, api: eventsApi(apiOfPartition(place.pk) as Tenant["api"]) },
  };
  // Before those of the window: they are of events before it.
  const sequence = await keepLegacyKeys(context, state);
  const window = await readAgain(then, intent, state.legacyKeys, signal);
  const prior = await scoresBefore(intent, window, place);
  const work = await prepareWindow(window, prior, then, state, signal);
  // The run before may have rejected others.
  const staying = new Set(work.quarantine.map(({ key }) => key.sk));
  const held = await quarantine.ofWindow(quarantinedWindow(place.pk, undefined, intent.from));
  const stale = held.filter((sk) => !staying.has(sk)).map((sk) => quarantine.releasing(sk));
  const whole: Work = {
    ...work,
    keys: { ...work.keys, sequence: sequence + 1 },
    quarantine: [...stale, ...work.quarantine],
  };
  return await commit(then, whole, bytesOf(whole), state);
}

/**
 * Stores the keys of the last events that an older release has kept in the checkpoint where this one looks for them: above
 * what a move may have made to be forgotten.
 *
 * @returns their sequence number.
 */
export async function keepLegacyKeys(
  { recent, state: { pk } }: RunContext,
  { sequence, legacyKeys }: CheckpointState,
): Promise<number> {
  const events = legacyKeys.map((key) => ({ key, digest: "", identity: "" }));
  await recent.store({ sequence: sequence + 1, api: apiOfPartition(pk), events, newestTime: 0 });
  return sequence + 1;
}

async function readAgain(
  { source, tenant, limits }: RunContext,
  { from: begin, to, events, last_event_id: lastEventId }: LegacyIntent,
  lastKeys: readonly string[],
  signal: AbortSignal,
): Promise<EventWindow> {
  const { includeScoreDecreases } = tenant;
  const seen = new Map(lastKeys.map((key) => [key, ""]));
  const found = new FoundEvents(source, async () => ({ seen }));
  // What has been added behind the window since belongs to the next one.
  let highestId = 0;
  const within = (json: unknown) => {
    const id = idOf(json) ?? 0;
    highestId = id <= lastEventId ? Math.max(highestId, id) : highestId;
    return id <= lastEventId;
  };
  const pages = new PageReader(source, { includeScoreDecreases, pageSize: limits.pageSize }, signal);
  let from = begin;
  let hasMore = true;
  // Once all are found, any further event is from beyond the window.
  while (hasMore && found.ids < events) {
    const missing = events - found.ids;
    const page = await pages.next(from, missing, (next) =>
      found.collect({ ...next, events: next.events.filter(within) }),
    );
    const foundMore = events - found.ids < missing;
    // A tenant may have returned the window's last events after the cursor that came with them.
    hasMore = page.next_checkpoint > from && (page.next_checkpoint < to || foundMore);
    from = page.next_checkpoint;
  }
  // Without the last one, another one has come in between.
  if (found.ids !== events || (events > 0 && highestId !== lastEventId)) {
    throw new WindowChangedError(
      `The window from ${begin} to ${to} held ${events} events when an older release fixed it, and the tenant now returns ` +
        `${found.ids}${highestId === lastEventId ? "" : `, without event ${lastEventId}`}. Part of it may be in the lake already, so nothing was written. Compare the tenant's events with the lake. To skip the ` +
        `window: vectra-cdr checkpoint set ${to} --reason "<why>". To export it again, with duplicates of what is in the lake: vectra-cdr ` +
        `checkpoint set ${begin} --reason "<why>".`,
    );
  }
  return { from: begin, to, complete: false, ...found.window };
}

/** The scores as of the window's beginning: each item had two generations, of which the newer may be from after it. */
async function scoresBefore(
  { from }: LegacyIntent,
  { events }: EventWindow,
  state: RunContext["state"],
): Promise<ReadonlyMap<number, number>> {
  const keys = new Map(events.map(({ entity_id: id }) => [sortKeyOf("score", state, String(id)), id]));
  const scores = new Map<number, number>();
  for (const { sk, attributes } of await state.table.read(state.pk, [...keys.keys()])) {
    const { as_of, score, previous_as_of, previous_score } = attributes;
    const before =
      Number(as_of) <= from ? score : Number(previous_as_of ?? Infinity) <= from ? previous_score : undefined;
    const id = keys.get(sk);
    if (id !== undefined && typeof before === "number") {
      scores.set(id, before);
    }
  }
  return scores;
}
