import { PROFILE_EVENT_CLASSES } from "../../functions/security-lake-exporter/environment.js";
import { matching, oneOf, type Rule, wholeNumber } from "../rule.js";

/** @see https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html */
export const SOURCE_NAME: Rule<string> = matching(
  /^[\w\-:.]{1,20}$/,
  "a source name of 1 to 20 letters, digits and _ - : .",
  "Shorten the name; it becomes a part of the path in the lake.",
);

/**
 * OCSF event classes that Security Lake takes for a custom source.
 *
 * @see https://docs.aws.amazon.com/security-lake/latest/userguide/adding-custom-sources.html
 */
const EVENT_CLASSES: readonly string[] = [
  "ACCESS_ACTIVITY",
  "ACCOUNT_CHANGE",
  "API_ACTIVITY",
  "AUTHENTICATION",
  "AUTHORIZATION",
  "CLOUD_API",
  "COMPLIANCE_FINDING",
  "CONFIG_STATE",
  "DETECTION_FINDING",
  "DHCP_ACTIVITY",
  "DNS_ACTIVITY",
  "EMAIL_ACTIVITY",
  "ENTITY_MANAGEMENT_AUDIT",
  "FILE_ACTIVITY",
  "FTP_ACTIVITY",
  "HTTP_ACTIVITY",
  "INCIDENT_FINDING",
  "INVENTORY_INFO",
  "KERNEL_ACTIVITY",
  "KERNEL_EXTENSION",
  "MEMORY_ACTIVITY",
  "MODULE_ACTIVITY",
  "NETWORK_ACTIVITY",
  "PROCESS_ACTIVITY",
  "RDP_ACTIVITY",
  "REGISTRY_KEY_ACTIVITY",
  "REGISTRY_VALUE_ACTIVITY",
  "RESOURCE_ACTIVITY",
  "SCHEDULED_JOB_ACTIVITY",
  "SECURITY_FINDING",
  "SMB_ACTIVITY",
  "SSH_ACTIVITY",
  "VULNERABILITY_FINDING",
];

export const EVENT_CLASS: Rule<string> = {
  accepts: (value) => EVENT_CLASSES.includes(value),
  allowed: `an OCSF event class that Security Lake knows (${EVENT_CLASSES.join(", ")})`,
  remedy: "Take the class of the tenants' profile: SECURITY_FINDING or DETECTION_FINDING.",
};

/** Security Lake itself accepts two characters; a short one can be guessed, and it is all that guards the role. */
export const LAKE_EXTERNAL_ID: Rule<string> = matching(
  /^[\w+=,.@:/-]{16,1224}$/,
  "an External ID of 16 to 1224 letters, digits and + = , . @ : / _ -",
  "Make a random one, for example with `openssl rand -hex 16`; do not derive it from public names.",
);

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const EXPORTER_NAME: Rule<string> = matching(
  /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
  "a name of 1 to 40 letters, digits and hyphens, beginning with a letter",
  "Shorten it: roles, queue and table add their own ending, and a role's name ends at 64 characters.",
);

export const TENANT_NAME: Rule<string> = matching(
  /^[a-z][a-z0-9-]{0,30}$/,
  "a tenant name of 1 to 31 lower-case letters, digits and hyphens, beginning with a letter",
  "It names the tenant's checkpoint, schedule and object keys, so choose one that stays.",
);

const LOOPBACK_HOSTS: readonly string[] = ["127.0.0.1", "[::1]", "localhost"];

/** The same rule as the function's: http only to the machine itself, which is where a simulated tenant runs. */
export const TENANT_URL: Rule<string> = {
  accepts: (value) => {
    if (!URL.canParse(value)) {
      return false;
    }
    const { protocol, hostname, origin } = new URL(value);
    const secure = protocol === "https:" || (protocol === "http:" && LOOPBACK_HOSTS.includes(hostname));
    return secure && (value === origin || value === `${origin}/`);
  },
  allowed: "the https origin of a tenant, such as https://123123123123.uw2.portal.vectra.ai",
  remedy: "Copy scheme and host from the browser's address bar, without path, port or credentials.",
};

export const EVENTS_API: Rule<string> = oneOf(
  ["v3.4", "v3.3", "v3.2", "v3.1", "v3.0"],
  "Name the version that the tenant serves; leave it out for v3.4.",
);

export const PROFILE: Rule<string> = oneOf(
  Object.keys(PROFILE_EVENT_CLASSES),
  "Leave it out for the product's own mapping table.",
);

export const ACCOUNT_FILTER: Rule<string> = oneOf(
  ["aws", "all"],
  "Leave it out for the accounts of AWS alone.",
);

export const SEVERITY: Rule<string> = oneOf(
  ["Low", "Medium", "High", "Critical"],
  "Leave it out for every severity.",
);

export const PARTITION_BY: Rule<string> = oneOf(
  ["fixed", "event"],
  "Leave it out for partitionAccountId alone.",
);

export const SECRET_ARN: Rule<string> = matching(
  /^arn:[\w-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+$/,
  'a secret ARN such as "arn:aws:secretsmanager:eu-west-1:333333333333:secret:name-AbCdEf"',
  "Copy the whole ARN from Secrets Manager, with its six last characters.",
);

export const LAKE_LOCATION: Rule<string> = matching(
  /^s3[an]?:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/ext\/[\w\-:.]{1,20}\/?$/,
  'the location of a custom source, such as "s3://aws-security-data-lake-.../ext/vectra-cdr/"',
  "Take it from the custom source (`customSource.location`).",
);

export const TOPIC_ARN: Rule<string> = matching(
  /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/,
  'a topic ARN such as "arn:aws:sns:eu-west-1:333333333333:alerts"',
  "Alarms notify SNS topics in their own region and account.",
);

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
export const SCHEDULE_EXPRESSION: Rule<string> = matching(
  /^(rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\(\S+( \S+){5}\))$/,
  'a schedule such as "rate(5 minutes)" or "cron(0/5 * * * ? *)"',
  "A cron expression has six fields, and a rate of one is singular.",
);

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MEMORY_SIZE: Rule<number> = wholeNumber(
  128,
  10240,
  "megabytes",
  "Lambda gives processing power in proportion to memory; below 512 a start takes noticeably longer.",
);

export const ARCHITECTURE: Rule<string> = oneOf(["arm64", "x86_64"], "Leave it out for arm64.");

export const LOG_LEVEL: Rule<string> = oneOf(
  ["DEBUG", "INFO", "WARN", "ERROR"],
  "Leave it out for INFO, with which every run says what it did.",
);

/** Zero would stop the function. */
export const RESERVED_CONCURRENCY: Rule<number> = wholeNumber(
  1,
  1000,
  "runs at once",
  "Leave it out, or reserve one for each tenant; an account keeps 100 unreserved.",
);

export const LAG_THRESHOLD: Rule<number> = wholeNumber(
  60,
  604_800,
  "seconds",
  "Below two ticks of the schedule (600) the alarm goes off in normal operation.",
);

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
export const SUBNET_ID: Rule<string> = matching(
  /^subnet-[0-9a-f]{8,17}$/,
  'a subnet ID such as "subnet-0123456789abcdef0"',
  "Give the subnet's ID, not its name.",
);

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const TIMEOUT_SECONDS: Rule<number> = wholeNumber(
  30,
  900,
  "seconds",
  "A run needs time for a token and a page, and Lambda ends it after 15 minutes.",
);
