import * as z from "zod/mini";
import { given } from "../../../facts/given.js";
import type { Tenant } from "../settings.js";
import type { KnownWindow } from "../vectra/events.js";
import { type Lease, MAX_LEASE_MS } from "./lease.js";
import {
  type Attributes,
  type Condition,
  type ExportState,
  type ItemKey,
  type StateUpdate,
  sortKeyOf,
} from "./state-table.js";

/**
 * What a run is about to write, stored durably before its first object. Everything that decides which
 * objects there are and what they are called is in here, so a run that finds an intent can only complete
 * it, never choose other objects for the same events.
 */
export interface Intent extends KnownWindow {
  readonly settings: WindowSettings;
}

/** The settings that decide which objects a window becomes, and what is in them. */
export type WindowSettings = Pick<
  Tenant,
  "includeScoreDecreases" | "profile" | "rawData" | "filters" | "partitionAccountId" | "partitionBy"
>;

/** The settings of a tenant's windows, as they are now. */
export function windowSettingsOf(tenant: Tenant): WindowSettings {
  const { includeScoreDecreases, profile, rawData, filters, partitionAccountId, partitionBy } = tenant;
  return { includeScoreDecreases, profile, rawData, filters, partitionAccountId, partitionBy };
}

/** A move of the cursor by an operator. */
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
}

/** State of an export, and who holds its lease. */
export interface CheckpointState {
  /** Cursor of the next window; undefined before the first run. */
  readonly nextFrom: number | undefined;
  /** Cursor of the very first window. */
  readonly firstFrom: number | undefined;
  /** A window that an earlier run has fixed and not completed. */
  readonly intent: Intent | undefined;
  /** Keys of the last events before `nextFrom`, in case the tenant repeats them. */
  readonly lastKeys: readonly string[];
  /** Moves of the cursor by operators, the oldest first. */
  readonly moves: readonly CursorMove[];
  /** The lease as it was taken; undefined once released. {@link isHeld} says whether it still keeps others out. */
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

/** Another run has taken the lease: this one must no longer change the checkpoint. */
class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

const cursor = z.int().check(z.nonnegative());
const storedState = z.object({
  next_from: z.optional(cursor),
  first_from: z.optional(cursor),
  // JSON, written by complete() and move() below.
  last_keys: z._default(z.string(), "[]"),
  moves: z._default(z.string(), "[]"),
  lease_owner: z.optional(z.string()),
  lease_until: z.optional(z.number()),
  updated_at: z.optional(z.string()),
  last_success_at: z.optional(z.string()),
  newest_event_time: z.optional(z.int()),
  caught_up: z.optional(z.boolean()),
  caught_up_at: z.optional(z.int()),
  intent: z.optional(
    z.object({
      from: cursor,
      to: cursor,
      events: z.int(),
      last_event_id: z.int(),
      // JSON, written by attributesOf below.
      settings: z.string(),
    }),
  ),
});

/**
 * The checkpoint of one export, guarded by a lease. Each write is one conditional update that has the same
 * result when it is sent twice, because the SDK sends it again when the first response was lost. Those that release the
 * lease leave the owner's name, by which the second one is recognized.
 */
export class Checkpoint {
  readonly #state: ExportState;
  readonly #key: ItemKey;
  readonly #owner: string;

  /** @param owner unique name of this run. */
  constructor(state: ExportState, owner: string) {
    this.#state = state;
    this.#key = { pk: state.pk, sk: sortKeyOf("checkpoint", state) };
    this.#owner = owner;
  }

  /**
   * Takes the lease until `until`, unless another run holds one that has not ended: see {@link isHeld}.
   *
   * @param now milliseconds since the epoch.
   * @returns the state of the export, or undefined while another run holds the lease.
   */
  async acquire(now: number, until: number): Promise<CheckpointState | undefined> {
    const attributes = await this.#state.table.update(this.#key, {
      set: { lease_owner: this.#owner, lease_until: until },
      when: [
        [
          { attribute: "lease_owner", absent: true },
          { attribute: "lease_until", below: now },
          { attribute: "lease_until", above: now + MAX_LEASE_MS },
          { attribute: "lease_owner", equals: this.#owner },
        ],
      ],
    });
    return attributes === undefined ? undefined : checkpointStateOf(attributes);
  }

  /** Sets the cursor of the very first window. */
  async begin(nextFrom: number): Promise<void> {
    await this.#update({ set: { next_from: nextFrom, first_from: nextFrom } }, [
      { attribute: "next_from", absent: true },
      { attribute: "next_from", equals: nextFrom },
    ]);
  }

  /** Stores a window's intent durably. No object of the window may be written before this returns. */
  async fix(intent: Intent): Promise<void> {
    await this.#update({ set: { intent: attributesOf(intent) } }, [
      { attribute: "next_from", equals: intent.from },
    ]);
  }

  /**
   * Moves the cursor past a window whose objects are all written, and removes the intent.
   *
   * @param newestEventTime of all windows so far, in milliseconds since the epoch; for lag and status.
   */
  async complete(intent: Intent, lastKeys: readonly string[], newestEventTime?: number): Promise<void> {
    await this.#update(
      {
        set: {
          next_from: intent.to,
          last_keys: JSON.stringify(lastKeys),
          ...given({ newest_event_time: newestEventTime }),
        },
        remove: ["intent"],
      },
      [
        { attribute: "next_from", equals: intent.from },
        { attribute: "next_from", equals: intent.to },
      ],
    );
  }

  /**
   * Moves the cursor for an operator and records the move permanently. An unfinished window is abandoned, and the keys of
   * earlier events are removed, so that moving back exports those events again.
   */
  async move(move: Omit<CursorMove, "givenUpTo">, before: CheckpointState): Promise<void> {
    const noted = before.intent === undefined ? move : { ...move, givenUpTo: before.intent.to };
    await this.#update({
      set: {
        next_from: move.to,
        first_from: before.firstFrom ?? move.to,
        moves: JSON.stringify([...before.moves, noted]),
      },
      remove: ["intent", "last_keys"],
    });
  }

  /**
   * Releases the lease and records the success.
   *
   * @param caughtUp whether the tenant had no more events; for status.
   * @param eventsWaiting events that were left with the tenant to accumulate; for the lag.
   */
  async succeed(caughtUp: boolean, eventsWaiting = 0): Promise<void> {
    const now = new Date();
    await this.#giveUpLease({
      last_success_at: now.toISOString(),
      caught_up: caughtUp,
      ...given({ caught_up_at: caughtUp && eventsWaiting === 0 ? now.getTime() : undefined }),
    });
  }

  /** Releases the lease, so that the next run need not wait until it expires. */
  async release(): Promise<void> {
    await this.#giveUpLease({});
  }

  /** The second of two sendings is refused for lack of the lease, even where the first one took effect. */
  async #giveUpLease(set: Attributes): Promise<void> {
    try {
      await this.#update({ set: { ...set, released_by: this.#owner }, remove: LEASE });
    } catch (error) {
      if (!(error instanceof LeaseLostError && (await this.#hasReleased()))) {
        throw error;
      }
    }
  }

  /** Another run may hold the lease by now; its name replaces this run's only when it has ended too. */
  async #hasReleased(): Promise<boolean> {
    const [item] = await this.#state.table.read(this.#key.pk, [this.#key.sk]);
    return item?.attributes["released_by"] === this.#owner;
  }

  /** An update by the holder of the lease, and only if one of the conditions holds. */
  async #update({ set, remove }: StateUpdate, oneOf?: readonly Condition[]): Promise<void> {
    const attributes = await this.#state.table.update(this.#key, {
      set: { ...set, updated_at: new Date().toISOString() },
      remove: remove ?? [],
      when: [[{ attribute: "lease_owner", equals: this.#owner }], ...(oneOf === undefined ? [] : [oneOf])],
    });
    if (attributes === undefined) {
      throw new LeaseLostError(
        `Run ${this.#owner} no longer holds the lease of ${this.#key.pk}: another run continues from the ` +
          "same checkpoint, and nothing is lost or duplicated.",
      );
    }
  }
}

const LEASE = ["lease_owner", "lease_until"];

function attributesOf(intent: Intent): Attributes {
  return {
    from: intent.from,
    to: intent.to,
    events: intent.events,
    last_event_id: intent.lastEventId,
    settings: JSON.stringify(intent.settings),
  };
}

/** The checkpoint of an export as it is stored, without taking the lease; every field undefined before the first run. */
export async function storedCheckpoint(state: ExportState): Promise<CheckpointState> {
  const [item] = await state.table.read(state.pk, [sortKeyOf("checkpoint", state)]);
  return checkpointStateOf(item?.attributes ?? {});
}

/** A checkpoint item, read. */
export function checkpointStateOf(attributes: Attributes): CheckpointState {
  const stored = z.parse(storedState, attributes);
  const { intent, lease_owner: owner, lease_until: until } = stored;
  return {
    nextFrom: stored.next_from,
    firstFrom: stored.first_from,
    lastKeys: JSON.parse(stored.last_keys) as string[],
    moves: JSON.parse(stored.moves) as CursorMove[],
    lease: owner === undefined || until === undefined ? undefined : { owner, until },
    updatedAt: stored.updated_at,
    lastSuccessAt: stored.last_success_at,
    newestEventTime: stored.newest_event_time,
    caughtUp: stored.caught_up,
    caughtUpAt: stored.caught_up_at ?? caughtUpBefore(stored),
    intent:
      intent === undefined
        ? undefined
        : {
            from: intent.from,
            to: intent.to,
            events: intent.events,
            lastEventId: intent.last_event_id,
            settings: JSON.parse(intent.settings) as WindowSettings,
          },
  };
}

/** Versions before `caught_up_at` recorded only whether the last success had caught up. */
function caughtUpBefore({ caught_up, last_success_at }: z.infer<typeof storedState>): number | undefined {
  return caught_up === true && last_success_at !== undefined ? Date.parse(last_success_at) : undefined;
}
