import { regionOfArn } from "../arn.js";
import { type Check, given } from "./check.js";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html */
export const s3TopicRegion: Check<{ topicArn: string; bucketRegion: string }> = (values) => {
  const actual = regionOfArn(given(values.topicArn));
  const region = given(values.bucketRegion);
  if (actual === undefined || region === undefined || actual === region) {
    return [];
  }
  return [
    {
      key: "topicArn",
      problem: `the topic is in ${actual}, but the bucket is in ${region}, and S3 publishes only to topics in the bucket's region`,
      allowed: `a topic in ${region}`,
      remedy: `Use or create a topic in ${region}.`,
    },
  ];
};
