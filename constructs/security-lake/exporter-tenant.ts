import { Token } from "cdktf";
import type { Construct } from "constructs";
import { lagAboveAccumulation } from "../../facts/checks/lag-above-accumulation.js";
import { tenantsDiffer } from "../../facts/checks/tenants-differ.js";
import { tenantsShareClass } from "../../facts/checks/tenants-share-class.js";
import type {
  Accumulation,
  EventFilters,
  EventsApiName,
  ProfileName,
  TenantSettings,
} from "../../facts/environment.js";
import { given } from "../../facts/given.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceKnown, enforceSome } from "../expectation.js";
import { ACCOUNT_ID } from "../expectations.js";
import {
  ACCOUNT_FILTER,
  ACCUMULATE_AGE,
  ACCUMULATE_EVENTS,
  EVENTS_API,
  PARTITION_BY,
  PROFILE,
  SECRET_ARN,
  SEVERITY,
  TENANT_NAME,
  TENANT_URL,
} from "./expectations.js";

/** A secret that is already there. */
export interface ExistingClientSecret {
  readonly existingArn: string;
  /**
   * Customer key that the secret is encrypted with, of any account, in the secret's region. The function may decrypt
   * with it through Secrets Manager, this secret alone; what the key's own policy must say is in
   * `exporter.secretKeyStatementsToAdd`.
   *
   * @default - `aws/secretsmanager` or the exporter's own key, which need nothing
   */
  readonly kmsKeyArn?: string | undefined;
}

/** A Vectra tenant (Respond UX) whose scoring events are exported. */
export interface ExporterTenant {
  /** Name of the tenant, unique in the exporter. It names schedule, checkpoint and object keys: choose one that stays. */
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
   * Where the very first run begins: at the tenant's oldest event, or with what is new from then on.
   *
   * @default "beginning"
   */
  readonly start?: "beginning" | "latest" | undefined;
  /**
   * Version of the events API that the tenant serves; `v3` is the path without a minor version, `/api/v3/…`, of older
   * tenants. Each version has a checkpoint of its own, so a change begins anew, as `start` says.
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
   * Which events are exported: of which accounts (`aws` for those of AWS alone), prioritized ones only, from which
   * severity on.
   *
   * @default - every account that Vectra scores, prioritized or not, of any severity
   */
  readonly filters?: { readonly [Name in keyof EventFilters]?: EventFilters[Name] | undefined } | undefined;
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
   * How long, and up to how many, new events are left with the tenant until a run writes them, so that the lake gets
   * fewer and larger objects: up to `maxAgeSeconds` (60 to 86400) or `maxEvents` (1 to 10000). Events come into the
   * lake that much later.
   *
   * @default - every run writes what is new
   */
  readonly accumulate?: Accumulation | undefined;
}

/**
 * What of a tenant the function is told. Options that nobody set are left out: every tenant shares the 4 KB
 * of Lambda's environment.
 */
export function tenantSettings(tenant: ExporterTenant, secretArn: string): TenantSettings {
  const { api, profile, rawData, partitionBy, assignmentRequired, accumulate } = tenant;
  const filters = given(tenant.filters ?? {});
  return {
    name: tenant.name,
    url: tenant.url,
    secretArn,
    partitionAccountId: tenant.partitionAccountId,
    includeScoreDecreases: tenant.includeScoreDecreases ?? true,
    start: tenant.start ?? "beginning",
    ...given({ api, profile, rawData, partitionBy, assignmentRequired, accumulate }),
    ...given({ filters: Object.keys(filters).length === 0 ? undefined : filters }),
  };
}

/**
 * Ids are part of Terraform addresses and cannot be tokens: a tenant whose name is one is known by its place.
 * A number is nobody's name, so the two kinds do not meet.
 */
export function tenantId(tenant: ExporterTenant, index: number): string {
  return Token.isUnresolved(tenant.name) ? String(index) : tenant.name;
}

/**
 * @param sourceEventClass class of the custom source that the tenants' records go to, if it is known.
 * @throws Error for what the function would refuse, for two tenants of one name, and for a profile whose class
 * is not the source's.
 */
export function checkTenants(
  construct: Construct,
  tenants: readonly ExporterTenant[],
  sourceEventClass: string | undefined,
): void {
  enforceSome(construct, "tenants", tenants, "Name at least one Vectra tenant.");
  tenants.forEach((tenant, index) => {
    const prop = `tenants[${index}]`;
    enforce(construct, `${prop}.name`, tenant.name, TENANT_NAME);
    enforce(construct, `${prop}.url`, tenant.url, TENANT_URL);
    enforce(construct, `${prop}.partitionAccountId`, tenant.partitionAccountId, ACCOUNT_ID);
    enforce(construct, `${prop}.secret.existingArn`, tenant.secret?.existingArn, SECRET_ARN);
    enforce(construct, `${prop}.api`, tenant.api, EVENTS_API);
    enforce(construct, `${prop}.profile`, tenant.profile, PROFILE);
    enforce(construct, `${prop}.filters.accounts`, tenant.filters?.accounts, ACCOUNT_FILTER);
    enforce(construct, `${prop}.filters.minimumSeverity`, tenant.filters?.minimumSeverity, SEVERITY);
    enforce(construct, `${prop}.partitionBy`, tenant.partitionBy, PARTITION_BY);
  });
  enforceCheck(
    construct,
    tenantsDiffer,
    // Of addresses nothing is asked: a program may export one tenant twice, with other filters.
    { names: tenants.map(({ name }) => name), urls: [] },
    { names: (index) => `tenants[${index}].name` },
  );
  enforceCheck(
    construct,
    tenantsShareClass,
    { profiles: tenants.map(({ profile }) => profile), sourceEventClass },
    { profiles: (index) => `tenants[${index}].profile`, sourceEventClass: "customSource.eventClass" },
  );
}

/**
 * @throws Error for limits that are out of bounds, and for a tenant whose events may wait so long that the alarm on lag
 * goes off in normal operation.
 */
export function checkAccumulation(
  construct: Construct,
  tenants: readonly ExporterTenant[],
  lagThresholdSeconds: number | undefined,
): void {
  tenants.forEach(({ accumulate }, index) => {
    if (accumulate === undefined) {
      return;
    }
    const { maxAgeSeconds: age, maxEvents } = accumulate;
    const prop = `tenants[${index}].accumulate`;
    enforce(construct, `${prop}.maxAgeSeconds`, age, ACCUMULATE_AGE);
    enforce(construct, `${prop}.maxEvents`, maxEvents, ACCUMULATE_EVENTS);
    enforceKnown(construct, `${prop}.maxAgeSeconds`, age, "it is part of a JSON document");
    enforceKnown(construct, `${prop}.maxEvents`, maxEvents, "it is part of a JSON document");
  });
  enforceCheck(
    construct,
    lagAboveAccumulation,
    { maxAgeSeconds: tenants.map(({ accumulate }) => accumulate?.maxAgeSeconds), lagThresholdSeconds },
    { maxAgeSeconds: (index) => `tenants[${index}].accumulate.maxAgeSeconds` },
  );
}
