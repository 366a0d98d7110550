import { createOrganization } from "../simulator/organization.js";

export const PORTAL_URL = "https://123123123123.uw2.portal.vectra.ai";
/** Maximum number of events in one response of the API. */
export const PAGE_EVENTS = 1000;
/** Number of events in one window of the function. */
export const WINDOW_EVENTS = 10_000;

/**
 * Responses of the simulated tenant as text, page after page, none of them kept: 400 accounts, 120 events per five
 * minutes, so that 100,000 events span about three days.
 *
 * @param events a multiple of {@link PAGE_EVENTS}.
 */
export function* pageTexts(events: number): Generator<string> {
  const organization = createOrganization({
    seed: 1,
    startTime: Date.parse("2025-01-31T00:00:00Z"),
    accounts: 400,
    eventsPerTick: 120,
    portalUrl: PORTAL_URL,
  });
  let waiting = organization.nextTick();
  for (let left = events; left > 0; left -= PAGE_EVENTS) {
    while (waiting.length < PAGE_EVENTS) {
      waiting = [...waiting, ...organization.nextTick()];
    }
    const page = waiting.slice(0, PAGE_EVENTS).map(({ event }) => event);
    waiting = waiting.slice(PAGE_EVENTS);
    yield JSON.stringify({
      events: page,
      next_checkpoint: (page.at(-1)?.id ?? 0) + 1,
      remaining_count: left - PAGE_EVENTS,
    });
  }
}
