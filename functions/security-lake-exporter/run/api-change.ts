import type { CheckpointState } from "../state/checkpoint-state.js";
import { oldestKeys } from "../state/recent-events.js";
import { newestCheckpoint } from "../vectra/events.js";
import type { RunContext } from "./run-context.js";

/*
 * Another version of the events API has another log: its cursors and ids say nothing about those of the version before. So
 * the new version begins a day before the last known progress, leaves out by time what the other one must have given
 * earlier, and by their keys the events that it gave since.
 */

/** Milliseconds by which the two versions overlap: an event may be visible in one later than in the other. */
const OVERLAP_MS = 86_400_000;

/** It is not known which events the version before has given. */
class UnknownOverlapError extends Error {
  override readonly name = "UnknownOverlapError";
}

/** A window must be written again first: the names of its objects, and its events, are those of the version before. */
class UnwrittenWindowError extends Error {
  override readonly name = "UnwrittenWindowError";
}

/** Continues with the configured version of the events API, where the checkpoint belongs to another one. */
export async function continuedWithApi(
  { tenant, source, checkpoint }: RunContext,
  state: CheckpointState,
  signal: AbortSignal,
): Promise<CheckpointState> {
  const api = source.api.name;
  if (state.api === api || state.nextFrom === undefined) {
    return state;
  }
  if (state.redoTo !== undefined) {
    throw new UnwrittenWindowError(
      `The export of ${tenant.name} must first write the window from ${state.nextFrom} to ${state.redoTo} again, with ${state.api} of the events API. ` +
        `Nothing was written. Configure ${state.api} again until the next run has written it. If the tenant no longer serves ${state.api}, skip the ` +
        `window, of which part may be missing from the lake: vectra-cdr checkpoint set ${state.redoTo} --reason "<why>".`,
    );
  }
  const until = await newestCheckpoint(source, signal);
  // One that leaves out earlier events has a time from which on it exports them.
  const isUntouched = state.sequence === 0 && state.lastSuccessAt === undefined && state.since === undefined;
  if (isUntouched) {
    const from = tenant.start === "latest" ? until : 0;
    return await checkpoint.changeApi(api, from, { since: 0, until: from, sequence: state.sequence }, state);
  }
  const since = state.apiChangeSince ?? sinceOf(state);
  const known = oldestKeys(state, Date.now());
  if (state.apiChangeSince === undefined && (known === undefined || known > since)) {
    throw new UnknownOverlapError(
      `The export of ${tenant.name} continues with ${api} of the events API, but which events it has written since ` +
        `${new Date(since).toISOString()} with ${state.api} is not known. Nothing was written. Choose from when on events are ` +
        'written: vectra-cdr checkpoint overlap --since <time> --reason "<why>". Earlier events are left out. Of the later ones, those that ' +
        `${state.api} has written are left out only if their keys are known, and are otherwise in the lake twice.`,
    );
  }
  return await checkpoint.changeApi(
    api,
    state.cursors[api] ?? 0,
    { since, until, sequence: state.sequence },
    state,
  );
}

/** Events from the future have no part in it: they never become the newest event's time. */
function sinceOf({ newestEventTime, lastSuccessAt, since: begin = 0 }: CheckpointState): number {
  const known = [newestEventTime, lastSuccessAt === undefined ? undefined : Date.parse(lastSuccessAt)];
  const times = known.filter((time) => time !== undefined);
  return times.length === 0 ? begin : Math.max(begin, Math.min(...times) - OVERLAP_MS);
}
