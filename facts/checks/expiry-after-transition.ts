import { LOG_BUCKET_OPTIONS } from "../options/log-bucket.js";
import { type Check, effective } from "./check.js";

/**
 * S3 refuses a lifecycle that deletes objects on or before the day it moves them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
export const expiryAfterTransition: Check<{
  expireAfterDays: number;
  transitionToGlacierAfterDays: number;
}> = (values, name) => {
  const expiry = effective(values.expireAfterDays, LOG_BUCKET_OPTIONS.expireAfterDays.default);
  const transition = effective(
    values.transitionToGlacierAfterDays,
    LOG_BUCKET_OPTIONS.transitionToGlacierAfterDays.default,
  );
  if (expiry === undefined || transition === undefined || expiry > transition) {
    return [];
  }
  return [
    {
      key: "expireAfterDays",
      problem:
        expiry === transition
          ? `logs would expire on the day they move to Glacier (${transition} days)`
          : `logs would expire (${expiry} days) before they move to Glacier (${transition} days)`,
      allowed: `more than ${name("transitionToGlacierAfterDays")} (${transition})`,
      remedy: `Raise ${name("expireAfterDays")} or lower ${name("transitionToGlacierAfterDays")}.`,
    },
  ];
};
