import { z } from "zod";

const ENDPOINTS = ["token", "events", "account"] as const;

const KINDS = [
  /** 429 without Retry-After */
  "429",
  /** 429 with `Retry-After: <retryAfterSeconds>` (default 1) */
  "429-retry-after",
  "401",
  "500",
  "503",
  /** no response: the client closes the connection */
  "hang",
  /** the correct response, `delayMilliseconds` later (default 2000) */
  "slow",
  /** connection closed in the middle of the body */
  "truncated",
  /** connection closed before any response */
  "disconnect",
  /** 200 with an HTML page, as a proxy or a portal in maintenance sends it */
  "html",
  /** 200 with JSON of another shape */
  "wrong-json",
  /** events only: the page's events in reverse order */
  "out-of-order",
  /** events only: the page's first event repeated at its end */
  "repeated",
  /** events only: the page's first event without its time */
  "malformed-event",
  /** events only: half of the page's events, with the `next_checkpoint` and `remaining_count` of that */
  "short-pages",
  /** events only: `next_checkpoint` stays at `from` although events remain */
  "checkpoint-stuck",
  /** events only: `next_checkpoint` before `from` although events remain */
  "checkpoint-backwards",
] as const;

const EVENTS_ONLY: readonly string[] = [
  "out-of-order",
  "repeated",
  "malformed-event",
  "short-pages",
  "checkpoint-stuck",
  "checkpoint-backwards",
];

const faultSchema = z
  .strictObject({
    on: z.enum(ENDPOINTS),
    kind: z.enum(KINDS),
    times: z.int().min(1).default(1),
    /** Requests to that endpoint that succeed before the fault begins. */
    after: z.int().min(0).default(0),
    retryAfterSeconds: z.int().min(0).default(1),
    delayMilliseconds: z.int().min(0).default(2000),
  })
  .refine((fault) => fault.on === "events" || !EVENTS_ONLY.includes(fault.kind), {
    message: `${EVENTS_ONLY.join(", ")} apply to a page of events: use "on": "events"`,
  });

/** A requested fault: `{ on: "events", kind: "429-retry-after", times: 2, retryAfterSeconds: 1 }`. */
export type FaultRequest = z.input<typeof faultSchema>;

/** A fault with its defaults filled in. */
export type Fault = z.output<typeof faultSchema>;

/** An endpoint that can fail. */
type FaultEndpoint = (typeof ENDPOINTS)[number];

/** The pending faults, served in the order of their requests. */
export interface Faults {
  /** @throws Error that names the field, its value and what is allowed */
  add(request: FaultRequest): void;
  /** The fault for this request, if any; counts it down. */
  take(endpoint: FaultEndpoint): Fault | undefined;
  pending(): Fault[];
  clear(): void;
}

export function noFaultsYet(): Faults {
  let queue: Fault[] = [];
  return {
    add(request) {
      const parsed = faultSchema.safeParse(request);
      if (!parsed.success) {
        throw new Error(`Invalid fault: ${z.prettifyError(parsed.error)}`);
      }
      queue.push(parsed.data);
    },
    take(endpoint) {
      const fault = queue.find((candidate) => candidate.on === endpoint);
      if (fault === undefined) {
        return undefined;
      }
      if (fault.after > 0) {
        fault.after -= 1;
        return undefined;
      }
      fault.times -= 1;
      if (fault.times === 0) {
        queue = queue.filter((candidate) => candidate !== fault);
      }
      return fault;
    },
    pending: () => queue.map((fault) => ({ ...fault })),
    clear() {
      queue = [];
    },
  };
}
