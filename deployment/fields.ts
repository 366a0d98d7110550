import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { REGIONS } from "./regions.js";

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

function text(pattern: RegExp, guide: FieldGuide) {
  return z.string().regex(pattern).register(fieldGuides, guide);
}

export const deploymentName = text(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, {
  allowed: "3 to 40 lower-case letters, digits and hyphens, beginning with a letter",
  remedy: "Choose a short name such as vectra-cdr: every resource's name begins with it.",
});

export const accountId = text(/^\d{12}$/, {
  allowed: "12 digits in quotes",
  remedy: 'Copy it from the AWS console (top right) or from "aws organizations list-accounts".',
});

const REGION_CODES = Object.keys(REGIONS);

export const region = z.enum(REGION_CODES).register(fieldGuides, {
  allowed: "a region code such as eu-west-1",
  remedy: (value) =>
    value === ""
      ? "Name the region that the logs are to stay in."
      : `Did you mean ${closest(value.toLowerCase(), REGION_CODES)}?`,
});

export const organizationId = text(/^o-[a-z0-9]{10,32}$/, {
  allowed: '"o-" and 10 to 32 lower-case letters and digits',
  remedy: 'Read it with "aws organizations describe-organization" (Organization.Id).',
});

const externalIdGuide = {
  allowed: "2 to 1224 letters, digits and =,.@:/-+_ without spaces, in quotes",
  remedy: "Copy it as it stands from where it was made.",
} satisfies FieldGuide;

export const externalId = text(/^[\w+=,.@:/-]{2,1224}$/, externalIdGuide);

export const vectraExternalId = text(/^[\w+=,.@:/-]{2,1224}$/, {
  ...externalIdGuide,
  remedy: "Copy it unaltered from the Vectra UI, where it is shown while the AWS connection is created.",
});

export const vectraAccountId = text(/^\d{12}$/, {
  allowed: "12 digits in quotes",
  remedy: "Copy it from the Vectra UI, where it is shown while the AWS connection is created.",
});

export const lakeExternalId = text(/^[\w+=,.@:/-]{16,1224}$/, {
  allowed: "at least 16 letters, digits and =,.@:/-+_ in quotes",
  remedy: 'Make a random one, for example with "openssl rand -hex 16".',
});

export const roleArn = text(
  /^arn:aws(?:-us-gov|-cn)?:iam::\d{12}:role\/(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/,
  {
    allowed: "arn:aws:iam::<12 digits>:role/<name>",
    remedy: 'Read it with "aws iam get-role --role-name <name>".',
  },
);

export const sessionName = text(/^[\w+=,.@-]{2,64}$/, {
  allowed: "2 to 64 letters, digits and +=,.@-_",
  remedy: "Shorten it or leave it out: the default is the deployment's name.",
});

export const policyArn = text(/^arn:aws(?:-us-gov|-cn)?:iam::(?:\d{12}|aws):policy\/[\x21-\x7e]+$/, {
  allowed: "arn:aws:iam::<12 digits>:policy/<name>",
  remedy: 'Read it with "aws iam list-policies --scope Local".',
});

export const kmsKeyId = text(
  /^(?:arn:aws(?:-us-gov|-cn)?:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[\w/-]+|alias\/[\w/-]+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32})$/,
  {
    allowed: "a key ARN, a key id or alias/<name>",
    remedy: 'Read it with "aws kms list-aliases".',
  },
);

export const keyArn = text(/^arn:aws(?:-us-gov|-cn)?:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, {
  allowed: "arn:aws:kms:<region>:<12 digits>:key/<id>",
  remedy: 'Read it with "aws kms describe-key --key-id alias/<name>" (Arn): CloudTrail knows no alias.',
});

export const trailArn = text(
  /^arn:aws(?:-us-gov|-cn)?:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/,
  {
    allowed: "arn:aws:cloudtrail:<home region>:<12 digits>:trail/<name>",
    remedy: 'Read it with "aws cloudtrail describe-trails" (TrailARN).',
  },
);

export const topicArn = text(/^arn:aws(?:-us-gov|-cn)?:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, {
  allowed: "arn:aws:sns:<region>:<12 digits>:<topic name> of a standard topic",
  remedy: 'Read it with "aws sns list-topics".',
});

export const queueArn = text(/^arn:aws(?:-us-gov|-cn)?:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/, {
  allowed: "arn:aws:sqs:<region>:<12 digits>:<queue name> of a standard queue",
  remedy: 'Copy QueueArn from "aws s3api get-bucket-notification-configuration".',
});

export const functionArn = text(
  /^arn:aws(?:-us-gov|-cn)?:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(?::[\w$-]{1,128})?$/,
  {
    allowed: "arn:aws:lambda:<region>:<12 digits>:function:<name>",
    remedy: 'Copy LambdaFunctionArn from "aws s3api get-bucket-notification-configuration".',
  },
);

export const principalArn = text(
  /^arn:aws(?:-us-gov|-cn)?:iam::\d{12}:(?:role|user)\/(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/,
  {
    allowed: "arn:aws:iam::<12 digits>:role/<name> or …:user/<name>, in Vectra's account",
    remedy: "Ask Vectra for it, or leave it out: the account and the External ID are enough.",
  },
);

export const secretArn = text(
  /^arn:aws(?:-us-gov|-cn)?:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-\w{6}$/,
  {
    allowed: "arn:aws:secretsmanager:<region>:<12 digits>:secret:<name>-<6 characters>",
    remedy: 'Read the whole ARN, its 6 last characters included, with "aws secretsmanager describe-secret".',
  },
);

// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, general purpose buckets.
export const bucketName = text(
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  {
    allowed:
      "3 to 63 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit",
    remedy: "Give the bare name: no s3://, no path, no upper case, no underscore.",
  },
);

export const keyPrefix = text(/^(?!\/)(?!.*\/$)(?!.*\/\/)(?!AWSLogs(?:\/|$))[\w!.*'()/-]{1,200}$/, {
  allowed: "up to 200 letters, digits and !-_.*'()/ without a slash at either end, not AWSLogs",
  remedy: "Leave the slashes at the ends away: they are added.",
});

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

// CloudWatch Logs API, CreateLogGroup.logGroupName.
export const logGroupName = text(/^(?!aws\/)[\w.#/-]{1,512}$/, {
  allowed: 'up to 512 letters, digits and _-/.#, not beginning with "aws/"',
  remedy: "Correct it or leave it out for the default.",
});

export const securityGroupId = text(/^sg-[0-9a-f]{8,17}$/, {
  allowed: '"sg-" and 8 to 17 hexadecimal digits',
  remedy: 'Read it with "aws ec2 describe-security-groups".',
});

export const subnetId = text(/^subnet-[0-9a-f]{8,17}$/, {
  allowed: '"subnet-" and 8 to 17 hexadecimal digits',
  remedy: 'Read it with "aws ec2 describe-subnets".',
});

export const trailName = text(/^(?!\d+\.\d+\.\d+\.\d+$)(?!.*[._-]{2})[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/, {
  allowed: "3 to 128 letters, digits and single ._- between them",
  remedy: "Correct it or leave it out: the default is the deployment's name.",
});

export const topicName = text(/^[\w-]{1,256}$/, {
  allowed: "1 to 256 letters, digits, hyphens and underscores; no FIFO topic",
  remedy: "Correct it or leave it out for the default.",
});

export const roleName = text(/^[\w+=,.@-]{1,64}$/, {
  allowed: "1 to 64 letters, digits and +=,.@-_",
  remedy: "Give the bare name; a path goes into the field path.",
});

export const rolePath = text(/^\/(?:[\x21-\x2e\x30-\x7e]{1,128}\/){0,4}$/, {
  allowed: "a path of up to 4 folders with a slash at both ends, such as /security/",
  remedy: "Add the slashes or leave it out for /.",
});

// SecurityLake API model, CreateCustomLogSource.sourceName.
export const sourceName = text(/^[\w\-:.]{1,20}$/, {
  allowed: "1 to 20 letters, digits and :._-",
  remedy: "Shorten it. It becomes the folder ext/<name>/ of the lake and cannot be changed later.",
});

export const tenantName = text(/^[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?$/, {
  allowed: "1 to 24 lower-case letters, digits and hyphens, beginning with a letter",
  remedy: "Choose a short name of your own: schedule, secret, metrics and object keys carry it.",
});

/** An origin. http is for loopback hosts only: the simulated tenant of the rehearsal and the tests. */
export const tenantUrl = text(
  /^(?:https:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]))(?::[1-9]\d{3,4})?\/?$/,
  {
    allowed: "https://<tenant>.<region>.portal.vectra.ai without path, user or query",
    remedy: (value) =>
      value.startsWith("http://")
        ? "Write https://: the API client's secret would cross the network in clear text."
        : "Copy the address of the Vectra UI up to the host name, in lower case.",
  },
);

export const tagKey = text(/^(?!aws:)[\w .:/=+@-]{1,128}$/, {
  allowed: 'up to 128 letters (a-z, A-Z), digits, spaces and _.:/=+@-, not beginning with "aws:"',
  remedy: "Rename the tag.",
});

export const tagValue = text(/^[\w .:/=+@-]{0,256}$/, {
  allowed: "up to 256 letters (a-z, A-Z), digits, spaces and _.:/=+@-",
  remedy: "Shorten it or leave out other characters.",
});
