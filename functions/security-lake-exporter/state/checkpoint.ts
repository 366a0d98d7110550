import { given } from "../../../facts/given.js";
import {
  type CheckpointState,
  type CursorRange,
  checkpointStateOf,
  type Intent,
  intentAttributes,
  type Overlap,
  STATE_VERSION,
  storedCheckpoint,
} from "./checkpoint-state.js";
import { MAX_LEASE_MS } from "./lease.js";
import {
  type Attributes,
  type Condition,
  type ExportState,
  type Fence,
  type ItemKey,
  type StateUpdate,
  sortKeyOf,
} from "./state-table.js";

/** Another run has taken the lease: this one must no longer change the checkpoint. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";

  constructor(owner: string, pk: string) {
    super(
      `Run ${owner} no longer holds the lease of ${pk}: another run continues from the same checkpoint, and nothing is ` +
        "lost or duplicated.",
    );
  }
}

/** The log to which a cursor belongs. */
export interface Log {
  /** Version of the events API. */
  readonly api: string;
  /** Origin of the tenant. */
  readonly origin: string;
}

/**
 * The checkpoint of one export, guarded by a lease. Each write is one conditional update that has the same
 * result when it is sent twice, because the SDK sends it again when the first response was lost. Those that release the
 * lease leave the owner's name, by which the second one is recognized. Each returns the state after it.
 */
export class Checkpoint {
  readonly #state: ExportState;
  readonly #key: ItemKey;
  readonly owner: string;

  /** @param owner unique name of this run. */
  constructor(state: ExportState, owner: string) {
    this.#state = state;
    this.#key = { pk: state.pk, sk: sortKeyOf("checkpoint", state) };
    this.owner = owner;
  }

  /** Holds as long as this run has the lease. */
  get fence(): Fence {
    return { key: this.#key, when: [[{ attribute: "lease_owner", equals: this.owner }]] };
  }

  /**
   * Takes the lease until `until`, unless another run holds one that has not ended: see `isHeld`.
   *
   * @param now milliseconds since the epoch.
   * @returns the state of the export, or undefined while another run holds the lease.
   * @throws Error where a newer release has written the state, whose lease is left alone.
   */
  async acquire(now: number, until: number): Promise<CheckpointState | undefined> {
    const attributes = await this.#state.table.update(this.#key, {
      set: { lease_owner: this.owner, lease_until: until },
      when: [
        [
          { attribute: "lease_owner", absent: true },
          { attribute: "lease_until", below: now },
          { attribute: "lease_until", above: now + MAX_LEASE_MS },
          { attribute: "lease_owner", equals: this.owner },
        ],
        [
          { attribute: "state_version", absent: true },
          { attribute: "state_version", below: STATE_VERSION + 1 },
        ],
      ],
    });
    if (attributes !== undefined) {
      return checkpointStateOf(attributes);
    }
    // Throws for a newer state.
    await storedCheckpoint(this.#state);
    return undefined;
  }

  /**
   * Sets the cursor of the very first window.
   *
   * @param ranges of a backfill.
   * @param since where earlier events are left out: the time, in milliseconds since the epoch.
   */
  async begin(
    nextFrom: number,
    log: Log,
    { ranges, since }: { readonly ranges?: readonly CursorRange[]; readonly since?: number | undefined } = {},
  ): Promise<CheckpointState> {
    return await this.update(
      {
        set: {
          ...THIS_VERSION,
          ...log,
          next_from: nextFrom,
          first_from: nextFrom,
          sequence: 0,
          keys_since: 0,
          ...given({ since, ranges: ranges === undefined ? undefined : JSON.stringify(ranges) }),
        },
      },
      [
        { attribute: "next_from", absent: true },
        { attribute: "next_from", equals: nextFrom },
      ],
    );
  }

  /** Takes over the state of an older release, whose intent is finished; its keys are stored elsewhere by now. */
  async upgrade(log: Log, { sequence }: CheckpointState, now: number): Promise<CheckpointState> {
    return await this.update({
      set: { ...THIS_VERSION, ...log, sequence, keys_since: now },
      remove: ["last_keys"],
    });
  }

  /** Continues with another version of the events API. */
  async changeApi(
    to: string,
    cursor: number,
    overlap: Overlap,
    before: CheckpointState,
  ): Promise<CheckpointState> {
    const { api: from, nextFrom = 0, cursors } = before;
    return await this.update(
      {
        set: {
          api: to,
          next_from: cursor,
          cursors: { ...cursors, ...(from === undefined ? {} : { [from]: nextFrom }) },
          overlap: { ...overlap },
        },
        remove: ["api_change_since", "redo_to", "leave_out"],
      },
      [
        { attribute: "api", equals: from ?? "" },
        { attribute: "api", equals: to },
      ],
    );
  }

  /** Stores the intent durably. Nothing of it may be written before this returns. */
  async fix(intent: Intent): Promise<CheckpointState> {
    const set = { ...THIS_VERSION, intent: intentAttributes(intent) };
    return await this.update(
      { set },
      intent.kind === "redrive" ? undefined : [{ attribute: "next_from", equals: intent.from }],
    );
  }

  /**
   * Moves the cursor past a window of which everything is written, and removes the intent.
   *
   * @param newestEventTime of all windows so far, in milliseconds since the epoch; for lag and status.
   */
  async complete(
    window: { readonly from: number; readonly to: number; readonly sequence: number },
    { overlap, redoTo }: Pick<CheckpointState, "overlap" | "redoTo">,
    newestEventTime?: number,
  ): Promise<CheckpointState> {
    const { from, to, sequence } = window;
    return await this.update(
      {
        set: { next_from: to, sequence, intent: null, ...given({ newest_event_time: newestEventTime }) },
        remove: [
          ...(overlap !== undefined && to >= overlap.until ? ["overlap"] : []),
          ...(redoTo !== undefined && to >= redoTo ? ["redo_to", "leave_out"] : []),
          // Of an older release: stored elsewhere by now.
          "last_keys",
        ],
      },
      [
        { attribute: "next_from", equals: from },
        { attribute: "next_from", equals: to },
      ],
    );
  }

  /** Removes the intent of a redrive of which everything is written. */
  async completeRedrive(): Promise<CheckpointState> {
    return await this.update({ set: { intent: null } });
  }

  /**
   * Releases the lease and records the success.
   *
   * @param caughtUp whether the tenant had no more events; for status.
   * @param isLevel whether no event is known to be, or may be, left with the tenant; for the lag.
   */
  async succeed(caughtUp: boolean, isLevel = true): Promise<void> {
    const now = new Date();
    await this.#giveUpLease({
      last_success_at: now.toISOString(),
      caught_up: caughtUp,
      ...given({ caught_up_at: caughtUp && isLevel ? now.getTime() : undefined }),
    });
  }

  /** Releases the lease, so that the next run need not wait until it expires. */
  async release(): Promise<void> {
    await this.#giveUpLease({});
  }

  /** The second of two sendings is refused for lack of the lease, even where the first one took effect. */
  async #giveUpLease(set: Attributes): Promise<void> {
    try {
      await this.update({ set: { ...set, released_by: this.owner }, remove: LEASE });
    } catch (error) {
      if (!(error instanceof LeaseLostError && (await this.#hasReleased()))) {
        throw error;
      }
    }
  }

  /** Another run may hold the lease by now; its name replaces this run's only when it has ended too. */
  async #hasReleased(): Promise<boolean> {
    const [item] = await this.#state.table.read(this.#key.pk, [this.#key.sk]);
    return item?.attributes["released_by"] === this.owner;
  }

  /** An update by the holder of the lease, and only if one of the conditions holds. */
  protected async update(
    { set, remove }: StateUpdate,
    oneOf?: readonly Condition[],
  ): Promise<CheckpointState> {
    const attributes = await this.#state.table.update(this.#key, {
      set: { ...set, updated_at: new Date().toISOString() },
      remove: remove ?? [],
      when: [...this.fence.when, ...(oneOf === undefined ? [] : [oneOf])],
    });
    if (attributes === undefined) {
      throw new LeaseLostError(this.owner, this.#key.pk);
    }
    return checkpointStateOf(attributes);
  }
}

/** Older releases refuse an intent that is null: they stop, and write nothing. */
const THIS_VERSION: Attributes = { state_version: STATE_VERSION, intent: null };

const LEASE = ["lease_owner", "lease_until"];
