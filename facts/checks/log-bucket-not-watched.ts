import { type Check, given } from "./check.js";

/**
 * Data events of the log bucket itself: every delivery would cause another event, which is delivered in turn. The
 * buckets are all given by name, or all by ARN.
 */
export const logBucketNotWatched: Check<{ watchedBuckets: readonly string[]; logBucket: string }> = (
  values,
) => {
  const logBucket = given(values.logBucket);
  return values.watchedBuckets.flatMap((watched, index) =>
    logBucket === undefined || given(watched) !== logBucket
      ? []
      : [
          {
            key: "watchedBuckets",
            index,
            problem: "must not be the log bucket itself, where every delivery would cause another event",
            allowed: "any other bucket",
            remedy: "Remove it from the list.",
          },
        ],
  );
};
