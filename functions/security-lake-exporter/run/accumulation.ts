import type { Accumulation } from "../../../facts/options/exporter-tenant.js";
import type { EventWindow } from "../vectra/events.js";

/**
 * Whether a window's events are left with the tenant for now, so that the lake gets fewer and larger objects. Nothing
 * is stored: the next run reads them again. Events of an impossible age, as from a clock that jumped, do not wait.
 *
 * @param now milliseconds since the epoch.
 */
export function waitsForMore(
  { events, rejected, complete }: EventWindow,
  accumulation: Accumulation | undefined,
  now: number,
): boolean {
  if (accumulation === undefined || !complete) {
    return false;
  }
  const oldest = events.reduce(
    (time, event) => Math.min(time, Date.parse(event.event_timestamp)),
    Number.POSITIVE_INFINITY,
  );
  const age = Math.abs(now - oldest) / 1000;
  return age < accumulation.maxAgeSeconds && events.length + rejected.length < accumulation.maxEvents;
}
