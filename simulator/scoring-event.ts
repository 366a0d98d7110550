import { given } from "../facts/given.js";
import { certaintyOf, type Entity, type Severity, severityOf, threatOf } from "./account.js";
import type { Random } from "./random.js";

/** One event of `GET /api/v3.4/events/entity_scoring?type=account`, as a tenant sends it. */
export interface EntityScoringEvent {
  id: number;
  entity_id: number;
  name: string;
  type: "account";
  category: "ACCOUNT SCORING";
  severity: Severity;
  /** 0 to 100 */
  urgency_score: number;
  urgency_reason?: string;
  is_prioritized: boolean;
  importance: 0 | 1 | 2;
  /** 0 to 10 */
  attack_rating: number;
  breadth_contrib: number;
  velocity_contrib: number;
  active_detection_types: string[];
  last_detection: { id: number | null; type: string; url: string | null };
  url: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`, with milliseconds where that is asked for */
  event_timestamp: string;
}

/** The event about an entity's new score. */
export function scoringEvent(
  random: Random,
  entity: Entity,
  id: number,
  timestamp: string,
  change: number,
  portalUrl: string,
): EntityScoringEvent {
  const last = entity.detections.at(-1);
  const types = [...new Set(entity.detections.map((detection) => detection.model.type))];
  return {
    id,
    entity_id: entity.id,
    name: entity.name,
    type: "account",
    category: "ACCOUNT SCORING",
    severity: severityOf(threatOf(entity), certaintyOf(entity)),
    urgency_score: entity.urgency,
    ...given({
      urgency_reason: random.chance(0.3)
        ? `Active detection types: ${types.length}; importance of the account: ${entity.importance}`
        : undefined,
    }),
    is_prioritized: entity.urgency >= 50,
    importance: entity.importance,
    attack_rating: Math.min(10, Math.round(entity.urgency / 10)),
    breadth_contrib: types.length,
    velocity_contrib: Math.min(10, Math.round(change / 5)),
    active_detection_types: types,
    last_detection:
      last === undefined
        ? { id: null, type: "", url: null }
        : { id: last.id, type: last.model.type, url: `${portalUrl}/detections/${last.id}` },
    url: `${portalUrl}/accounts/${entity.id}`,
    event_timestamp: timestamp,
  };
}
