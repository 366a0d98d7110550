import { EXPORTER_OPTIONS, LAG_MARGIN_SECONDS } from "../options/exporter.js";
import { ACCUMULATE_OPTIONS } from "../options/exporter-tenant.js";
import { type Check, effective, given } from "./check.js";

/** The alarm on lag must not go off while events wait as they should. */
export const lagAboveAccumulation: Check<{
  maxAgeSeconds: readonly number[];
  lagThresholdSeconds: number;
}> = (values, name) => {
  const threshold = effective(values.lagThresholdSeconds, EXPORTER_OPTIONS.lagThresholdSeconds.default);
  return values.maxAgeSeconds.flatMap((maxAge, index) => {
    const age = given(maxAge);
    if (threshold === undefined || age === undefined || age + LAG_MARGIN_SECONDS <= threshold) {
      return [];
    }
    const raise = `Set ${name("lagThresholdSeconds")} to ${age + LAG_MARGIN_SECONDS} or more`;
    const finding = {
      key: "maxAgeSeconds",
      index,
      problem: `events may wait ${age} seconds, but the lag alarm goes off at ${threshold} seconds and needs a margin of ${LAG_MARGIN_SECONDS}`,
    } as const;
    const longest = threshold - LAG_MARGIN_SECONDS;
    return longest < ACCUMULATE_OPTIONS.maxAgeSeconds.min
      ? [{ ...finding, remedy: `${raise}.` }]
      : [
          {
            ...finding,
            allowed: `at most ${longest} seconds`,
            remedy: `${raise}, or lower ${name("maxAgeSeconds", index)}.`,
          },
        ];
  });
};
