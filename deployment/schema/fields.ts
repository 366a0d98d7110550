import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { AWS_PROVIDER_RANGE } from "../../facts/aws-provider.js";
import * as patterns from "../../facts/patterns.js";
import { REGIONS } from "../../facts/regions.js";

/**
 * What a person is told when the value of a field is wrong. The pattern of a field serves the machine
 * (validation and JSON Schema), this serves the reader of the error.
 */
export interface FieldGuide {
  /** What is allowed, as a phrase. */
  readonly allowed: string;
  /** What to do about it; a function where the wrong value itself says what was meant. */
  readonly remedy: string | ((value: string) => string);
}

/** Guides by schema: clones made by `.describe()` and `.meta()` inherit the guide of their original. */
export const fieldGuides = z.registry<FieldGuide>();

function text(regex: RegExp, guide: FieldGuide) {
  return z.string().regex(regex).register(fieldGuides, guide);
}

/**
 * A text that the constructs ask for, too.
 *
 * @param note what this field adds to the form.
 */
function shared({ regex, form }: patterns.Pattern, remedy: FieldGuide["remedy"], note = "") {
  return text(regex, { allowed: `${form}${note}`, remedy });
}

/** Digits alone are a number to YAML. */
const QUOTED = " in quotes";

export const deploymentName = text(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, {
  allowed: "3 to 40 lower-case letters, digits and hyphens, beginning with a letter",
  remedy: "Choose a short name such as vectra-cdr: every resource's name begins with it.",
});

export const accountId = shared(
  patterns.ACCOUNT_ID,
  'Copy it from the AWS console (top right) or from "aws organizations list-accounts".',
  QUOTED,
);

const REGION_CODES = Object.keys(REGIONS);

export const region = z.enum(REGION_CODES).register(fieldGuides, {
  allowed: "a region code such as eu-west-1",
  remedy: (value) =>
    value === ""
      ? "Name the home region of trail, bucket, key and topic."
      : `Did you mean ${closest(value.toLowerCase(), REGION_CODES)}?`,
});

export const organizationId = shared(
  patterns.ORGANIZATION_ID,
  'Read it with "aws organizations describe-organization" (Organization.Id).',
);

export const externalId = shared(
  patterns.EXTERNAL_ID,
  "Copy it as it stands from where it was made.",
  QUOTED,
);

export const vectraExternalId = shared(
  patterns.EXTERNAL_ID,
  "Copy it unaltered from the Vectra UI, where it is shown while the AWS connection is created.",
  QUOTED,
);

export const vectraAccountId = shared(
  patterns.ACCOUNT_ID,
  "Copy it from the Vectra UI, where it is shown while the AWS connection is created.",
  QUOTED,
);

export const lakeExternalId = shared(
  patterns.LAKE_EXTERNAL_ID,
  'Make a random one, for example with "openssl rand -hex 16".',
  QUOTED,
);

/** Of a source that was made elsewhere: whatever Security Lake accepted. */
export const existingLakeExternalId = shared(
  patterns.EXTERNAL_ID,
  'Read it with "aws iam get-role --role-name AmazonSecurityLake-Provider-<source>-<region>": it is the sts:ExternalId of the trust policy.',
  QUOTED,
);

export const lakeLocation = shared(
  patterns.LAKE_LOCATION,
  'Copy provider.location from "aws securitylake list-log-sources".',
);

export const roleArn = shared(patterns.ROLE_ARN, 'Read it with "aws iam get-role --role-name <name>".');

export const sessionName = text(/^[\w+=,.@-]{2,64}$/, {
  allowed: "2 to 64 letters, digits and +=,.@-_",
  remedy: "Shorten it or leave it out: the default is the deployment's name.",
});

export const policyArn = shared(patterns.POLICY_ARN, 'Read it with "aws iam list-policies --scope Local".');

export const kmsKeyId = text(
  /^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[\w/-]+|alias\/[\w/-]+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32})$/,
  {
    allowed: "a key ARN, a key id or alias/<name>",
    remedy: 'Read it with "aws kms list-aliases".',
  },
);

export const keyArn = shared(
  patterns.KEY_ARN,
  'Read it with "aws kms describe-key --key-id alias/<name>" (Arn): CloudTrail knows no alias.',
);

export const trailArn = shared(
  patterns.TRAIL_ARN,
  'Read it with "aws cloudtrail describe-trails" (TrailARN).',
);

export const topicArn = shared(patterns.TOPIC_ARN, 'Read it with "aws sns list-topics".');

export const queueArn = text(/^arn:aws(?:-[a-z]+)*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/, {
  allowed: "arn:aws:sqs:<region>:<12 digits>:<queue name> of a standard queue",
  remedy: 'Copy QueueArn from "aws s3api get-bucket-notification-configuration".',
});

export const functionArn = text(
  /^arn:aws(?:-[a-z]+)*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(?::[\w$-]{1,128})?$/,
  {
    allowed: "arn:aws:lambda:<region>:<12 digits>:function:<name>",
    remedy: 'Copy LambdaFunctionArn from "aws s3api get-bucket-notification-configuration".',
  },
);

export const principalArn = shared(
  patterns.PRINCIPAL_ARN,
  "Ask Vectra for it, or leave it out: the account and the External ID are enough.",
  ", in Vectra's account",
);

export const secretArn = shared(
  patterns.SECRET_ARN,
  'Read the whole ARN, its 6 last characters included, with "aws secretsmanager describe-secret".',
);

export const bucketName = shared(
  patterns.BUCKET_NAME,
  "Give the bare name: no s3://, no path, no upper case, no underscore.",
);

export const keyPrefix = shared(patterns.KEY_PREFIX, "Leave the slashes at the ends away: they are added.");

export const objectKeyPrefix = text(/^(?!\/)[\w !.*'()/-]{1,512}$/, {
  allowed: "up to 512 letters, digits, spaces and !-_.*'()/ without a slash at the beginning",
  remedy: "Give the beginning of the keys as they stand in the bucket, such as invoices/.",
});

/** Prefix or suffix of an S3 notification's filter: whatever the owner chose. */
export const objectKeyAffix = text(/^.{0,1024}$/, {
  allowed: "up to 1024 characters",
  remedy: 'Copy it from "aws s3api get-bucket-notification-configuration".',
});

export const notificationId = text(/^.{1,255}$/, {
  allowed: "1 to 255 characters",
  remedy: 'Copy Id from "aws s3api get-bucket-notification-configuration".',
});

export const logGroupName = shared(patterns.LOG_GROUP_NAME, "Correct it or leave it out for the default.");

export const securityGroupId = shared(
  patterns.SECURITY_GROUP_ID,
  'Read it with "aws ec2 describe-security-groups".',
);

export const subnetId = shared(patterns.SUBNET_ID, 'Read it with "aws ec2 describe-subnets".');

export const trailName = shared(
  patterns.TRAIL_NAME,
  "Correct it or leave it out: the default is the deployment's name.",
);

export const topicName = shared(patterns.TOPIC_NAME, "Correct it or leave it out for the default.");

export const roleName = shared(patterns.ROLE_NAME, "Give the bare name; a path goes into the field path.");

export const rolePath = shared(patterns.ROLE_PATH, "Add the slashes and remove wildcards, or omit it for /.");

export const sourceName = shared(
  patterns.SOURCE_NAME,
  "Shorten it. It becomes the folder ext/<name>/ of the lake and cannot be changed later.",
);

export const tenantName = shared(
  patterns.TENANT_NAME,
  "Choose a short name of your own: schedule, secret, metrics and object keys carry it.",
);

export const tenantUrl = shared(patterns.TENANT_URL, (value) =>
  value.startsWith("http://")
    ? "Write https://: the API client's secret would cross the network in clear text."
    : "Copy the address of the Vectra UI up to the host name, in lower case.",
);

export const workgroupName = shared(
  patterns.WORKGROUP_NAME,
  "Leave it out for primary, which every account has.",
);

export const glueTableName = shared(
  patterns.GLUE_NAME,
  'Give the table\'s name alone, as Athena lists it or "aws glue get-tables --database-name <database>".',
);

export const glueDatabaseName = shared(
  patterns.GLUE_NAME,
  "Give the database's name alone, as Athena lists it, such as amazon_security_lake_glue_db_eu_west_1.",
);

export const tagKey = text(/^(?!aws:)[\w .:/=+@-]{1,128}$/, {
  allowed: 'up to 128 letters (a-z, A-Z), digits, spaces and _.:/=+@-, not beginning with "aws:"',
  remedy: "Rename the tag.",
});

export const tagValue = text(/^[\w .:/=+@-]{0,256}$/, {
  allowed: "up to 256 letters (a-z, A-Z), digits, spaces and _.:/=+@-",
  remedy: "Shorten it or leave out other characters.",
});

/** One version: whether it is in the range is a constraint of its own. */
export const awsProviderVersion = text(/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/, {
  allowed: `one version, ${AWS_PROVIDER_RANGE}, such as 6.31.0`,
  remedy: "Name one version, or omit it for any in that range.",
});
