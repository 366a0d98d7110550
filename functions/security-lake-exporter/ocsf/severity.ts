import { SEVERITY_IDS, SEVERITY_NAMES, type SeverityName } from "../../../facts/severities.js";
import type { EnrichedEvent } from "../enrichment/enrichment.js";
import { int32, string } from "../parquet/schema.js";
import { optional, required } from "./attributes.js";

/** OCSF severity, caption and id. Vectra uses Low to Critical; 0 is OCSF's id for an unknown severity. */
export interface Severity {
  readonly severity: "Unknown" | SeverityName;
  readonly severity_id: 0 | (typeof SEVERITY_IDS)[SeverityName];
}

const UNKNOWN: Severity = { severity: "Unknown", severity_id: 0 };
const KNOWN = SEVERITY_NAMES.map(known);

const FROM = "`severity`, else the account's `threat` and `certainty`";
export const SEVERITY = [
  optional(string("severity"), { from: FROM }),
  required(int32("severity_id"), {
    from: FROM,
    ids: {
      captions: Object.fromEntries(
        [UNKNOWN, ...KNOWN].map(({ severity, severity_id }) => [severity_id, severity]),
      ),
      captionIn: "severity",
    },
  }),
] as const;

const BY_NAME = new Map(KNOWN.map((severity) => [severity.severity.toLowerCase(), severity]));

/** Threat and certainty (0 to 100) are each split here into the quadrants of the Vectra UI. */
const QUADRANT_SPLIT = 50;

function known(severity: SeverityName): Severity {
  return { severity, severity_id: SEVERITY_IDS[severity] };
}

/**
 * The severity that the event states; where it states none, the account's quadrant: both scores below 50
 * Low, certainty only Medium, threat only High, both Critical. Never derived from `urgency_score`.
 */
export function severityOf({ event, account }: EnrichedEvent): Severity {
  if (event.severity !== null) {
    return BY_NAME.get(event.severity.toLowerCase()) ?? UNKNOWN;
  }
  if (account === undefined || account.threat === null || account.certainty === null) {
    return UNKNOWN;
  }
  const threatening = account.threat >= QUADRANT_SPLIT;
  const certain = account.certainty >= QUADRANT_SPLIT;
  if (threatening) {
    return known(certain ? "Critical" : "High");
  }
  return known(certain ? "Medium" : "Low");
}
