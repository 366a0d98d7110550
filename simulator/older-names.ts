import type { EntityScoringEvent } from "./scoring-event.js";

/** An event of `GET /api/v3/events/account_scoring`: older names for three fields, the last detection flat. */
export interface AccountScoringEvent
  extends Omit<EntityScoringEvent, "type" | "importance" | "last_detection"> {
  entity_type: EntityScoringEvent["type"];
  entity_importance: EntityScoringEvent["importance"];
  last_detection_id: number | null;
  last_detection_type: string;
  last_detection_url: string | null;
}

/** The same event as versions before v3.4 send it. No public sample is known; the names are from public clients. */
export function inOlderNames({
  type,
  importance,
  last_detection: { id, type: detection, url },
  ...same
}: EntityScoringEvent): AccountScoringEvent {
  return {
    ...same,
    entity_type: type,
    entity_importance: importance,
    last_detection_id: id,
    last_detection_type: detection,
    last_detection_url: url,
  };
}
