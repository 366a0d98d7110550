import { logBucketNotWatched as check } from "../../facts/checks/log-bucket-not-watched.js";
import { at, fromCheck } from "./from-check.js";
import { nameOfLogBucket } from "./places.js";

const ONLY = ["cloudTrail", "trail", "create", "events", "s3DataEvents", "only"] as const;

/** Data events of a trail that this deployment creates. */
export const logBucketNotWatched = fromCheck(check, (deployment) => [
  {
    watchedBuckets: [...(deployment.cloudTrail?.trail?.create?.events?.s3DataEvents?.only ?? []).keys()].map(
      (index) => at(deployment, ...ONLY, index, "bucketName"),
    ),
    logBucket: nameOfLogBucket(deployment),
  },
]);
