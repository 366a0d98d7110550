import * as z from "zod/mini";

/*
 * Shapes of the Vectra API v3.4 (Respond UX). Unknown fields are tolerated and dropped, except those of an
 * event, which the OCSF profiles may keep; fields that the tenant omits become null, because an absent
 * value is not a value. Tenants also write an absent value as null or "".
 */

/** Whether a field has no value. */
export function isAbsent(json: unknown): json is null | undefined | "" {
  return json === null || json === undefined || json === "";
}

const absentAs = (value: unknown) => z.transform((json: unknown): unknown => (isAbsent(json) ? value : json));

/** A value that may be absent. */
function orNull<Value>(schema: z.ZodMiniType<Value>): z.ZodMiniType<Value | null> {
  const nullable: z.ZodMiniType<Value | null> = z.nullable(schema);
  return z._default(z.pipe(absentAs(null), nullable), null);
}

const text = orNull(z.string());
const number = orNull(z.number());
const flag = orNull(z.boolean());
const id = z.int();

/** v3.4's category of every account scoring event; some tenants send it as an identifier. */
export function categoryOf(category: string | null): string | null {
  return category === "ACCOUNT_SCORING" ? "ACCOUNT SCORING" : category;
}

const lastDetection = z.object({
  id: orNull(id),
  type: text,
  url: text,
});

/** One event of `GET /api/v3.4/events/entity_scoring?type=account`. */
export const scoringEvent = z.looseObject({
  id,
  entity_id: id,
  name: text,
  type: text,
  category: z.pipe(text, z.transform(categoryOf)),
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
  active_detection_types: z._default(z.pipe(absentAs([]), z.array(z.string())), []),
  last_detection: orNull(lastDetection),
  url: text,
  event_timestamp: z.iso.datetime({ offset: true }),
});
export type ScoringEvent = z.infer<typeof scoringEvent>;

/** Names of an event's documented fields. A tenant may be newer than the exporter and send others. */
export const DOCUMENTED_FIELDS: ReadonlySet<string> = new Set(Object.keys(scoringEvent.shape));

/** One page of events, not yet parsed; `next_checkpoint` is the cursor of the next request. */
export const scoringPage = z.object({
  events: z.array(z.unknown()),
  next_checkpoint: z.int().check(z.nonnegative()),
  remaining_count: z.int().check(z.nonnegative()),
});
export type ScoringPage = z.infer<typeof scoringPage>;

/** An independent field: a value of another type costs the field, not the response. */
function ifReadable<Value>(schema: z.ZodMiniType<Value | null>): z.ZodMiniType<Value | null> {
  return z.catch(schema, null);
}

const assignment = z.object({
  assigned_to: ifReadable(orNull(z.object({ username: ifReadable(text) }))),
});

/** The part of `GET /api/v3.4/accounts/{id}` that events lack. */
export const account = z.object({
  id,
  /** 0 to 100. */
  threat: ifReadable(number),
  /** 0 to 100. */
  certainty: ifReadable(number),
  assignment: ifReadable(orNull(assignment)),
});
export type Account = z.infer<typeof account>;

/** The requested account: a response without its id, or about another account, is rejected. */
export function accountNumbered(accountId: number) {
  return z.extend(account, { id: z.literal(accountId) });
}

/** Response of `POST /oauth2/token`. */
export const tokenAnswer = z.object({
  /** Characters that a header may have: RFC 6749 allows no others. */
  access_token: z.string().check(z.regex(/^[!-~]+$/)),
  /** Lifetime in seconds. */
  expires_in: z.number().check(z.positive()),
});
