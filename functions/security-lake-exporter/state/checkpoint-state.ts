import * as z from "zod/mini";
import type { Lease } from "./lease.js";
import type { Attributes, ExportState } from "./state-table.js";
import { sortKeyOf } from "./state-table.js";

/** What a run has prepared, and where its bytes are stored: see `pieces.ts`. */
export interface Intent {
  readonly kind: "live" | "backfill" | "redrive";
  /** Cursors; a redrive leaves the cursor where it is. */
  readonly from: number;
  readonly to: number;
  /** Number of events in it, for status. */
  readonly events: number;
  /** Key of the run's pieces. */
  readonly run: string;
  readonly pieces: number;
  /** SHA-256 of all bytes, in hexadecimal. */
  readonly digest: string;
  /** {@link LakeStore.location}, and class of the records: the bytes belong nowhere else. */
  readonly location: string;
  readonly eventClass: string;
}

/** A change of the cursor, or of what it belongs to, by an operator. */
export interface CursorMove {
  /** When, ISO 8601. */
  readonly at: string;
  /** The operator. */
  readonly by: string;
  readonly reason: string;
  /** The cursor before; null where there was none. */
  readonly from: number | null;
  readonly to: number;
  /** End of the unfinished window that was abandoned: objects of it may be in the lake. */
  readonly givenUpTo?: number;
  /** Whether the checkpoint was restored: what the move skipped is in the lake. @default false */
  readonly restored?: boolean;
}

/** Where one version of the API takes over from another: see `run/api-change.ts`. */
export interface Overlap {
  /** Events before this time, in milliseconds since the epoch, are the other version's. */
  readonly since: number;
  /** The tenant's newest cursor at the time of the change: from here on there is no overlap. */
  readonly until: number;
  /** Sequence number at that time: what has been stored since is of the new version, which gives no event twice. */
  readonly sequence: number;
}

/** A stretch of the log between two cursors; `to` is exclusive. */
export interface CursorRange {
  readonly from: number;
  /** @default - no end */
  readonly to?: number | undefined;
}

/** State of an export, and who holds its lease. */
export interface CheckpointState {
  /** Version of the stored form: {@link STATE_VERSION} once a run of this release has begun. */
  readonly version: number;
  /** Cursor of the next window; undefined before the first run. */
  readonly nextFrom: number | undefined;
  /** Cursor of the very first window. */
  readonly firstFrom: number | undefined;
  /** Time from which on events are exported, in milliseconds since the epoch; undefined where that is all of them. */
  readonly since: number | undefined;
  /** Version of the events API to which the cursor belongs; undefined in a state of an older release. */
  readonly api: string | undefined;
  /** Cursors of versions of the API that were used before. */
  readonly cursors: Readonly<Record<string, number>>;
  /** Origin of the tenant to which the cursors belong; undefined in a state of an older release. */
  readonly origin: string | undefined;
  /** Work that an earlier run has prepared and not completed. */
  readonly intent: Intent | undefined;
  /** A window that a run of an older release has fixed and not completed: see `run/legacy-intent.ts`. */
  readonly legacyIntent: unknown;
  /** Either of them. */
  readonly unfinished: Pick<Intent, "kind" | "from" | "to" | "events"> | undefined;
  /** Increases with each window and each move. */
  readonly sequence: number;
  /** What was stored up to this sequence number is of events that are to be exported again. */
  readonly forgetBefore: number;
  /** From when on the keys of all exported events are stored, in milliseconds since the epoch. */
  readonly keysSince: number | undefined;
  /** Keys that an older release has stored in the checkpoint. */
  readonly legacyKeys: readonly string[];
  readonly overlap: Overlap | undefined;
  /** An operator's choice of {@link Overlap.since}, for the next change of the API; milliseconds since the epoch. */
  readonly apiChangeSince: number | undefined;
  /** Stretches of the log that a backfill reads. */
  readonly ranges: readonly CursorRange[] | undefined;
  /** End of a window that must be written again, exactly: the checkpoint was restored, or an intent abandoned. */
  readonly redoTo: number | undefined;
  /** Keys of events that this window leaves out, because a redrive has written them. */
  readonly leaveOut: readonly string[];
  /** Changes by operators, the oldest first. */
  readonly moves: readonly CursorMove[];
  /** The lease as it was taken; undefined once released. `isHeld` says whether it still keeps others out. */
  readonly lease: Lease | undefined;
  /** ISO 8601. */
  readonly updatedAt: string | undefined;
  /** End of the last run that succeeded, ISO 8601. */
  readonly lastSuccessAt: string | undefined;
  /** Time of the newest event of all complete windows, in milliseconds since the epoch. */
  readonly newestEventTime: number | undefined;
  /** Whether the tenant had no more events when that run ended; a backfill is done then. */
  readonly caughtUp: boolean | undefined;
  /** End of the last run that left no events with the tenant, not even to accumulate; milliseconds since the epoch. */
  readonly caughtUpAt: number | undefined;
}

/** Version of the stored form that this release writes. */
export const STATE_VERSION = 2;

const cursor = z.int().check(z.nonnegative());
const storedIntent = z.object({
  kind: z.enum(["live", "backfill", "redrive"]),
  from: cursor,
  to: cursor,
  events: z.int(),
  run: z.string(),
  pieces: z.int(),
  digest: z.string(),
  location: z.string(),
  event_class: z.string(),
});
const storedLegacyIntent = z.looseObject({
  from: cursor,
  to: cursor,
  events: z.int(),
  settings: z.string(),
});
const storedState = z.object({
  state_version: z._default(z.int(), 1),
  next_from: z.optional(cursor),
  first_from: z.optional(cursor),
  since: z.optional(z.int()),
  api: z.optional(z.string()),
  cursors: z._default(z.record(z.string(), cursor), {}),
  origin: z.optional(z.string()),
  sequence: z.optional(cursor),
  forget_before: z._default(cursor, 0),
  keys_since: z.optional(z.int()),
  overlap: z.optional(z.object({ since: z.int(), until: cursor, sequence: cursor })),
  api_change_since: z.optional(z.int()),
  redo_to: z.optional(cursor),
  // JSON, written below.
  leave_out: z._default(z.string(), "[]"),
  ranges: z.optional(z.string()),
  last_keys: z._default(z.string(), "[]"),
  moves: z._default(z.string(), "[]"),
  lease_owner: z.optional(z.string()),
  lease_until: z.optional(z.number()),
  updated_at: z.optional(z.string()),
  last_success_at: z.optional(z.string()),
  newest_event_time: z.optional(z.int()),
  caught_up: z.optional(z.boolean()),
  caught_up_at: z.optional(z.int()),
  // Older releases refuse null as well as this form, and a form that they do not refuse is theirs.
  intent: z.optional(z.nullable(z.union([storedIntent, storedLegacyIntent]))),
});
type StoredState = z.infer<typeof storedState>;

/** The state was written by a newer release. */
class NewerStateError extends Error {
  override readonly name = "NewerStateError";
}

/**
 * A checkpoint item, read.
 *
 * @throws NewerStateError where a newer release has written it.
 */
export function checkpointStateOf(attributes: Attributes): CheckpointState {
  const { state_version: version = 1 } = attributes;
  if (typeof version === "number" && version > STATE_VERSION) {
    throw new NewerStateError(
      `The checkpoint was written by a newer release (state_version ${version}; this release knows ${STATE_VERSION}). ` +
        "Deploy that release, or a newer one, again. Nothing was written.",
    );
  }
  const stored = z.parse(storedState, attributes);
  const { intent, lease_owner: owner, lease_until: until } = stored;
  const moves = JSON.parse(stored.moves) as CursorMove[];
  return {
    version: stored.state_version,
    nextFrom: stored.next_from,
    firstFrom: stored.first_from,
    since: stored.since,
    api: stored.api,
    cursors: stored.cursors,
    origin: stored.origin,
    sequence: stored.sequence ?? legacySequence(stored, moves),
    forgetBefore: stored.forget_before,
    keysSince: stored.keys_since,
    legacyKeys: JSON.parse(stored.last_keys) as string[],
    overlap: stored.overlap,
    apiChangeSince: stored.api_change_since,
    ranges: stored.ranges === undefined ? undefined : (JSON.parse(stored.ranges) as CursorRange[]),
    redoTo: stored.redo_to,
    leaveOut: JSON.parse(stored.leave_out) as string[],
    moves,
    lease: owner === undefined || until === undefined ? undefined : { owner, until },
    updatedAt: stored.updated_at,
    lastSuccessAt: stored.last_success_at,
    newestEventTime: stored.newest_event_time,
    caughtUp: stored.caught_up,
    caughtUpAt: stored.caught_up_at ?? caughtUpBefore(stored),
    ...intentsOf(intent),
  };
}

/** The attribute that says what a run has prepared. */
export function intentAttributes(intent: Intent): Attributes {
  const { eventClass: event_class, ...others } = intent;
  return { ...others, event_class };
}

/** The checkpoint of an export as it is stored, without taking the lease; every field undefined before the first run. */
export async function storedCheckpoint(state: ExportState): Promise<CheckpointState> {
  const [item] = await state.table.read(state.pk, [sortKeyOf("checkpoint", state)]);
  return checkpointStateOf(item?.attributes ?? {});
}

function intentsOf(
  stored: StoredState["intent"],
): Pick<CheckpointState, "intent" | "legacyIntent" | "unfinished"> {
  if (stored === undefined || stored === null) {
    return { intent: undefined, legacyIntent: undefined, unfinished: undefined };
  }
  if (!isPointer(stored)) {
    const { from, to, events } = stored;
    return { intent: undefined, legacyIntent: stored, unfinished: { kind: "live", from, to, events } };
  }
  const { event_class: eventClass, ...others } = stored;
  const intent = { ...others, eventClass };
  return { intent, legacyIntent: undefined, unfinished: intent };
}

function isPointer(intent: NonNullable<StoredState["intent"]>): intent is z.infer<typeof storedIntent> {
  return "run" in intent;
}

/** Older releases stored scores as of a cursor: sequence numbers begin after every cursor that there has been. */
function legacySequence({ next_from = 0, intent }: StoredState, moves: readonly CursorMove[]): number {
  const to = intent !== undefined && intent !== null && "to" in intent ? Number(intent["to"]) : 0;
  return Math.max(next_from, to, ...moves.flatMap((move) => [move.from ?? 0, move.to, move.givenUpTo ?? 0]));
}

/** Versions before `caught_up_at` recorded only whether the last success had caught up. */
function caughtUpBefore({ caught_up, last_success_at }: StoredState): number | undefined {
  return caught_up === true && last_success_at !== undefined ? Date.parse(last_success_at) : undefined;
}
