import * as z from "zod/mini";

/*
 * Shapes of the Vectra API v3.4 (Respond UX). Unknown fields are tolerated and dropped, but for those of an
 * event, which the OCSF profiles may keep; fields that the tenant leaves out become null, because an absent
 * value is not a value.
 */

const text = z._default(z.nullable(z.string()), null);
const number = z._default(z.nullable(z.number()), null);
const flag = z._default(z.nullable(z.boolean()), null);
const id = z.int();

const lastDetection = z.object({
  id: z._default(z.nullable(id), null),
  type: text,
  url: text,
});

/** One event of `GET /api/v3.4/events/entity_scoring?type=account`. */
export const scoringEvent = z.looseObject({
  id,
  entity_id: id,
  name: text,
  type: text,
  category: text,
  severity: text,
  /** 0 to 100. */
  urgency_score: number,
  urgency_reason: text,
  is_prioritized: flag,
  /** 0, 1 or 2. */
  importance: number,
  attack_rating: number,
  breadth_contrib: number,
  velocity_contrib: number,
  active_detection_types: z._default(z.array(z.string()), []),
  last_detection: z._default(z.nullable(lastDetection), null),
  url: text,
  event_timestamp: z.iso.datetime({ offset: true }),
});
export type ScoringEvent = z.infer<typeof scoringEvent>;

/** Names of an event's documented fields. A tenant may be newer than the exporter and send others. */
export const DOCUMENTED_FIELDS: ReadonlySet<string> = new Set(Object.keys(scoringEvent.shape));

/** One page of events, not yet looked into; `next_checkpoint` is the next request's `from`. */
export const scoringPage = z.object({
  events: z.array(z.unknown()),
  next_checkpoint: z.int().check(z.nonnegative()),
  remaining_count: z.int().check(z.nonnegative()),
});
export type ScoringPage = z.infer<typeof scoringPage>;

/** The part of `GET /api/v3.4/accounts/{id}` that events lack. */
export const account = z.object({
  id,
  /** 0 to 100. */
  threat: number,
  /** 0 to 100. */
  certainty: number,
  assignment: z._default(
    z.nullable(z.object({ assigned_to: z._default(z.nullable(z.object({ username: text })), null) })),
    null,
  ),
});
export type Account = z.infer<typeof account>;

/** Answer of `POST /oauth2/token`. */
export const tokenAnswer = z.object({
  access_token: z.string().check(z.minLength(1)),
  /** Lifetime in seconds. */
  expires_in: z.number().check(z.positive()),
});
