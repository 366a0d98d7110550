import { type Check, given } from "./check.js";

/**
 * A bucket has one notification configuration: to write ours without the owner's entries would delete those.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
 */
export const notificationsListed: Check<{ bucketExists: boolean; currentNotifications: object }> = (
  values,
) => {
  const { bucketExists, currentNotifications } = values;
  if (given(bucketExists) === true && currentNotifications.state === "omitted") {
    return [
      {
        key: "currentNotifications",
        problem:
          "is required for an existing bucket: a bucket has one notification configuration, and this one would replace the owner's entries",
        allowed: "the entries that the bucket has today; {} if it has none",
        remedy:
          'List what "aws s3api get-bucket-notification-configuration --bucket <bucket>" shows, or let the trail notify the topic instead.',
      },
    ];
  }
  if (given(bucketExists) === false && given(currentNotifications) !== undefined) {
    return [
      {
        key: "currentNotifications",
        problem: "is not possible for a new bucket, which has no notifications yet",
        remedy: "Omit it.",
      },
    ];
  }
  return [];
};
