import { matching, type Rule } from "./rule.js";

/** @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
export const ACCOUNT_ID: Rule<string> = matching(
  /^\d{12}$/,
  "an AWS account ID, exactly 12 digits",
  "Copy it from the account it names, leading zeros included, and write it in quotes.",
);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const PARTITION: Rule<string> = matching(
  /^aws(-[a-z]+)*$/,
  'an AWS partition such as "aws", "aws-cn" or "aws-us-gov"',
  "Leave it out for commercial regions.",
);

/** @see https://docs.aws.amazon.com/general/latest/gr/rande.html */
export const REGION: Rule<string> = matching(
  /^[a-z]{2,}(-[a-z]+)+-\d+$/,
  'an AWS region such as "eu-west-1"',
  "Give the region's code, not its name and not an availability zone.",
);

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BUCKET_NAME: Rule<string> = {
  accepts: (name) =>
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|--x-s3|--table-s3|\.mrap)$/.test(name),
  allowed:
    "a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit",
  remedy: "Choose another name; bucket names are unique in the whole partition.",
};

/** CloudTrail reports the key ARN, whatever it was given: an alias would differ at every plan. */
export const KEY_ARN: Rule<string> = matching(
  /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/,
  'a key ARN such as "arn:aws:kms:eu-west-1:111111111111:key/..."',
  "Give the ARN of the key itself, not of its alias.",
);

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
export const SECURITY_GROUP_ID: Rule<string> = matching(
  /^sg-[0-9a-f]{8,17}$/,
  'a security group ID such as "sg-0123456789abcdef0"',
  "Give the group's ID, not its name.",
);

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const LOG_RETENTION: Rule<number> = {
  accepts: (value) => RETENTION_DAYS.includes(value),
  allowed: `one of CloudWatch's retentions in days (${RETENTION_DAYS.join(", ")})`,
  remedy: "Choose the next one up.",
};
