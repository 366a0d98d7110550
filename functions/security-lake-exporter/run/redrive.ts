import { createHash } from "node:crypto";
import { objectName } from "../../../facts/object-names.js";
import { enrich } from "../enrichment/enrichment.js";
import { isSevereEnough, isWanted } from "../enrichment/filters.js";
import { windowSettingsOf } from "../state/checkpoint.js";
import { readEvent } from "../vectra/read-event.js";
import { mapEvents, type WrittenObject, writeObjects } from "./export-window.js";
import { holdingLease } from "./holding-lease.js";
import { deadlineOf, type RunContext } from "./run-context.js";

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

/**
 * Redrives every quarantined event of a tenant, after a new version of the function or of the
 * tenant's data.
 *
 * Each event becomes an object of its own, named after the event: a redrive after a crash between upload and
 * release writes the same object again, even if other events have been quarantined since.
 *
 * @throws Error while a run holds the lease.
 */
export async function redriveQuarantine(context: RunContext): Promise<RedriveResult> {
  const held = await holdingLease(context, async () => {
    const result = await redrive(context);
    await context.checkpoint.release();
    return result;
  });
  if (held === undefined) {
    throw new Error(`A run holds the lease of ${context.tenant.name}. Try again in a few minutes.`);
  }
  return held;
}

async function redrive(context: RunContext): Promise<RedriveResult> {
  const { tenant, source, lookups, quarantine, lake, remaining: timeLeft } = context;
  const settings = windowSettingsOf(tenant);
  const signal = deadlineOf(context);
  // One for all of them: they are looked up one by one.
  const budget = lookups.budget(timeLeft());
  const objects: WrittenObject[] = [];
  const remaining: { key: string; reason: string }[] = [];
  let filtered = 0;
  for (const { key, json, sortKey, reason, inUnfinishedWindow } of await quarantine.all()) {
    const read = readEvent(json);
    // An unfinished window writes the event itself; a redrive as well would duplicate it.
    if (!read.success || inUnfinishedWindow) {
      remaining.push({ key, reason });
      continue;
    }
    // The account's score before the event is no longer known, so the direction stays unknown.
    const enriched = await enrich(
      source,
      [read.data],
      {
        priorScores: new Map(),
        isWanted: (event) => isWanted(event, settings.filters),
        assignmentRequired: tenant.assignmentRequired,
        budget,
      },
      signal,
    );
    const chosen = enriched.events.filter((event) => isSevereEnough(event, settings.filters));
    if (chosen.length === 0) {
      filtered += 1;
      await quarantine.release(sortKey);
      continue;
    }
    const { records, rejected } = mapEvents(chosen, settings, tenant.url);
    if (rejected.length > 0) {
      remaining.push(...rejected.map((event) => ({ key, reason: event.reason })));
      continue;
    }
    const digest = createHash("sha256").update(sortKey).digest("hex").slice(0, 16);
    const name = objectName({ kind: "redrive", tenant: tenant.name, api: source.api.name, event: digest });
    objects.push(...(await writeObjects(records, name, settings.profile, lake)));
    await quarantine.release(sortKey);
  }
  return { objects, redriven: objects.reduce((sum, { events }) => sum + events, 0), filtered, remaining };
}
