import {
  ACCOUNT_FILTERS,
  EVENTS_APIS,
  MIN_TIMEOUT_SECONDS,
  PROFILE_EVENT_CLASSES,
  SEVERITY_NAMES,
} from "../../facts/environment.js";
import * as patterns from "../../facts/patterns.js";
import { type Expectation, following, matching, oneOf, wholeNumber } from "../expectation.js";

export const SOURCE_NAME: Expectation<string> = following(
  patterns.SOURCE_NAME,
  "a source name",
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

export const EVENT_CLASS: Expectation<string> = {
  accepts: (value) => EVENT_CLASSES.includes(value),
  allowed: `an OCSF event class that Security Lake knows (${EVENT_CLASSES.join(", ")})`,
  remedy: "Take the class of the tenants' profile: SECURITY_FINDING or DETECTION_FINDING.",
};

/** Security Lake itself accepts two characters; a short one can be guessed, and it is all that guards the role. */
export const LAKE_EXTERNAL_ID: Expectation<string> = following(
  patterns.LAKE_EXTERNAL_ID,
  "an External ID",
  "Make a random one, for example with `openssl rand -hex 16`; do not derive it from public names.",
);

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
export const EXPORTER_NAME: Expectation<string> = matching(
  /^[A-Za-z][A-Za-z0-9-]{0,39}$/,
  "a name of 1 to 40 letters, digits and hyphens, beginning with a letter",
  "Shorten it: roles, queue and table add their own ending, and a role's name ends at 64 characters.",
);

export const TENANT_NAME: Expectation<string> = following(
  patterns.TENANT_NAME,
  "a tenant name",
  "It names the tenant's checkpoint, schedule and object keys, so choose one that stays.",
);

export const TENANT_URL: Expectation<string> = following(
  patterns.TENANT_URL,
  "the https origin of a tenant",
  "Copy scheme and host from the browser's address bar, in lower case.",
);

export const EVENTS_API: Expectation<string> = oneOf(
  EVENTS_APIS,
  "Name the version that the tenant serves; leave it out for v3.4.",
);

export const PROFILE: Expectation<string> = oneOf(
  Object.keys(PROFILE_EVENT_CLASSES),
  "Leave it out for the product's own mapping table.",
);

export const ACCOUNT_FILTER: Expectation<string> = oneOf(
  ACCOUNT_FILTERS,
  "Omit it for every account type that Vectra scores.",
);

export const SEVERITY: Expectation<string> = oneOf(SEVERITY_NAMES, "Leave it out for every severity.");

export const PARTITION_BY: Expectation<string> = oneOf(
  ["fixed", "event"],
  "Leave it out for partitionAccountId alone.",
);

export const SECRET_ARN: Expectation<string> = following(
  patterns.SECRET_ARN,
  "a secret ARN",
  "Copy the whole ARN from Secrets Manager, with its six last characters.",
);

export const LAKE_LOCATION: Expectation<string> = following(
  patterns.LAKE_LOCATION,
  "the location of a custom source",
  "Take it from the custom source (`customSource.location`).",
);

export const TOPIC_ARN: Expectation<string> = following(
  patterns.TOPIC_ARN,
  "a topic ARN",
  "Alarms notify SNS topics in their own region and account.",
);

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
export const SCHEDULE_EXPRESSION: Expectation<string> = matching(
  /^(rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\(\S+( \S+){5}\))$/,
  'a schedule such as "rate(5 minutes)" or "cron(0/5 * * * ? *)"',
  "A cron expression has six fields, and a rate of one is singular.",
);

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MEMORY_SIZE: Expectation<number> = wholeNumber(
  128,
  10240,
  "megabytes",
  "Lambda gives processing power in proportion to memory; below 512 a start takes noticeably longer.",
);

export const ARCHITECTURE: Expectation<string> = oneOf(["arm64", "x86_64"], "Leave it out for arm64.");

export const LOG_LEVEL: Expectation<string> = oneOf(
  ["DEBUG", "INFO", "WARN", "ERROR"],
  "Leave it out for INFO, with which every run says what it did.",
);

/** Zero would stop the function. */
export const RESERVED_CONCURRENCY: Expectation<number> = wholeNumber(
  1,
  1000,
  "runs at once",
  "Leave it out, or reserve one for each tenant; an account keeps 100 unreserved.",
);

export const LAG_THRESHOLD: Expectation<number> = wholeNumber(
  60,
  604_800,
  "seconds",
  "Below two ticks of the schedule (600) the alarm goes off in normal operation.",
);

export const ACCUMULATE_AGE: Expectation<number> = wholeNumber(
  60,
  86_400,
  "seconds",
  "Security Lake wants objects at least once a day; leave `accumulate` out to write in every run.",
);

/** A window holds no more. */
export const ACCUMULATE_EVENTS: Expectation<number> = wholeNumber(
  1,
  10_000,
  "events",
  "Leave `accumulate` out to write in every run.",
);

/** Every window at once asks the tenant's API at its own rate. */
export const BACKFILL_CONCURRENCY: Expectation<number> = wholeNumber(
  1,
  100,
  "windows at once",
  "Leave it out for 4; Vectra publishes no rate limit, so begin low.",
);

export const WORKGROUP_NAME: Expectation<string> = following(
  patterns.WORKGROUP_NAME,
  "the name of an Athena workgroup",
  "Leave it out for primary, which every account has.",
);

export const GLUE_NAME: Expectation<string> = following(
  patterns.GLUE_NAME,
  "a name in the Glue catalog",
  'Copy it from Athena, or read it with "aws glue get-tables --database-name <database>".',
);

export const SUBNET_ID: Expectation<string> = following(
  patterns.SUBNET_ID,
  "a subnet ID",
  "Give the subnet's ID, not its name.",
);

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const TIMEOUT_SECONDS: Expectation<number> = wholeNumber(
  MIN_TIMEOUT_SECONDS,
  900,
  "seconds",
  "A run takes no window in its last 30 seconds, and Lambda ends it after 15 minutes; omit it for 240.",
);
