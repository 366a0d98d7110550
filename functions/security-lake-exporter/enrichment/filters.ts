import type { EventFilters } from "../../../facts/options/exporter-tenant.js";
import { SEVERITY_IDS } from "../../../facts/severities.js";
import { isAws } from "../ocsf/aws-identity.js";
import { severityOf } from "../ocsf/severity.js";
import type { ScoringEvent } from "../vectra/schema.js";
import type { EnrichedEvent } from "./enrichment.js";

/**
 * Whether an event is wanted, judged by the event alone. A missing value never counts against it:
 * a filter reduces noise, and must not drop what cannot be judged.
 */
export function isWanted(event: ScoringEvent, { accounts, prioritizedOnly }: EventFilters): boolean {
  const fromWantedAccount = accounts === "all" || event.name === null || isAws(event.name);
  return fromWantedAccount && !(prioritizedOnly && event.is_prioritized === false);
}

/** Whether an event is severe enough; an event of unknown severity is. */
export function isSevereEnough(event: EnrichedEvent, { minimumSeverity }: EventFilters): boolean {
  const { severity_id: id } = severityOf(event);
  return minimumSeverity === undefined || id === 0 || id >= SEVERITY_IDS[minimumSeverity];
}
