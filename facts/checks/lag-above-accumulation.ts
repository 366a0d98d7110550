import { EXPORTER_OPTIONS } from "../options/exporter.js";
import { type Check, effective, given } from "./check.js";

/** Two ticks of the schedule, the second for a run that failed. */
const MARGIN_SECONDS = 600;

/** The alarm on lag must not go off while events wait as they should. */
export const lagAboveAccumulation: Check<{
  maxAgeSeconds: readonly number[];
  lagThresholdSeconds: number;
}> = (values, name) => {
  const threshold = effective(values.lagThresholdSeconds, EXPORTER_OPTIONS.lagThresholdSeconds.default);
  return values.maxAgeSeconds.flatMap((maxAge, index) => {
    const age = given(maxAge);
    return threshold === undefined || age === undefined || age + MARGIN_SECONDS <= threshold
      ? []
      : [
          {
            key: "maxAgeSeconds",
            index,
            problem: `events may wait ${age} seconds, but the lag alarm goes off at ${threshold} seconds and needs a margin of ${MARGIN_SECONDS}`,
            allowed: `at most ${threshold - MARGIN_SECONDS} seconds`,
            remedy: `Set ${name("lagThresholdSeconds")} to ${age + MARGIN_SECONDS} or more, or lower ${name("maxAgeSeconds", index)}.`,
          },
        ];
  });
};
