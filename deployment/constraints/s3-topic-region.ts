import { s3TopicRegion as check } from "../../facts/checks/s3-topic-region.js";
import { at, fromCheck } from "./from-check.js";
import { logBucketRegion } from "./places.js";

/** An existing topic that S3 is to publish to. */
export const s3TopicRegion = fromCheck(check, (deployment) =>
  deployment.cloudTrail?.notification?.s3 === undefined
    ? []
    : [
        {
          topicArn: at(deployment, "cloudTrail", "topic", "existing", "arn"),
          bucketRegion: logBucketRegion(deployment),
        },
      ],
);
