/**
 * The forms of the texts that constructs, deployment file, function and command line accept. `sentences/formats.ts` has a
 * noun and a remedy for each, under the same name.
 *
 * ARNs may be of any partition: that all of a deployment's are of one is a check over several values.
 */

/**
 * A pattern with the characters of a path in IAM in the place of `PATH`. IAM itself takes `*`, `?` and `$` there, too, and
 * in a policy they would be patterns and variables: the name of one role would stand for many.
 *
 * A call with a literal alone, marked as pure, is left out of a bundle that does not need the pattern.
 */
function withPath(source: string): RegExp {
  return new RegExp(source.replaceAll("PATH", "\\x21-\\x23\\x25-\\x29\\x2b-\\x2e\\x30-\\x3e\\x40-\\x7e"));
}

/** The form of a text: for the machine, and for the reader of an error. */
export interface Pattern {
  readonly regex: RegExp;
  readonly form: string;
}

/** @see https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html */
export const ACCOUNT_ID: Pattern = { regex: /^\d{12}$/, form: "12 digits" };

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
export const ORGANIZATION_ID: Pattern = {
  regex: /^o-[a-z0-9]{10,32}$/,
  form: '"o-" and 10 to 32 lower-case letters and digits',
};

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const EXTERNAL_ID: Pattern = {
  regex: /^[\w+=,.@:/-]{2,1224}$/,
  form: "2 to 1224 letters, digits and =,.@:/-+_",
};

/** Security Lake itself accepts two characters. */
export const LAKE_EXTERNAL_ID: Pattern = {
  regex: /^[\w+=,.@:/-]{16,1224}$/,
  form: "16 to 1224 letters, digits and =,.@:/-+_",
};

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const ROLE_NAME: Pattern = {
  regex: /^[\w+=,.@-]{1,64}$/,
  form: "1 to 64 letters, digits and +=,.@-_",
};

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const ROLE_PATH: Pattern = {
  regex: /* @__PURE__ */ withPath("^(?=.{1,512}$)/(?:[PATH]+/)*$"),
  form: "up to 512 characters with a slash at both ends, such as /security/, without * ? $",
};

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const ROLE_ARN: Pattern = {
  regex: /* @__PURE__ */ withPath("^arn:aws(?:-[a-z]+)*:iam::\\d{12}:role/(?:[PATH]+/)*[\\w+=,.@-]{1,64}$"),
  form: "arn:aws:iam::<12 digits>:role/<name>, one role without wildcards",
};

export const PRINCIPAL_ARN: Pattern = {
  regex: /* @__PURE__ */ withPath(
    "^arn:aws(?:-[a-z]+)*:iam::\\d{12}:(?:role|user)/(?:[PATH]+/)*[\\w+=,.@-]{1,64}$",
  ),
  form: "arn:aws:iam::<12 digits>:role/<name> or …:user/<name>",
};

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
export const POLICY_ARN: Pattern = {
  regex: /* @__PURE__ */ withPath(
    "^arn:aws(?:-[a-z]+)*:iam::(?:\\d{12}|aws):policy/(?:[PATH]+/)*[\\w+=,.@-]{1,128}$",
  ),
  form: "arn:aws:iam::<12 digits>:policy/<name>",
};

/** The key itself: CloudTrail reports the ARN of the key even for an alias, so an alias would differ at every plan. */
export const KEY_ARN: Pattern = {
  regex: /^arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
  form: "arn:aws:kms:<region>:<12 digits>:key/<id>",
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BUCKET_NAME: Pattern = {
  regex:
    /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  form: "3 to 63 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit",
};

/** The part before `AWSLogs/` in the keys of log files. */
export const KEY_PREFIX: Pattern = {
  regex: /^(?!\/)(?!.*\/$)(?!.*\/\/)(?!AWSLogs(?:\/|$))[\w!.*'()/-]{1,200}$/,
  form: "up to 200 letters, digits and !-_.*'()/ without a slash at either end, not AWSLogs",
};

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html */
export const TRAIL_NAME: Pattern = {
  regex: /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*[._-]{2})[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/,
  form: "3 to 128 letters, digits and single ._- between them",
};

export const TRAIL_ARN: Pattern = {
  regex: /^arn:aws(?:-[a-z]+)*:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[A-Za-z0-9][\w.-]{1,126}[A-Za-z0-9]$/,
  form: "arn:aws:cloudtrail:<home region>:<12 digits>:trail/<name>",
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const TOPIC_NAME: Pattern = {
  regex: /^[\w-]{1,256}$/,
  form: "1 to 256 letters, digits, hyphens and underscores; not a FIFO topic",
};

export const TOPIC_ARN: Pattern = {
  regex: /^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
  form: "arn:aws:sns:<region>:<12 digits>:<topic name> of a standard topic",
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const LOG_GROUP_NAME: Pattern = {
  regex: /^(?!aws\/)[\w.#/-]{1,512}$/,
  form: 'up to 512 letters, digits and _-/.#, not beginning with "aws/"',
};

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
export const SECURITY_GROUP_ID: Pattern = {
  regex: /^sg-[0-9a-f]{8,17}$/,
  form: '"sg-" and 8 to 17 hexadecimal digits',
};

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
export const SUBNET_ID: Pattern = {
  regex: /^subnet-[0-9a-f]{8,17}$/,
  form: '"subnet-" and 8 to 17 hexadecimal digits',
};

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html */
export const SECRET_ARN: Pattern = {
  regex: /^arn:aws(?:-[a-z]+)*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-\w{6}$/,
  form: "arn:aws:secretsmanager:<region>:<12 digits>:secret:<name>-<6 characters>",
};

/** @see https://docs.aws.amazon.com/security-lake/latest/APIReference/API_CreateCustomLogSource.html */
export const SOURCE_NAME: Pattern = {
  regex: /^[\w\-:.]{1,20}$/,
  form: "1 to 20 letters, digits and :._-",
};

/** Where a custom source's objects are, as Security Lake reports it. */
export const LAKE_LOCATION: Pattern = {
  regex: /^s3[an]?:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/ext\/[\w\-:.]{1,20}\/?$/,
  form: "s3://<lake bucket>/ext/<source>/",
};

export const TENANT_NAME: Pattern = {
  regex: /^[a-z][a-z0-9-]{0,30}$/,
  form: "1 to 31 lower-case letters, digits and hyphens, beginning with a letter",
};

/** An origin. http is for loopback hosts only: the simulated tenant of the rehearsal and the tests. */
export const TENANT_URL: Pattern = {
  regex:
    /^(?:https:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]))(?::[1-9]\d{3,4})?\/?$/,
  form: "https://<tenant>.<region>.portal.vectra.ai without path, user or query",
};

/** @see https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html */
export const WORKGROUP_NAME: Pattern = {
  regex: /^[a-zA-Z0-9._-]{1,128}$/,
  form: "1 to 128 letters, digits and ._-",
};

/**
 * A database or a table. Security Lake's own have underscores only, but a source's name is part of its table's.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
 */
export const GLUE_NAME: Pattern = {
  regex: /^[a-z0-9_.:-]{1,255}$/,
  form: "1 to 255 lower-case letters, digits and _.:-",
};

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const PARTITION: Pattern = {
  regex: /^aws(-[a-z]+)*$/,
  form: 'such as "aws", "aws-cn" or "aws-us-gov"',
};

/** @see https://docs.aws.amazon.com/general/latest/gr/rande.html */
export const REGION: Pattern = {
  regex: /^[a-z]{2,}(-[a-z]+)+-\d+$/,
  form: 'such as "eu-west-1"',
};

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
export const ALIAS_NAME: Pattern = {
  regex: /^(?!alias\/|aws\/)[A-Za-z0-9/_-]{1,250}$/,
  form: 'letters, digits and / _ - without "alias/", not beginning with "aws/"',
};

export const BUCKET_ARN: Pattern = {
  regex: /^arn:[\w-]+:s3:::[^/*?]+$/,
  form: 'such as "arn:aws:s3:::bucket"',
};

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html */
export const TOPIC_NAME_OR_ARN: Pattern = {
  regex: /^(arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:)?[A-Za-z0-9_-]{1,256}$/,
  form: 'such as "arn:aws:sns:eu-west-1:111111111111:topic", or the name of a topic in the trail\'s account and region',
};

export const LOG_GROUP_ARN: Pattern = {
  regex: /^arn:[\w-]+:logs:[a-z0-9-]+:\d{12}:log-group:[A-Za-z0-9._/#-]{1,512}$/,
  form: 'such as "arn:aws:logs:eu-west-1:111111111111:log-group:name"',
};

/** S3 allows 255 characters; the account and a hyphen follow. */
export const NOTIFICATION_ID: Pattern = {
  regex: /^[\w-]{1,64}$/,
  form: "1 to 64 letters, digits, _ and -",
};

/** Roles, queue and table add endings of their own, and a role's name has at most 64 characters. */
export const EXPORTER_NAME: Pattern = {
  regex: /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
  form: "1 to 40 letters, digits and hyphens, beginning with a letter",
};

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
export const SCHEDULE_EXPRESSION: Pattern = {
  regex: /^(rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\(\S+( \S+){5}\))$/,
  form: 'such as "rate(5 minutes)" or "cron(0/5 * * * ? *)"',
};

/** The narrower of the patterns of prefix lists and rule groups, which share the name. */
export const PREFIX_LIST_NAME: Pattern = {
  regex: /^(?!com\.amazonaws)[A-Za-z0-9-]{1,128}$/,
  form: "1 to 128 letters, digits and -",
};

/** The longest name made of it, a role's, still has at most 64 characters. */
export const DEPLOYMENT_NAME: Pattern = {
  regex: /^[a-z][a-z0-9-]{1,38}[a-z0-9]$/,
  form: "3 to 40 lower-case letters, digits and hyphens, beginning with a letter",
};

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const SESSION_NAME: Pattern = {
  regex: /^[\w+=,.@-]{2,64}$/,
  form: "2 to 64 letters, digits and +=,.@-_",
};

export const KMS_KEY_ID: Pattern = {
  regex:
    /^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[\w/-]+|alias\/[\w/-]+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32})$/,
  form: "a key ARN, a key id or alias/<name>",
};

export const QUEUE_ARN: Pattern = {
  regex: /^arn:aws(?:-[a-z]+)*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
  form: "arn:aws:sqs:<region>:<12 digits>:<queue name> of a standard queue",
};

export const FUNCTION_ARN: Pattern = {
  regex: /^arn:aws(?:-[a-z]+)*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(?::[\w$-]{1,128})?$/,
  form: "arn:aws:lambda:<region>:<12 digits>:function:<name>",
};

/** The beginning of objects' keys. */
export const OBJECT_KEY_PREFIX: Pattern = {
  regex: /^(?!\/)[\w !.*'()/-]{1,512}$/,
  form: "up to 512 letters, digits, spaces and !-_.*'()/ without a slash at the beginning",
};

/** Prefix or suffix in the filter of an S3 notification that is already there: any that S3 accepted. */
export const OBJECT_KEY_AFFIX: Pattern = { regex: /^.{0,1024}$/, form: "up to 1024 characters" };

/** Id of an S3 notification that is already there. */
export const EXISTING_NOTIFICATION_ID: Pattern = { regex: /^.{1,255}$/, form: "1 to 255 characters" };

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
export const TAG_KEY: Pattern = {
  regex: /^(?!aws:)[\w .:/=+@-]{1,128}$/,
  form: 'up to 128 letters (a-z, A-Z), digits, spaces and _.:/=+@-, not beginning with "aws:"',
};

export const TAG_VALUE: Pattern = {
  regex: /^[\w .:/=+@-]{0,256}$/,
  form: "up to 256 letters (a-z, A-Z), digits, spaces and _.:/=+@-",
};

/** One version; whether the stacks work with it is a check of its own. */
export const AWS_PROVIDER_VERSION: Pattern = {
  regex: /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/,
  form: "one version such as 6.31.0",
};
