/**
 * The contract between the exporter function and what deploys it: the names of its environment variables and the
 * shape of the one that holds JSON. The constructs write them, the function reads them.
 */
export const ENVIRONMENT = {
  /** JSON array of {@link TenantSettings}. Lambda allows 4 KB for the whole environment. */
  tenants: "TENANTS",
  /** Name of the DynamoDB table with hash key `pk` and range key `sk`. */
  checkpointTable: "CHECKPOINT_TABLE",
  /** `s3://bucket/ext/<source>/`, as Security Lake reports it in `provider_details[0].location`. */
  lakeLocation: "LAKE_LOCATION",
  /** Region of the lake's bucket, for example `eu-west-1`; also the `region=` partition. */
  lakeRegion: "LAKE_REGION",
  /** Role that Security Lake made for this source: `provider_details[0].role_arn`. */
  lakeRoleArn: "LAKE_ROLE_ARN",
  /** External ID that the custom source was registered with. */
  lakeExternalId: "LAKE_EXTERNAL_ID",
} as const;

/**
 * The least time limit of the function, in seconds: a run takes no window in its last 30 seconds, and needs time before
 * them for the lease, a token and a page.
 */
export const MIN_TIMEOUT_SECONDS = 60;

/**
 * Versions of Vectra's events API, the default first. `v3` is the path without a minor version, `/api/v3/…`, which
 * older tenants serve; it is not v3.0.
 */
export const EVENTS_APIS = ["v3.4", "v3.3", "v3.2", "v3.1", "v3.0", "v3"] as const;

/** Version of the events API; the part of the tenant's checkpoint key after `#`. */
export type EventsApiName = (typeof EVENTS_APIS)[number];

/** OCSF event classes that the profiles write, by Security Lake's names. */
type EventClass = "SECURITY_FINDING" | "DETECTION_FINDING";

/**
 * Every OCSF profile with the event class of its records. A custom source holds one class, so this decides what
 * the source is registered with.
 */
export const PROFILE_EVENT_CLASSES = {
  vectra: "SECURITY_FINDING",
  "security-finding-1.1": "SECURITY_FINDING",
  "detection-finding-1.3": "DETECTION_FINDING",
} as const satisfies Readonly<Record<string, EventClass>>;

export type ProfileName = keyof typeof PROFILE_EVENT_CLASSES;

/** The profile of a tenant that names none: the product's own mapping table. */
export const DEFAULT_PROFILE: ProfileName = "vectra";

/** The event class that a custom source for records of this profile must be registered with. */
export function eventClassOf(profile: ProfileName = DEFAULT_PROFILE): EventClass {
  return PROFILE_EVENT_CLASSES[profile];
}

/** Severities by which events are filtered, the lowest first. */
export const SEVERITY_NAMES = ["Low", "Medium", "High", "Critical"] as const;
export type SeverityName = (typeof SEVERITY_NAMES)[number];

/** Which accounts' events are exported. */
export const ACCOUNT_FILTERS = ["aws", "all"] as const;
type AccountFilter = (typeof ACCOUNT_FILTERS)[number];

/** The product exports "any new Vectra account scoring events". */
export const DEFAULT_ACCOUNTS: AccountFilter = "all";

/** Which events are exported. */
export interface EventFilters {
  /** `all`: every account type that Vectra scores; `aws`: only accounts whose name begins with `AWS:`. */
  readonly accounts: AccountFilter;
  /** Only events that Vectra calls prioritized. */
  readonly prioritizedOnly: boolean;
  /** Only events of at least this severity. */
  readonly minimumSeverity?: SeverityName | undefined;
}

/** Limits of waiting: events are written as soon as one of them is reached. */
export interface Accumulation {
  /** Age of the oldest waiting event, 60 to 86400. */
  readonly maxAgeSeconds: number;
  /** Waiting events, 1 to 10000. */
  readonly maxEvents: number;
}

/** One Vectra tenant. No secret in here: only the ARN of the secret that holds the API client. */
export interface TenantSettings {
  /** Name of the tenant: key of its checkpoint, its schedule and its metrics. */
  readonly name: string;
  /** Origin of the tenant, for example `https://123123123123.uw2.portal.vectra.ai`. */
  readonly url: string;
  /** Secrets Manager secret with `{"client_id": "...", "client_secret": "..."}`. */
  readonly secretArn: string;
  /** 12-digit AWS account of the `accountId=` partition. */
  readonly partitionAccountId: string;
  /** Whether events that lower a score are exported too. */
  readonly includeScoreDecreases: boolean;
  /** Where the very first run begins: the tenant's oldest event, or only what is new from now on. */
  readonly start: "beginning" | "latest";
  /** @default "v3.4" */
  readonly api?: EventsApiName;
  /** OCSF profile of the records. @default "vectra", the product's own mapping table */
  readonly profile?: string;
  /** Whether the strict profiles keep the event itself in `raw_data`. @default false */
  readonly rawData?: boolean;
  /** @default - every account, prioritized or not, of any severity */
  readonly filters?: Partial<EventFilters>;
  /** `fixed`: every event in `partitionAccountId`; `event`: in the AWS account of its name, if it has one. @default "fixed" */
  readonly partitionBy?: "fixed" | "event";
  /** Whether a failing account look-up stops the run instead of costing the event its assignment. @default false */
  readonly assignmentRequired?: boolean;
  /** How long, and up to how many, new events wait for others, so that objects grow. @default - every run writes */
  readonly accumulate?: Accumulation;
}
