import { type ObjectName, objectName } from "../../../facts/object-names.js";
import type { CheckpointState, CursorRange } from "../state/checkpoint-state.js";
import { apiOfPartition } from "../state/home.js";
import type { Restoration } from "../state/operator-changes.js";
import { quarantinedWindow, quarantineKey } from "../state/quarantine.js";
import { redrivenObjectName } from "./redriven-object.js";

/*
 * A table that was restored from a backup, or a local state that is lost, is older than the lake. The names of the lake's
 * objects say how far the export had come.
 */

/** An export, and the version of the events API with which it continues. */
export interface RestoredExport {
  readonly tenant: string;
  readonly api: string;
  /** Hash key of its items. */
  readonly pk: string;
  /** Whether an operator has named that version; where the state is lost, nothing else says which one was the last. @default false */
  readonly isChosen?: boolean | undefined;
  /** Name of the backfill. @default - the live export */
  readonly job?: string | undefined;
}

/** The lake was written with another version of the API than the state, and cursors of two versions cannot be compared. */
class OtherApiError extends Error {
  override readonly name = "OtherApiError";
}

type Window = Extract<ObjectName, { readonly kind: "live" | "backfill" }>;

/** Cursors from a window's beginning on whose events are looked for among the redriven ones. */
const MAX_CURSORS = 200_000;

/**
 * How to continue an export behind what is in the lake.
 *
 * @param names of all objects of the tenant.
 * @returns undefined where the state is not behind the lake.
 * @throws OtherApiError
 */
export function restorationOf(
  names: readonly ObjectName[],
  of: RestoredExport,
  { nextFrom, api: stored, cursors, intent, redoTo }: CheckpointState,
): Restoration | undefined {
  const { tenant, pk, job, isChosen = false } = of;
  const api = nextFrom === undefined ? of.api : (stored ?? apiOfPartition(pk));
  const windows = names.filter(
    (name): name is Window =>
      name.kind === (job === undefined ? "live" : "backfill") &&
      name.tenant === tenant &&
      (name.kind === "live" || name.job === job),
  );
  const ends = endsOf(windows);
  const newer = Object.entries(ends).find(([other, end]) => other !== api && end > (cursors[other] ?? -1));
  const own = windows.filter((window) => window.api === api);
  if (newer !== undefined && (nextFrom !== undefined || own.length === 0)) {
    throw otherApi(tenant, newer[0], api, nextFrom !== undefined);
  }
  if (newer !== undefined && !isChosen) {
    const versions = Object.keys(ends).toSorted().join(" and ");
    throw new OtherApiError(
      `The lake holds objects of ${tenant} of ${versions} of the events API. Nothing was changed. Name the version that the export used last, ` +
        `with --api: the newest window of that version is written again.`,
    );
  }
  const newest = own.reduce<Window | undefined>(
    (found, window) =>
      found === undefined || window.to > found.to || isWider(window, found) ? window : found,
    undefined,
  );
  if (newest === undefined || newest.to <= (nextFrom ?? -1)) {
    return undefined;
  }
  const { from, to } = newest;
  const isWrittenAnyway = (intent?.from === from && intent.to === to) || (nextFrom === from && redoTo === to);
  if (isWrittenAnyway) {
    return undefined;
  }
  const { [api]: _, ...others } = ends;
  return {
    from,
    to,
    firstFrom: Math.min(...own.map((window) => window.from)),
    redriven: redrivenIn({ from, to }, names, of, api),
    cursors: nextFrom === undefined ? others : cursors,
  };
}

/**
 * What a backfill of a gap has left to read: its moves of the cursor are lost, but the live windows after the backfill's newest
 * one say where the gap ends. None for a backfill of events before the first live window.
 */
export function restOfGap(
  names: readonly ObjectName[],
  { tenant, api }: RestoredExport,
  { to }: Restoration,
): readonly CursorRange[] {
  const live = names.filter((name) => name.kind === "live" && name.tenant === tenant && name.api === api);
  const begins = live.flatMap((name) => (name.kind === "live" ? [name.from] : []));
  const next = Math.min(...begins.filter((from) => from >= to));
  return begins.some((from) => from < to) && Number.isFinite(next) && next > to
    ? [{ from: to, to: next }]
    : [];
}

/** Of two windows with the same end, the wider one holds all events of the other. */
function isWider(one: CursorRange, other: CursorRange): boolean {
  return one.to === other.to && one.from < other.from;
}

/** The highest cursor of each version of the API. */
function endsOf(windows: readonly Window[]): Readonly<Record<string, number>> {
  const ends: Record<string, number> = {};
  for (const { api, to } of windows) {
    ends[api] = Math.max(ends[api] ?? 0, to);
  }
  return ends;
}

/** Names of a tenant's objects that a redrive has written: see {@link redrivenObjectName}. */
export function redrivenNames(names: readonly ObjectName[], tenant: string): ReadonlySet<string> {
  return new Set(
    names.filter((name) => name.kind === "redrive" && name.tenant === tenant).map((name) => objectName(name)),
  );
}

/** Keys of the window's events that a redrive has written; their ids are within its cursors. */
function redrivenIn(
  { from, to }: { readonly from: number; readonly to: number },
  names: readonly ObjectName[],
  { tenant, pk, job }: RestoredExport,
  api: string,
): readonly string[] {
  const redriven = redrivenNames(names, tenant);
  // Where the state is lost, nothing says whether the export began with another version.
  const places = [quarantinedWindow(pk, api, from), { from, otherApi: api }];
  const end = redriven.size === 0 ? from : Math.min(to, from + MAX_CURSORS);
  const ids = Array.from({ length: end - from }, (_, index) => String(from + index));
  return ids.filter((id) =>
    places.some((place) => redriven.has(redrivenObjectName(tenant, pk, quarantineKey({ job }, place, id)))),
  );
}

function otherApi(tenant: string, newer: string, api: string, hasBegun: boolean): OtherApiError {
  return new OtherApiError(
    hasBegun
      ? `The newest objects of ${tenant} are of ${newer} of the events API, and the checkpoint is of ${api}: cursors of two versions cannot be ` +
          `compared. Nothing was changed. Restore the table to a time after the change to ${newer}. Or configure ${newer}, and choose a time ` +
          'one second after the newest record in the lake: vectra-cdr checkpoint overlap --since <time> --reason "<why>".'
      : `The objects of ${tenant} are of ${newer} of the events API, and ${api} is configured. Nothing was changed. Configure ${newer} first.`,
  );
}
