import type { Constraint } from "./constraint.js";

const DEFAULT_CONCURRENCY = 4;

/** Windows that took every reserved run would keep the live export waiting until its invocations are too old. */
export const backfillLeavesRuns: Constraint = function* ({ securityLake }) {
  const { backfill, reservedConcurrentExecutions: reserved } = securityLake?.exporter ?? {};
  const windows = backfill?.maxConcurrency ?? DEFAULT_CONCURRENCY;
  if (backfill !== undefined && reserved !== undefined && windows >= reserved) {
    yield {
      path: [
        "securityLake",
        "exporter",
        "backfill",
        ...(backfill.maxConcurrency === undefined ? [] : ["maxConcurrency"]),
      ],
      problem: `takes ${windows} runs at once, and reservedConcurrentExecutions is ${reserved}: the live export would wait`,
      allowed: "fewer windows at once than reserved runs",
      remedy:
        "Reserve one run for each tenant besides, or export fewer windows at once (backfill.maxConcurrency).",
    };
  }
};
