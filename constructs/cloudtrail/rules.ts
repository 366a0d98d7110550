import { matching, type Rule, wholeNumber } from "../rule.js";

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html */
export const TRAIL_NAME: Rule<string> = matching(
  /^(?=.{3,128}$)(?!\d+\.\d+\.\d+\.\d+$)[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/,
  "a trail name: 3 to 128 letters, digits, and single . _ - between them",
  "Choose another name.",
);

/** @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const TOPIC_NAME: Rule<string> = matching(
  /^[A-Za-z0-9_-]{1,256}$/,
  "a topic name: 1 to 256 letters, digits, _ and -",
  "Choose another name; CloudTrail cannot publish to FIFO topics.",
);

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
export const ALIAS_NAME: Rule<string> = matching(
  /^(?!alias\/|aws\/)[A-Za-z0-9/_-]{1,250}$/,
  'an alias name without "alias/": letters, digits, / _ -, not beginning with "aws/"',
  'Leave "alias/" out; it is added.',
);

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html */
export const KEY_PREFIX: Rule<string> = matching(
  /^(?!\/)[\w!.*'()/-]{1,200}(?<!\/)$/,
  "a prefix of at most 200 characters that neither begins nor ends with /",
  'Give the part before "/AWSLogs/", or leave it out.',
);

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
export const ORGANIZATION_ID: Rule<string> = matching(
  /^o-[a-z0-9]{10,32}$/,
  'an organization ID such as "o-a1b2c3d4e5"',
  "`aws organizations describe-organization` shows it.",
);

export const TRAIL_ARN: Rule<string> = matching(
  /^arn:[\w-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail\/.+$/,
  'a trail ARN such as "arn:aws:cloudtrail:eu-west-1:111111111111:trail/name"',
  "Compose it with trailArn(); an organization trail carries the management account.",
);

export const BUCKET_ARN: Rule<string> = matching(
  /^arn:[\w-]+:s3:::[^/*]+$/,
  'a bucket ARN such as "arn:aws:s3:::bucket"',
  "Give the bucket alone, without a path.",
);

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html */
export const TOPIC_NAME_OR_ARN: Rule<string> = matching(
  /^(arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:)?[A-Za-z0-9_-]{1,256}$/,
  'a topic ARN such as "arn:aws:sns:eu-west-1:111111111111:topic", or the name of a topic beside the trail',
  "Use the ARN when the topic lies in another account or region.",
);

export const TOPIC_ARN: Rule<string> = matching(
  /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  'a topic ARN such as "arn:aws:sns:eu-west-1:111111111111:topic"',
  "Copy the ARN of the topic, not of a subscription; FIFO topics take no log notifications.",
);

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
export const SUBSCRIPTION_PROTOCOL: Rule<string> = matching(
  /^(http|https|email|email-json|sms|sqs|application|lambda|firehose)$/,
  "a protocol of SNS: http, https, email, email-json, sms, sqs, application, lambda or firehose",
  "Write it as SNS does, in lower case.",
);

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const SESSION_SECONDS: Rule<number> = wholeNumber(
  3600,
  43200,
  "seconds",
  "AWS allows sessions from one hour to twelve.",
);

export const DAYS: Rule<number> = wholeNumber(1, 36500, "days", "Leave it out for the default.");

export const LOCK_DAYS: Rule<number> = wholeNumber(
  1,
  36500,
  "days",
  "S3 locks objects for at most 100 years.",
);

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const LOG_GROUP_NAME: Rule<string> = matching(
  /^(?!aws\/)[A-Za-z0-9._/#-]{1,512}$/,
  'a log group name: 1 to 512 letters, digits and . _ / # -, not beginning with "aws/"',
  "Choose another name.",
);

export const LOG_GROUP_ARN: Rule<string> = matching(
  /^arn:[\w-]+:logs:[a-z0-9-]+:\d{12}:log-group:[A-Za-z0-9._/#-]{1,512}$/,
  'a log group ARN such as "arn:aws:logs:eu-west-1:111111111111:log-group:name"',
  'Leave ":*" out; it is added.',
);

/** S3 allows 255 characters; the account and a hyphen follow. */
export const NOTIFICATION_ID: Rule<string> = matching(
  /^[\w-]{1,64}$/,
  "an id of 1 to 64 letters, digits, _ and -",
  "Choose another one.",
);
