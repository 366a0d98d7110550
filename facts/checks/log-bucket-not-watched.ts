import { type Check, given } from "./check.js";

/** Data events of the log bucket itself: every delivery would cause another event, which is delivered in turn. */
export const logBucketNotWatched: Check<{ watchedBucketNames: readonly string[]; logBucketName: string }> = (
  values,
) => {
  const logBucket = given(values.logBucketName);
  return values.watchedBucketNames.flatMap((watched, index) =>
    logBucket === undefined || given(watched) !== logBucket
      ? []
      : [
          {
            key: "watchedBucketNames",
            index,
            problem: "must not be the log bucket itself, where every delivery would cause another event",
            allowed: "any other bucket",
            remedy: "Remove it from the list.",
          },
        ],
  );
};
