import { BACKFILL_OPTIONS } from "../options/exporter.js";
import { type Check, effective, given } from "./check.js";

/** Slices that take every reserved run keep the live export waiting until Lambda drops its invocations. */
export const backfillLeavesRuns: Check<{ maxConcurrency: number; reservedConcurrentExecutions: number }> = (
  values,
  name,
) => {
  const slices = effective(values.maxConcurrency, BACKFILL_OPTIONS.maxConcurrency.default);
  const reserved = given(values.reservedConcurrentExecutions);
  if (slices === undefined || reserved === undefined || slices < reserved) {
    return [];
  }
  return [
    {
      key: "maxConcurrency",
      problem: `${slices} slices at once would use all ${reserved} reserved runs, and the live export would wait`,
      allowed: `fewer slices than ${name("reservedConcurrentExecutions")} (${reserved})`,
      remedy: `Raise ${name("reservedConcurrentExecutions")} to ${slices} and one more for each tenant, or lower ${name("maxConcurrency")}.`,
    },
  ];
};
