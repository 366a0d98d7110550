import pLimit from "p-limit";
import { AuthenticationError, type VectraClient } from "./vectra/client.js";
import { VectraRequestError } from "./vectra/http.js";
import { type Account, account, type ScoringEvent } from "./vectra/schema.js";

/** How an event's score compares with the account's score before it. */
export type ScoreDirection = "increase" | "decrease" | "unchanged" | "unknown";

/** A scoring event with what the event itself does not say. */
export interface EnrichedEvent {
  readonly event: ScoringEvent;
  /** The account as the tenant has it now; undefined where the look-up failed. */
  readonly account: Account | undefined;
  /** Unknown for the first event that is seen of an account, and for an event without a score. */
  readonly direction: ScoreDirection;
}

export interface Enrichment {
  /** In the order of the events given. */
  readonly events: readonly EnrichedEvent[];
  /** The last score of each account that had one, 0 to 100. */
  readonly lastScores: ReadonlyMap<number, number>;
  /** Accounts whose look-up failed: their events are exported without assignment. */
  readonly failedLookups: number;
}

/** Account look-ups under way at once. Vectra publishes no rate limit; this stays polite. */
const CONCURRENT_LOOKUPS = 8;

/**
 * Adds to each event its account's assignment and the direction of the score.
 *
 * @param events in the order of the tenant's log.
 * @param priorScores each account's score before the first of these events, by entity id.
 * @throws AuthenticationError, or the signal's reason; a look-up that fails otherwise costs only the assignment.
 */
export async function enrich(
  client: VectraClient,
  events: readonly ScoringEvent[],
  priorScores: ReadonlyMap<number, number>,
  signal: AbortSignal,
): Promise<Enrichment> {
  const accounts = await lookUpAccounts(client, new Set(events.map((event) => event.entity_id)), signal);
  const lastScores = new Map<number, number>();
  const enriched = events.map((event): EnrichedEvent => {
    const before = lastScores.get(event.entity_id) ?? priorScores.get(event.entity_id);
    if (event.urgency_score !== null) {
      lastScores.set(event.entity_id, event.urgency_score);
    }
    return {
      event,
      account: accounts.get(event.entity_id),
      direction: direction(before, event.urgency_score),
    };
  });
  const failedLookups = [...accounts.values()].filter((found) => found === undefined).length;
  return { events: enriched, lastScores, failedLookups };
}

function direction(before: number | undefined, now: number | null): ScoreDirection {
  if (before === undefined || now === null) {
    return "unknown";
  }
  if (now === before) {
    return "unchanged";
  }
  return now > before ? "increase" : "decrease";
}

async function lookUpAccounts(
  client: VectraClient,
  ids: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Account | undefined>> {
  const limit = pLimit(CONCURRENT_LOOKUPS);
  const found = await limit.map(
    [...ids],
    async (id) => [id, await lookUpAccount(client, id, signal)] as const,
  );
  return new Map(found);
}

async function lookUpAccount(
  client: VectraClient,
  id: number,
  signal: AbortSignal,
): Promise<Account | undefined> {
  try {
    return await client.get(`/api/v3.4/accounts/${id}`, {}, account, signal);
  } catch (error) {
    const costsOnlyTheAssignment =
      error instanceof VectraRequestError && !(error instanceof AuthenticationError);
    if (!costsOnlyTheAssignment) {
      throw error;
    }
    return undefined;
  }
}
