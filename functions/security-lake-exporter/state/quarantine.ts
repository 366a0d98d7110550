import { given } from "../../../facts/given.js";
import type { RejectedEvent } from "../vectra/found-events.js";
import { checkpointStateOf } from "./checkpoint-state.js";
import { Discards } from "./discards.js";
import { apiOfPartition } from "./home.js";
import { jsonText } from "./json-text.js";
import {
  type DependentChange,
  type ExportState,
  type Fence,
  padded,
  type StateItem,
  sortKeyOf,
} from "./state-table.js";

/** An event in quarantine. */
export interface QuarantinedEvent extends RejectedEvent {
  /** Sort key of its item. */
  readonly sortKey: string;
  /** When it was quarantined, ISO 8601. */
  readonly quarantinedAt: string;
  /** Whether its window is unfinished, or the cursor was moved back before it: the next run processes the event again. */
  readonly inUnfinishedWindow: boolean;
}

/** The window of an event in quarantine. */
export interface QuarantinedWindow {
  readonly from: number;
  /** Version of the API that gave it, where it is not the one with which the export began: its ids are others. */
  readonly otherApi?: string | undefined;
}

/**
 * The window that begins at a cursor.
 *
 * @param pk hash key of the tenant's items.
 * @param api version of the API to which the cursor belongs; undefined in a state of an older release.
 */
export function quarantinedWindow(pk: string, api: string | undefined, from: number): QuarantinedWindow {
  return { from, ...given({ otherApi: api === apiOfPartition(pk) ? undefined : api }) };
}

/** Days after which a quarantined event is deleted (by the table's time to live). */
const RETENTION_DAYS = 90;
/** An item has at most 400 KB. A longer event cannot be redriven; its beginning identifies it. */
const MAX_EVENT_BYTES = 300_000;

/**
 * Events that cannot be exported, kept beside the checkpoint until an operator has looked at them: the lake takes
 * only what its source declares, and one bad event must not block the rest.
 */
export class Quarantine {
  readonly #state: ExportState;

  constructor(state: ExportState) {
    this.#state = state;
  }

  /** Every event in quarantine that has not been discarded, the oldest first, those of backfills last. */
  async all(): Promise<readonly QuarantinedEvent[]> {
    const { table, pk } = this.#state;
    const isDiscarded = await new Discards(this.#state).recognizer();
    const items = (await table.query(pk, "quarantine#")).filter((item) => !isDiscarded(item));
    // In this order: a window that has been completed since is never written again.
    const exports = (await table.query(pk, "checkpoint")).map(exportOf);
    return items.map((item) => ({
      ...quarantinedEvent(item),
      inUnfinishedWindow: exports.some((known) => isReadAgain(item.sk, known)),
    }));
  }

  /** Applies changes, as long as the run holds its lease. @returns false where it no longer does. */
  async apply(changes: readonly DependentChange[], fence: Fence): Promise<boolean> {
    return changes.length === 0 || (await this.#state.table.changeWhile(fence, changes));
  }

  /** What puts an event of a window into quarantine. */
  holding(window: QuarantinedWindow, { key, json, reason }: RejectedEvent): DependentChange {
    const text = Buffer.from(jsonText(json));
    const now = new Date();
    return {
      key: { pk: this.#state.pk, sk: quarantineKey(this.#state, window, key) },
      set: {
        event_key: key,
        event: text.toString("utf8", 0, MAX_EVENT_BYTES),
        truncated: text.length > MAX_EVENT_BYTES,
        reason,
        quarantined_at: now.toISOString(),
        expires_at: Math.floor(now.getTime() / 1000) + RETENTION_DAYS * 86_400,
      },
    };
  }

  /** What removes an event from quarantine. */
  releasing(sortKey: string): DependentChange {
    return { key: { pk: this.#state.pk, sk: sortKey }, remove: true };
  }

  /**
   * Where events are in quarantine, from whichever window or export.
   *
   * @param keys of events of that version of the API.
   */
  async placesOf(keys: ReadonlySet<string>, { otherApi }: QuarantinedWindow): Promise<readonly string[]> {
    const places = await this.#state.table.keys(this.#state.pk, "quarantine#");
    return places.filter((sk) => otherApiOf(sk) === otherApi && keys.has(sk.slice(sk.lastIndexOf("#") + 1)));
  }

  /** Sort keys of a window's events in quarantine. */
  async ofWindow(window: QuarantinedWindow): Promise<readonly string[]> {
    return await this.#state.table.keys(this.#state.pk, quarantineKey(this.#state, window, ""));
  }
}

/** Sort key of an event in quarantine: `quarantine#[<backfill>#][<version of the API>#]<from>#<key>` */
export function quarantineKey(
  state: Pick<ExportState, "job">,
  { from, otherApi }: QuarantinedWindow,
  key: string,
): string {
  return [quarantinePlace({ ...state, otherApi }), padded(from), key].join("#");
}

function quarantinePlace({
  otherApi,
  ...state
}: Pick<ExportState, "job"> & Pick<QuarantinedWindow, "otherApi">): string {
  return sortKeyOf("quarantine", state, ...(otherApi === undefined ? [] : [otherApi]));
}

/** {@link QuarantinedWindow.otherApi} of an event in quarantine. */
export function otherApiOf(sortKey: string): string | undefined {
  return sortKey.split("#").find((part) => /^v\d/.test(part));
}

/** What a checkpoint says of the events that its export will read. */
interface ReadingExport extends QuarantinedWindow {
  readonly job: string | undefined;
  /** Where a move has skipped or set back the cursor: up to here, ids say what it will read. */
  readonly movedFrom: number;
}

function exportOf({ pk, sk, attributes }: StateItem): ReadingExport {
  const { api, nextFrom, moves, cursors } = checkpointStateOf(attributes);
  const [, job] = sk.split("#");
  const from = nextFrom ?? Number.POSITIVE_INFINITY;
  // Cursors of two versions of the API cannot be compared.
  const known = Object.keys(cursors).length === 0 ? moves : [];
  return {
    job,
    ...quarantinedWindow(pk, api, from),
    movedFrom: Math.max(0, ...known.map((move) => move.givenUpTo ?? move.from ?? 0)),
  };
}

/**
 * Whether the window of an event begins at the cursor or behind it, because it is unfinished, or the cursor was moved back;
 * or whether the cursor was moved back into its window.
 */
function isReadAgain(sortKey: string, { job, otherApi, from, movedFrom }: ReadingExport): boolean {
  const [key = "", window = "", ...place] = sortKey.split("#").reverse();
  const isOfExport = place.reverse().join("#") === quarantinePlace({ job, otherApi });
  return isOfExport && (Number(window) >= from || (from < movedFrom && Number(key) >= from));
}

function quarantinedEvent({ sk, attributes }: StateItem): Omit<QuarantinedEvent, "inUnfinishedWindow"> {
  const { event, truncated, event_key, reason, quarantined_at } = attributes;
  const text = typeof event === "string" ? event : "null";
  return {
    sortKey: sk,
    key: String(event_key),
    json: truncated === true ? text : JSON.parse(text),
    reason: String(reason),
    quarantinedAt: String(quarantined_at),
  };
}
