import { Token } from "cdktf";
import type { Construct } from "constructs";
import { lagAboveAccumulation } from "../../facts/checks/lag-above-accumulation.js";
import { tenantsDiffer } from "../../facts/checks/tenants-differ.js";
import { tenantsShareClass } from "../../facts/checks/tenants-share-class.js";
import { given } from "../../facts/given.js";
import type { TenantSettings } from "../../facts/options/exporter-tenant.js";
import {
  ACCUMULATE_OPTIONS,
  FILTER_OPTIONS,
  TENANT_DEFAULTS_WRITTEN_OUT,
  TENANT_OPTIONS,
} from "../../facts/options/exporter-tenant.js";
import type { Options } from "../../facts/options/option.js";
import {
  ACCUMULATE_SENTENCES,
  FILTER_SENTENCES,
  TENANT_SENTENCES,
} from "../../facts/sentences/exporter-tenant.js";
import { enforceCheck } from "../check.js";
import { enforce, enforceKnown, enforceOptions, enforceSome } from "../expectation.js";
import { SECRET_ARN } from "./expectations.js";
import type { ExporterTenant } from "./exporter-tenant-props.js";

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
    ...TENANT_DEFAULTS_WRITTEN_OUT,
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
