import type { EventSource } from "../vectra/pages.js";
import type { Account, ScoringEvent } from "../vectra/schema.js";
import { type LookupBudget, lookUpRequired } from "./account-lookups.js";

/** How an event's score compares with the account's score before it. */
export type ScoreDirection = "increase" | "decrease" | "unchanged" | "unknown";

/** A scoring event with what the event itself lacks. */
export interface EnrichedEvent {
  readonly event: ScoringEvent;
  /** The account as the tenant has it now; undefined where the look-up failed or was skipped. */
  readonly account: Account | undefined;
  /** Unknown for an account's first event, and for an event without a score. */
  readonly direction: ScoreDirection;
}

export interface Enrichment {
  /** The wanted events, in the order of the events given. */
  readonly events: readonly EnrichedEvent[];
  /** The last score of each account that had one, 0 to 100; unwanted events count too. */
  readonly lastScores: ReadonlyMap<number, number>;
  /** Accounts whose look-up failed: their events are exported without assignment. */
  readonly failedLookups: number;
  /** Accounts that were not looked up: the budget was used up, or a look-up had failed recently. */
  readonly skippedLookups: number;
}

export interface EnrichmentOptions {
  /** Each account's score before the first of the events, by entity id. */
  readonly priorScores: ReadonlyMap<number, number>;
  /** Unwanted events are left out and need no look-up. */
  readonly isWanted: (event: ScoringEvent) => boolean;
  /** Whether a failed look-up is an error. */
  readonly assignmentRequired: boolean;
  /** Budget of optional look-ups. */
  readonly budget: LookupBudget;
}

/**
 * Adds to each wanted event its account's assignment and the direction of the score.
 *
 * @param events in the order of the tenant's log.
 * @throws AuthenticationError, and any error that ends the run; a look-up that fails otherwise, or is skipped,
 *   costs only the assignment, unless that is required.
 */
export async function enrich(
  source: EventSource,
  events: readonly ScoringEvent[],
  { priorScores, isWanted, assignmentRequired, budget }: EnrichmentOptions,
  signal: AbortSignal,
): Promise<Enrichment> {
  const lastScores = new Map<number, number>();
  const directed = events.map((event) => {
    const before = lastScores.get(event.entity_id) ?? priorScores.get(event.entity_id);
    const now = scoreOf(event);
    if (now !== undefined) {
      lastScores.set(event.entity_id, now);
    }
    return { event, direction: directionOf(before, now) };
  });
  const wanted = directed.filter(({ event }) => isWanted(event));
  const accountIds = new Set(wanted.map(({ event }) => event.entity_id));
  const { accounts, failed, skipped } = assignmentRequired
    ? await lookUpRequired(source, accountIds, signal)
    : await budget.lookUp(source, accountIds, signal);
  return {
    events: wanted.map((entry) => ({ ...entry, account: accounts.get(entry.event.entity_id) })),
    lastScores,
    failedLookups: failed,
    skippedLookups: skipped,
  };
}

/** A number outside the range is not a score: it is not compared, and not every number can be stored. */
function scoreOf({ urgency_score }: ScoringEvent): number | undefined {
  return urgency_score !== null && urgency_score >= 0 && urgency_score <= 100 ? urgency_score : undefined;
}

function directionOf(before: number | undefined, now: number | undefined): ScoreDirection {
  if (before === undefined || now === undefined) {
    return "unknown";
  }
  if (now === before) {
    return "unchanged";
  }
  return now > before ? "increase" : "decrease";
}
