import { BACKFILL_OPTIONS } from "../options/exporter.js";
import { type Check, effective, given } from "./check.js";

/** Windows that take every reserved run would keep the live export waiting until Lambda drops its invocations. */
export const backfillLeavesRuns: Check<{ maxConcurrency: number; reservedConcurrentExecutions: number }> = (
  values,
  name,
) => {
  const windows = effective(values.maxConcurrency, BACKFILL_OPTIONS.maxConcurrency.default);
  const reserved = given(values.reservedConcurrentExecutions);
  if (windows === undefined || reserved === undefined || windows < reserved) {
    return [];
  }
  return [
    {
      key: "maxConcurrency",
      problem: `${windows} windows at once would use all ${reserved} reserved runs, and the live export would wait`,
      allowed: `fewer windows than ${name("reservedConcurrentExecutions")} (${reserved})`,
      remedy: `Raise ${name("reservedConcurrentExecutions")} to ${windows} and one more for each tenant, or lower ${name("maxConcurrency")}.`,
    },
  ];
};
