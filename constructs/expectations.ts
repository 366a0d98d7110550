import * as patterns from "../facts/patterns.js";
import { type Expectation, following, matching } from "./expectation.js";

export const ACCOUNT_ID: Expectation<string> = following(
  patterns.ACCOUNT_ID,
  "an AWS account ID",
  "Copy it from the account it names, leading zeros included, and write it in quotes.",
);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const PARTITION: Expectation<string> = matching(
  /^aws(-[a-z]+)*$/,
  'an AWS partition such as "aws", "aws-cn" or "aws-us-gov"',
  "Leave it out for commercial regions.",
);

/** @see https://docs.aws.amazon.com/general/latest/gr/rande.html */
export const REGION: Expectation<string> = matching(
  /^[a-z]{2,}(-[a-z]+)+-\d+$/,
  'an AWS region such as "eu-west-1"',
  "Give the region's code, not its name and not an availability zone.",
);

export const BUCKET_NAME: Expectation<string> = following(
  patterns.BUCKET_NAME,
  "a bucket name",
  "Choose another name; bucket names are unique in the whole partition.",
);

export const KEY_ARN: Expectation<string> = following(
  patterns.KEY_ARN,
  "a key ARN",
  "Give the ARN of the key itself, not of its alias.",
);

export const SECURITY_GROUP_ID: Expectation<string> = following(
  patterns.SECURITY_GROUP_ID,
  "a security group ID",
  "Give the group's ID, not its name.",
);

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const LOG_RETENTION: Expectation<number> = {
  accepts: (value) => RETENTION_DAYS.includes(value),
  allowed: `one of CloudWatch's retentions in days (${RETENTION_DAYS.join(", ")})`,
  remedy: "Choose the next one up.",
};
