import { accessLogsElsewhere as check } from "../../facts/checks/access-logs-elsewhere.js";
import { at, fromCheck } from "./from-check.js";
import { nameOfLogBucket } from "./places.js";

/** Access logs of a log bucket that this deployment creates. */
export const accessLogsElsewhere = fromCheck(check, (deployment) => [
  {
    accessLogsBucketName: at(deployment, "cloudTrail", "logBucket", "create", "accessLogs", "bucketName"),
    logBucketName: nameOfLogBucket(deployment),
  },
]);
