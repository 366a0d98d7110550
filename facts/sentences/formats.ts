import * as patterns from "../patterns.js";

/** What people read about a text that must have a form of `patterns.ts`. */
interface FormatSentences {
  /** With its article; completes "must be …", and the form follows. */
  readonly noun: string;
  /** One or more whole sentences: where the right value comes from, or how to correct it. */
  readonly remedy: string;
}

type FormatName = keyof typeof patterns;

/** Of what Vectra generates. */
export const FROM_VECTRA_UI =
  "Copy it exactly from the Vectra UI, which shows it while you create the AWS connection.";

/** Sentences for every pattern, under its name. */
const FORMATS: Readonly<Record<FormatName, FormatSentences>> = {
  ACCOUNT_ID: {
    noun: "an AWS account ID",
    remedy: 'Copy it from the AWS console (top right) or from "aws organizations list-accounts".',
  },
  ORGANIZATION_ID: {
    noun: "an organization ID",
    remedy: 'Read it with "aws organizations describe-organization" (Organization.Id).',
  },
  EXTERNAL_ID: { noun: "an External ID", remedy: "Copy it exactly from where it was generated." },
  LAKE_EXTERNAL_ID: {
    noun: "an External ID",
    remedy: 'Generate a random one, for example with "openssl rand -hex 16".',
  },
  ROLE_NAME: {
    noun: "a role name",
    remedy: "Use the name without its path, which is a separate option.",
  },
  ROLE_PATH: {
    noun: "a path",
    remedy: "Add the missing slash and remove wildcards.",
  },
  ROLE_ARN: {
    noun: "a role ARN",
    remedy: 'Read it with "aws iam get-role --role-name <name>"; it is not the ARN of a policy or session.',
  },
  PRINCIPAL_ARN: {
    noun: "the ARN of a role or user",
    remedy: "Ask Vectra for it, or omit it: the account and the External ID are enough.",
  },
  POLICY_ARN: {
    noun: "a managed policy ARN",
    remedy: 'Read it with "aws iam list-policies --scope Local".',
  },
  KEY_ARN: {
    noun: "a key ARN",
    remedy:
      'Read the ARN of the key, not of its alias, with "aws kms describe-key --key-id alias/<name>" (Arn).',
  },
  BUCKET_NAME: {
    noun: "a bucket name",
    remedy: "Use the bare name: no s3://, no path, no upper case, no underscore.",
  },
  KEY_PREFIX: { noun: "a prefix", remedy: "Omit leading and trailing slashes; they are added for you." },
  TRAIL_NAME: { noun: "a trail name", remedy: "Choose another name, or omit it for the default." },
  TRAIL_ARN: {
    noun: "a trail ARN",
    remedy:
      'Read it with "aws cloudtrail describe-trails" (TrailARN); that of an organization trail names the management account.',
  },
  TOPIC_NAME: {
    noun: "a topic name",
    remedy: "Choose another name, or omit it for the default; CloudTrail cannot publish to FIFO topics.",
  },
  TOPIC_ARN: {
    noun: "a topic ARN",
    remedy:
      'Read it with "aws sns list-topics"; it is not the ARN of a subscription, and FIFO topics are not supported.',
  },
  LOG_GROUP_NAME: {
    noun: "a log group name",
    remedy: "Choose another name, or omit it for the default.",
  },
  SECURITY_GROUP_ID: {
    noun: "a security group ID",
    remedy: 'Read the group\'s ID, not its name, with "aws ec2 describe-security-groups".',
  },
  SUBNET_ID: {
    noun: "a subnet ID",
    remedy: 'Read the subnet\'s ID, not its name, with "aws ec2 describe-subnets".',
  },
  SECRET_ARN: {
    noun: "a secret ARN",
    remedy: 'Read the whole ARN, including its last 6 characters, with "aws secretsmanager describe-secret".',
  },
  SOURCE_NAME: {
    noun: "a source name",
    remedy: "Shorten it. It becomes the folder ext/<name>/ of the lake and cannot be changed later.",
  },
  LAKE_LOCATION: {
    noun: "the location of a custom source",
    remedy: 'Copy provider.location from "aws securitylake list-log-sources".',
  },
  TENANT_NAME: {
    noun: "a tenant name",
    remedy:
      "Choose a short name that stays: checkpoint, schedule, secret, metrics and object keys are named after it.",
  },
  TENANT_URL: {
    noun: "the https origin of a tenant",
    remedy: "Copy the address of the Vectra UI up to the host name, in lower case.",
  },
  WORKGROUP_NAME: {
    noun: "the name of an Athena workgroup",
    remedy: "Copy it from the Athena console.",
  },
  GLUE_NAME: {
    noun: "a name in the Glue catalog",
    remedy:
      'Copy it from Athena, or read it with "aws glue get-tables --database-name <database>": the name alone, without the database.',
  },
  PARTITION: { noun: "an AWS partition", remedy: "Omit it for commercial regions." },
  REGION: {
    noun: "an AWS region",
    remedy: "Use the region's code, not its name and not an availability zone.",
  },
  ALIAS_NAME: { noun: "an alias name", remedy: 'Omit "alias/"; it is added for you.' },
  BUCKET_ARN: { noun: "a bucket ARN", remedy: "Use the ARN of the bucket alone, without a path." },
  TOPIC_NAME_OR_ARN: {
    noun: "a topic ARN",
    remedy: "Use the ARN when the topic is in another account or region.",
  },
  LOG_GROUP_ARN: { noun: "a log group ARN", remedy: 'Omit ":*"; it is added for you.' },
  NOTIFICATION_ID: { noun: "a notification id", remedy: "Choose another one." },
  EXPORTER_NAME: {
    noun: "an exporter name",
    remedy:
      "Shorten it: roles, queue and table add their own endings, and a role name has at most 64 characters.",
  },
  SCHEDULE_EXPRESSION: {
    noun: "a schedule",
    remedy: "A cron expression has six fields, and a rate of one is singular.",
  },
  PREFIX_LIST_NAME: { noun: "a name", remedy: "Choose another name." },
  DEPLOYMENT_NAME: {
    noun: "a deployment name",
    remedy: "Choose a short name such as vectra-cdr: every resource's name begins with it.",
  },
  SESSION_NAME: {
    noun: "a session name",
    remedy: "Shorten it, or omit it for the deployment's name.",
  },
  KMS_KEY_ID: { noun: "a key", remedy: 'Read it with "aws kms list-aliases".' },
  QUEUE_ARN: {
    noun: "a queue ARN",
    remedy: 'Copy QueueArn from "aws s3api get-bucket-notification-configuration".',
  },
  FUNCTION_ARN: {
    noun: "a function ARN",
    remedy: 'Copy LambdaFunctionArn from "aws s3api get-bucket-notification-configuration".',
  },
  OBJECT_KEY_PREFIX: {
    noun: "a prefix of object keys",
    remedy: "Use the beginning of the keys exactly as in the bucket, such as invoices/.",
  },
  OBJECT_KEY_AFFIX: {
    noun: "a filter value",
    remedy: 'Copy it from "aws s3api get-bucket-notification-configuration".',
  },
  EXISTING_NOTIFICATION_ID: {
    noun: "a notification id",
    remedy: 'Copy Id from "aws s3api get-bucket-notification-configuration".',
  },
  TAG_KEY: { noun: "a tag key", remedy: "Rename the tag." },
  TAG_VALUE: { noun: "a tag value", remedy: "Shorten it, or remove other characters." },
  AWS_PROVIDER_VERSION: {
    noun: "a version",
    remedy: "Name one version, or omit it for any in that range.",
  },
};

const BY_PATTERN = new Map<patterns.Pattern, FormatSentences>(
  Object.entries(patterns).map(([name, pattern]) => [pattern, FORMATS[name as FormatName]]),
);

/** The sentences of a pattern's format. */
export function formatOf(pattern: patterns.Pattern): FormatSentences {
  const sentences = BY_PATTERN.get(pattern);
  if (sentences === undefined) {
    throw new Error(`The form "${pattern.form}" is not one of facts/patterns.ts`);
  }
  return sentences;
}
