import type { EnrichedEvent } from "../../../functions/security-lake-exporter/enrichment/enrichment.js";
import { type ScoringEvent, scoringEvent } from "../../../functions/security-lake-exporter/vectra/schema.js";

/** A scoring event as a tenant sends it, with the fields that matter to a test replaced. */
export function anEvent(fields: Partial<Record<keyof ScoringEvent, unknown>> = {}): ScoringEvent {
  return scoringEvent.parse({
    id: 4711,
    entity_id: 8,
    name: "AWS:111122223333/role:build-agent",
    type: "account",
    category: "ACCOUNT SCORING",
    severity: "High",
    urgency_score: 76,
    urgency_reason: "example",
    is_prioritized: true,
    importance: 1,
    attack_rating: 7,
    breadth_contrib: 1,
    velocity_contrib: 2,
    active_detection_types: ["AWS S3 Enumeration", "AWS Organization Discovery"],
    last_detection: {
      id: 103,
      type: "AWS S3 Enumeration",
      url: "https://123123123123.uw2.portal.vectra.ai/detections/103",
    },
    url: "https://123123123123.uw2.portal.vectra.ai/accounts/8",
    event_timestamp: "2025-01-31T20:10:08Z",
    ...fields,
  });
}

/** An enriched event: assigned to analyst1, score rising, unless told. */
export function anEnrichedEvent(
  fields: Partial<Record<keyof ScoringEvent, unknown>> = {},
  enrichment: Partial<Omit<EnrichedEvent, "event">> = {},
): EnrichedEvent {
  return {
    event: anEvent(fields),
    account: { id: 8, threat: 61, certainty: 72, assignment: { assigned_to: { username: "analyst1" } } },
    direction: "increase",
    ...enrichment,
  };
}
