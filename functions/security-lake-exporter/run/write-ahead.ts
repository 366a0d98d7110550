import { randomUUID } from "node:crypto";
import { eventClassOf } from "../../../facts/profiles.js";
import { LeaseLostError } from "../state/checkpoint.js";
import type { CheckpointState, Intent } from "../state/checkpoint-state.js";
import { rangeOptions } from "../state/pieces.js";
import { all } from "./all.js";
import { type Exported, later, type WrittenObject } from "./exported-counts.js";
import type { RunContext } from "./run-context.js";
import { type Work, workOf } from "./work.js";

/*
 * Work is written in four steps: its bytes are stored, a pointer to them becomes the intent, they are written where they
 * belong, and the cursor moves. Until there is an intent, nothing is decided. Once there is one, it decides: whichever run
 * finds it writes those bytes, whatever its version, its settings, or the tenant says by then.
 */

/** Work that is done, and the state after it. */
export interface Done {
  readonly exported: Exported;
  readonly state: CheckpointState;
}

/** The intent belongs to another place than the one that is configured now. */
class OtherLakeError extends Error {
  override readonly name = "OtherLakeError";
}

/**
 * Stores work, and does it.
 *
 * @param bytes `bytesOf` the work.
 */
export async function commit(
  context: RunContext,
  work: Work,
  bytes: Uint8Array,
  state: CheckpointState,
): Promise<Done> {
  const { checkpoint, pieces, lake, tenant } = context;
  const stored = await pieces.store(randomUUID(), bytes);
  const { kind, from, to, counts } = work;
  const eventClass = eventClassOf(tenant.profile);
  const intent = {
    kind,
    from,
    to,
    events: counts.eventsRead,
    ...stored,
    location: lake.location,
    eventClass,
  };
  await checkpoint.fix(intent);
  return await carryOut(context, work, intent, state);
}

/**
 * Does the work of an earlier run.
 *
 * @throws OtherLakeError where lake or event class have changed since; DamagedPiecesError.
 */
export async function finish(context: RunContext, intent: Intent, state: CheckpointState): Promise<Done> {
  requireSameLake(context, intent);
  const work = workOf(await context.pieces.read(intent));
  return await carryOut(context, work, intent, state);
}

async function carryOut(
  { checkpoint, pieces, lake, quarantine, scores, recent, state: { pk } }: RunContext,
  work: Work,
  intent: Intent,
  before: CheckpointState,
): Promise<Done> {
  const { keys, counts } = work;
  const objects: WrittenObject[] = [];
  const write = async () => {
    for (const { events, ...object } of work.objects) {
      objects.push({ key: await lake.put(object), events, bytes: object.body.byteLength });
    }
    // An event leaves the quarantine once it is in the lake.
    if (!(await quarantine.apply(work.quarantine, checkpoint.fence))) {
      throw new LeaseLostError(checkpoint.owner, pk);
    }
  };
  await all([write(), scores.store(keys.sequence, work.scores), recent.store(keys)]);
  const newest = later(before.newestEventTime ?? null, work.newestEventTime) ?? undefined;
  const state =
    work.kind === "redrive"
      ? await checkpoint.completeRedrive()
      : await checkpoint.complete({ ...intent, sequence: keys.sequence }, before, newest);
  recent.completed(keys, before, state);
  pieces.deleteMeanwhile(intent);
  return { exported: { counts, objects, newestEventTime: work.newestEventTime }, state };
}

function requireSameLake(
  { lake, tenant, state }: RunContext,
  { location, eventClass, from, to }: Intent,
): void {
  const now = eventClassOf(tenant.profile);
  if (location === lake.location && eventClass === now) {
    return;
  }
  const [was, is] =
    location === lake.location ? [`a profile of event class ${eventClass}`, now] : [location, lake.location];
  throw new OtherLakeError(
    `The unfinished window from ${from} to ${to} of ${tenant.name} was prepared for ${was}, and the exporter now writes to ${is}. Nothing was ` +
      `written. Either configure ${was} again until the next run has finished it, or give it up, so that the next run prepares the same ` +
      `events for the new place: vectra-cdr checkpoint abandon --reason "<why>"${rangeOptions(state)}.`,
  );
}
