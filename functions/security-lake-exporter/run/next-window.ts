import type { CheckpointState } from "../state/checkpoint-state.js";
import { type EventWindow, readWindow } from "../vectra/events.js";
import type { KnownEvents } from "../vectra/found-events.js";
import { asItCame } from "../vectra/read-event.js";
import { prepareWindow } from "./prepare-window.js";
import type { RunContext } from "./run-context.js";
import { TIME_MARGIN } from "./run-time.js";
import { bytesOf, MAX_WORK_BYTES, type Work } from "./work.js";

/**
 * Reads the next window, without what has been exported. One that is to be written again is read whole: an object of another
 * window would not replace it.
 */
export async function readNext(
  { source, tenant, limits, recent, remaining }: RunContext,
  state: CheckpointState,
  stretch: { readonly from: number; readonly before?: number; readonly windowEvents: number },
  signal: AbortSignal,
): Promise<EventWindow> {
  const { overlap, redoTo, leaveOut } = state;
  const since = overlap === undefined ? {} : { since: secondsOf(overlap.since) };
  let asked: Promise<KnownEvents> | undefined;
  const ask = async (): Promise<KnownEvents> => ({
    seen: new Map([...(await recent.seen(state)), ...leaveOut.map((key) => [key, ""] as const)]),
    ...(overlap === undefined
      ? {}
      : {
          overlap: {
            since: overlap.since,
            identities: await recent.identities({ ...state, ...overlap }, overlap.since),
          },
        }),
  });
  const known = () => {
    asked ??= ask();
    return asked;
  };
  const hasTime = () => remaining() > TIME_MARGIN;
  const { includeScoreDecreases } = tenant;
  return await readWindow(
    { ...source, ...since },
    {
      ...stretch,
      known,
      includeScoreDecreases,
      pageSize: limits.pageSize,
      hasTime,
      whole: redoTo !== undefined,
    },
    signal,
  );
}

/** The work of a window, and its bytes. */
export interface Prepared {
  readonly work: Work;
  readonly bytes: Uint8Array;
  /** Whether it should be prepared again with fewer events, where there are fewer to be taken at once. */
  readonly isTooMuch: boolean;
}

/** The work of a window. One event that is too much by itself is in quarantine. */
export async function prepared(
  window: EventWindow,
  context: RunContext,
  state: CheckpointState,
  signal: AbortSignal,
): Promise<Prepared> {
  const accountIds = new Set(window.events.map((event) => event.entity_id));
  const priorScores =
    accountIds.size === 0 ? new Map<number, number>() : await context.scores.before(state, accountIds);
  const work = await prepareWindow(window, priorScores, context, state, signal);
  const bytes = bytesOf(work);
  if (bytes.byteLength <= MAX_WORK_BYTES || state.redoTo !== undefined) {
    return { work, bytes, isTooMuch: false };
  }
  if (work.counts.eventsRead > 1) {
    return { work, bytes, isTooMuch: true };
  }
  const rejected = window.keys.map(({ key }) => ({
    key,
    json: window.events[0] === undefined ? window.rejected[0]?.json : asItCame(window.events[0]),
    reason: `event: becomes ${bytes.byteLength} bytes, more than the ${MAX_WORK_BYTES} that can be stored before they are written`,
  }));
  const without = await prepareWindow(
    { ...window, events: [], rejected },
    priorScores,
    context,
    state,
    signal,
  );
  return { work: without, bytes: bytesOf(without), isTooMuch: false };
}

/** `2026-01-01T00:00:00Z` */
function secondsOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
