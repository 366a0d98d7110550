import type { EventsApiName } from "../../facts/options/exporter-tenant.js";
import type { ProfileName } from "../../facts/profiles.js";
import type { SeverityName } from "../../facts/severities.js";

/** An existing secret. */
export interface ExistingClientSecret {
  readonly existingArn: string;
  /**
   * Customer key that the secret is encrypted with, of any account, in the secret's region. The function may decrypt
   * with it through Secrets Manager, this secret alone; what the key's own policy must say is in
   * `exporter.secretKeyStatementsToAdd`.
   *
   * @default - `aws/secretsmanager` or the exporter's own key, which require nothing
   */
  readonly kmsKeyArn?: string | undefined;
}

/** A Vectra tenant (Respond UX) whose scoring events are exported. */
export interface ExporterTenant {
  /** Name of the tenant, unique in the exporter. It names schedule, checkpoint and object keys: choose a permanent one. */
  readonly name: string;
  /** Origin of the tenant, for example `https://123123123123.uw2.portal.vectra.ai`. */
  readonly url: string;
  /** Account of the `accountId=` partition that the tenant's events go to, 12 digits. */
  readonly partitionAccountId: string;
  /**
   * Secret with the tenant's API client, `{"client_id": "...", "client_secret": "..."}`. An existing one must
   * be in the exporter's account and region.
   *
   * @default - an empty secret `<exporter>/<tenant>` is created
   */
  readonly secret?: ExistingClientSecret | undefined;
  /**
   * Whether events that lower a score are exported too.
   *
   * @default true
   */
  readonly includeScoreDecreases?: boolean | undefined;
  /**
   * Where the first run starts: at the tenant's oldest event, or with events that are newer than that run.
   *
   * @default "beginning"
   */
  readonly start?: "beginning" | "latest" | undefined;
  /**
   * Version of the events API that the tenant serves; `v3` is the path without a minor version, `/api/v3/…`, of older
   * tenants. After a change, the export continues with the new version.
   *
   * @default "v3.4"
   */
  readonly api?: EventsApiName | undefined;
  /**
   * OCSF profile of the tenant's records. Every tenant of an exporter needs a profile of one event class.
   *
   * @default "vectra", the product's own mapping table
   */
  readonly profile?: ProfileName | undefined;
  /**
   * Whether the strict profiles keep the event itself in `raw_data`.
   *
   * @default false
   */
  readonly rawData?: boolean | undefined;
  /**
   * Which events are exported. A value that an event lacks never excludes it.
   *
   * @default - every account that Vectra scores, prioritized or not, of any severity
   */
  readonly filters?: ExporterFilters | undefined;
  /**
   * `fixed`: every event in the partition of `partitionAccountId`; `event`: in that of the AWS account that the
   * event's name carries, if it carries one.
   *
   * @default "fixed"
   */
  readonly partitionBy?: "fixed" | "event" | undefined;
  /**
   * Whether an account look-up that keeps failing stops the run, instead of costing the event its assignment.
   *
   * @default false
   */
  readonly assignmentRequired?: boolean | undefined;
  /**
   * How long, and up to how many, new events stay with the tenant until a run writes them, so that the lake receives
   * fewer and larger objects. Events reach the lake that much later.
   *
   * @default - every run writes all new events
   */
  readonly accumulate?: ExporterAccumulation | undefined;
}

/** Which events of a tenant are exported. */
export interface ExporterFilters {
  /**
   * `all`: every account type that Vectra scores; `aws`: accounts of AWS alone.
   *
   * @default "all"
   */
  readonly accounts?: "aws" | "all" | undefined;
  /**
   * Whether only events that Vectra calls prioritized are exported.
   *
   * @default false
   */
  readonly prioritizedOnly?: boolean | undefined;
  /**
   * The lowest severity that is exported; events of unknown severity are exported, too.
   *
   * @default - every severity
   */
  readonly minimumSeverity?: SeverityName | undefined;
}

/** Limits of waiting: a run writes as soon as one of them is reached. */
export interface ExporterAccumulation {
  /** Age of the oldest waiting event in seconds, 60 to 86400; at most `lagThresholdSeconds` less 600. */
  readonly maxAgeSeconds: number;
  /** Number of waiting events, 1 to 10000. */
  readonly maxEvents: number;
}
