import type { Options } from "./option.js";

/** Limits of one invocation of a backfill. Without them it exports as many events, as fast, as its time allows. */
export const BACKFILL_RUN_OPTIONS = {
  maxEvents: { kind: "number", unit: "events", min: 1, max: 1_000_000_000 },
  requestsPerMinute: { kind: "number", unit: "requests per minute", min: 1, max: 6000 },
} as const satisfies Options;
