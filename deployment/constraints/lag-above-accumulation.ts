import type { Constraint } from "./constraint.js";

/** Two ticks of the schedule, the second for a run that failed. */
const MARGIN_SECONDS = 600;

const DEFAULT_LAG_THRESHOLD_SECONDS = 1800;

/** The alarm on lag must not go off while events wait as they should. */
export const lagAboveAccumulation: Constraint = function* ({ securityLake }) {
  const { lagThresholdSeconds = DEFAULT_LAG_THRESHOLD_SECONDS, tenants = [] } = securityLake?.exporter ?? {};
  for (const [index, tenant] of tenants.entries()) {
    const age = tenant?.accumulate?.maxAgeSeconds;
    if (age !== undefined && lagThresholdSeconds < age + MARGIN_SECONDS) {
      yield {
        path: ["securityLake", "exporter", "tenants", index, "accumulate", "maxAgeSeconds"],
        problem: `is ${age}, but the alarm on lag goes off at ${lagThresholdSeconds} seconds (lagThresholdSeconds)`,
        allowed: `${MARGIN_SECONDS} seconds less than securityLake.exporter.lagThresholdSeconds, or shorter`,
        remedy: `Set lagThresholdSeconds to ${age + MARGIN_SECONDS} or more, or let events wait for less.`,
      };
    }
  }
};
