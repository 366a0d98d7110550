import * as patterns from "../../facts/patterns.js";
import { type Expectation, following, matching, wholeNumber } from "../expectation.js";

export const TRAIL_NAME: Expectation<string> = following(
  patterns.TRAIL_NAME,
  "a trail name",
  "Choose another name.",
);

export const TOPIC_NAME: Expectation<string> = following(
  patterns.TOPIC_NAME,
  "a topic name",
  "Choose another name; CloudTrail cannot publish to FIFO topics.",
);

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
export const ALIAS_NAME: Expectation<string> = matching(
  /^(?!alias\/|aws\/)[A-Za-z0-9/_-]{1,250}$/,
  'an alias name without "alias/": letters, digits, / _ -, not beginning with "aws/"',
  'Leave "alias/" out; it is added.',
);

export const KEY_PREFIX: Expectation<string> = following(
  patterns.KEY_PREFIX,
  "a prefix",
  'Give the part before "/AWSLogs/", or leave it out.',
);

export const ORGANIZATION_ID: Expectation<string> = following(
  patterns.ORGANIZATION_ID,
  "an organization ID",
  "`aws organizations describe-organization` shows it.",
);

export const TRAIL_ARN: Expectation<string> = following(
  patterns.TRAIL_ARN,
  "a trail ARN",
  "An organization trail's ARN holds the management account.",
);

export const BUCKET_ARN: Expectation<string> = matching(
  /^arn:[\w-]+:s3:::[^/*?]+$/,
  'a bucket ARN such as "arn:aws:s3:::bucket"',
  "Give the bucket alone, without a path.",
);

export const TOPIC_ARN: Expectation<string> = following(
  patterns.TOPIC_ARN,
  "a topic ARN",
  "Copy the ARN of the topic, not of a subscription; FIFO topics take no log notifications.",
);

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
export const SUBSCRIPTION_PROTOCOL: Expectation<string> = matching(
  /^(http|https|email|email-json|sms|sqs|application|lambda|firehose)$/,
  "a protocol of SNS: http, https, email, email-json, sms, sqs, application, lambda or firehose",
  "Write it as SNS does, in lower case.",
);

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const SESSION_SECONDS: Expectation<number> = wholeNumber(
  3600,
  43200,
  "seconds",
  "AWS allows sessions from one hour to twelve.",
);

export const DAYS: Expectation<number> = wholeNumber(1, 36500, "days", "Leave it out for the default.");

export const LOCK_DAYS: Expectation<number> = wholeNumber(
  1,
  36500,
  "days",
  "S3 locks objects for at most 100 years.",
);

export const LOG_GROUP_NAME: Expectation<string> = following(
  patterns.LOG_GROUP_NAME,
  "a log group name",
  "Choose another name.",
);

export const LOG_GROUP_ARN: Expectation<string> = matching(
  /^arn:[\w-]+:logs:[a-z0-9-]+:\d{12}:log-group:[A-Za-z0-9._/#-]{1,512}$/,
  'a log group ARN such as "arn:aws:logs:eu-west-1:111111111111:log-group:name"',
  'Leave ":*" out; it is added.',
);

/** S3 allows 255 characters; the account and a hyphen follow. */
export const NOTIFICATION_ID: Expectation<string> = matching(
  /^[\w-]{1,64}$/,
  "an id of 1 to 64 letters, digits, _ and -",
  "Choose another one.",
);
