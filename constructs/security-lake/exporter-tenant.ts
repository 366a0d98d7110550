import { Token } from "cdktf";
import type { Construct } from "constructs";
import { lagAboveAccumulation } from "../../facts/checks/lag-above-accumulation.js";
import { tenantsDiffer } from "../../facts/checks/tenants-differ.js";
import { tenantsShareClass } from "../../facts/checks/tenants-share-class.js";
import { given } from "../../facts/given.js";
import type { Accumulation, EventFilters, TenantSettings } from "../../facts/options/exporter-tenant.js";
import {
  ACCUMULATE_OPTIONS,
  type EventsApiName,
  FILTER_OPTIONS,
  TENANT_OPTIONS,
} from "../../facts/options/exporter-tenant.js";
import type { Options } from "../../facts/options/option.js";
import type { ProfileName } from "../../facts/profiles.js";
import {
  ACCUMULATE_SENTENCES,
  FILTER_SENTENCES,
  TENANT_SENTENCES,
} from "../../facts/sentences/exporter-tenant.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceKnown, enforceOptions, enforceSome } from "../expectation.js";
import { SECRET_ARN } from "./expectations.js";

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
   * tenants. Each version has its own checkpoint, so after a change the export starts over, as `start` says.
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
   * How long, and up to how many, new events stay with the tenant until a run writes them, so that the lake receives
   * fewer and larger objects: up to `maxAgeSeconds` (60 to 86400) or `maxEvents` (1 to 10000). Events reach the
   * lake that much later.
   *
   * @default - every run writes all new events
   */
  readonly accumulate?: Accumulation | undefined;
}

/** Defaults that are written out, see facts/options/. */
const WRITTEN_OUT = Object.fromEntries(
  Object.entries(TENANT_OPTIONS).flatMap(([name, option]) =>
    "writtenOut" in option ? [[name, option.default]] : [],
  ),
);

/**
 * The settings of a tenant that the function reads. Options that are not set are left out: all tenants share the 4 KB of
 * Lambda's environment.
 */
export function tenantSettings(tenant: ExporterTenant, secretArn: string): TenantSettings {
  const { name, url, partitionAccountId, ...options } = optionsOf(TENANT_OPTIONS, tenant);
  const filters = given(optionsOf(FILTER_OPTIONS, tenant.filters ?? {}));
  return {
    name,
    url,
    secretArn,
    partitionAccountId,
    ...WRITTEN_OUT,
    ...given({ ...options, accumulate: tenant.accumulate }),
    ...given({ filters: Object.keys(filters).length === 0 ? undefined : filters }),
  };
}

/** Those properties that are options of a group, in the group's order. */
function optionsOf<Group extends Options, Values extends { readonly [Name in keyof Group]?: unknown }>(
  group: Group,
  values: Values,
): Pick<Values, keyof Group & keyof Values> {
  return Object.fromEntries(Object.keys(group).map((name) => [name, values[name]])) as never;
}

/**
 * Ids are part of Terraform addresses and cannot be tokens: a tenant whose name is one is identified by its
 * index. No tenant name is a number, so the two kinds cannot collide.
 */
export function tenantId(tenant: ExporterTenant, index: number): string {
  return Token.isUnresolved(tenant.name) ? String(index) : tenant.name;
}

/**
 * @param sourceEventClass class of the custom source that the tenants' records go to, if it is known.
 * @throws PropError for values that the function would refuse, for two tenants with one name, and for a profile whose
 * event class is not the source's.
 */
export function checkTenants(
  construct: Construct,
  tenants: readonly ExporterTenant[],
  sourceEventClass: string | undefined,
): void {
  enforceSome(construct, "tenants", tenants, "Name at least one Vectra tenant.");
  tenants.forEach((tenant, index) => {
    const prop = `tenants[${index}]`;
    enforceOptions(construct, `${prop}.`, tenant, TENANT_OPTIONS, TENANT_SENTENCES);
    enforceOptions(construct, `${prop}.filters.`, tenant.filters, FILTER_OPTIONS, FILTER_SENTENCES);
    enforce(construct, `${prop}.secret.existingArn`, tenant.secret?.existingArn, SECRET_ARN);
  });
  enforceCheck(
    construct,
    tenantsDiffer,
    // URLs may repeat: a program may export one tenant twice, with different filters.
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
 * @throws PropError for limits that are out of bounds, and for a tenant whose events may wait so long that the lag alarm
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
    enforceOptions(construct, `${prop}.`, accumulate, ACCUMULATE_OPTIONS, ACCUMULATE_SENTENCES);
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
