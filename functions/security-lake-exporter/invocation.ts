import * as z from "zod/mini";
import { BACKFILL_RUN_OPTIONS } from "../../facts/options/backfill-run.js";
import type { Settings, Tenant } from "./settings.js";
import { problemsOf } from "./validation.js";
import type { TimeRange } from "./vectra/apis.js";

/** What an invocation asks for. */
export interface Invocation {
  readonly tenant: Tenant;
  /** Whether to redrive the tenant's quarantine, instead of exporting new events. */
  readonly redrive: boolean;
  /** A backfill, instead of exporting new events. */
  readonly backfill: BackfillInvocation | undefined;
}

/** A slice of the tenant's history to export beside the live export. */
export interface BackfillInvocation {
  readonly range: TimeRange;
  /** Maximum number of events of this invocation. @default - as many as its time allows */
  readonly maxEvents?: number | undefined;
  /** Maximum requests per minute to the tenant. @default - as fast as answers arrive */
  readonly requestsPerMinute?: number | undefined;
  /** Whether events may be written that the live export, or another backfill, writes, too. */
  readonly allowOverlap: boolean;
  /** Whether to count the events only. */
  readonly estimate: boolean;
}

const second = z.string().check(
  z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "must look like 2026-01-31T00:00:00Z: UTC, whole seconds"),
  z.refine((time) => !Number.isNaN(Date.parse(time)), "is not a valid time"),
);

const { maxEvents, requestsPerMinute } = BACKFILL_RUN_OPTIONS;

const invocation = z.object({
  tenant: z.string(),
  redrive: z._default(z.boolean(), false),
  backfill: z.optional(
    z
      .object({
        from: second,
        to: second,
        maxEvents: z.optional(z.int().check(z.minimum(maxEvents.min), z.maximum(maxEvents.max))),
        requestsPerMinute: z.optional(
          z.number().check(z.minimum(requestsPerMinute.min), z.maximum(requestsPerMinute.max)),
        ),
        allowOverlap: z._default(z.boolean(), false),
        estimate: z._default(z.boolean(), false),
      })
      .check(z.refine(({ from, to }) => from < to, "from must be before to")),
  ),
});

/**
 * What an invocation is for.
 *
 * @param event what the schedule sends: `{"tenant": "<name>"}`; an operator may add `"redrive": true` or
 *   `"backfill": {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}`, to exclusive.
 * @throws Error saying what is wrong with the event, or listing the tenants that this function knows.
 */
export function readInvocation(event: unknown, { tenants }: Pick<Settings, "tenants">): Invocation {
  const parsed = z.safeParse(invocation, event);
  if (!parsed.success) {
    throw new Error(
      `The event is invalid: ${problemsOf("event", parsed.error)}. Expected {"tenant": "<name>"} with one of ` +
        `${namesOf(tenants)}. Check the input of the schedule that invoked the function.`,
    );
  }
  const { tenant: name, redrive, backfill } = parsed.data;
  const tenant = tenants.find((known) => known.name === name);
  if (tenant === undefined) {
    throw new Error(
      `The event names an unknown tenant: expected {"tenant": "<name>"} with one of ${namesOf(tenants)}. ` +
        "Check the input of the schedule that invoked the function.",
    );
  }
  if (redrive && backfill !== undefined) {
    throw new Error("The event has both redrive and backfill: invoke the function for one of them.");
  }
  if (backfill === undefined) {
    return { tenant, redrive, backfill };
  }
  const { from, to, ...options } = backfill;
  return { tenant, redrive, backfill: { range: { from, to }, ...options } };
}

function namesOf(tenants: readonly Tenant[]): string {
  return tenants.map(({ name }) => name).join(", ");
}
