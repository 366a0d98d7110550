import * as z from "zod/mini";
import { given } from "../../../facts/given.js";
import {
  type EventFilters,
  type EventsApiName,
  TENANT_DEFAULTS_WRITTEN_OUT,
  TENANT_OPTIONS,
} from "../../../facts/options/exporter-tenant.js";
import type { ValueOf } from "../../../facts/options/option.js";
import { tenantSchema } from "../../../functions/security-lake-exporter/settings.js";
import { problemsOf } from "../../../functions/security-lake-exporter/validation.js";
import { UsageError } from "../../usage-error.js";

/*
 * A folder keeps the same settings of a tenant as the deployed function, except the secret. They come from a deployment
 * file or from a few options, and are remembered in the folder, so that later commands need only name the folder.
 */

const localTenant = z.extend(tenantSchema, {
  /** The `region=` partition. */
  region: z.string().check(z.minLength(1)),
});

/** A tenant whose events are exported into a folder. */
export type LocalTenant = z.output<typeof localTenant>;

/** Settings of a tenant on the command line. Those that are omitted are as remembered. */
export interface TenantOptions extends Partial<EventFilters> {
  /** The tenant's name. @default - every tenant of the folder, or `tenant` where there is none */
  readonly tenant?: string | undefined;
  /** Origin of the tenant. */
  readonly url?: string | undefined;
  /** A deployment.yaml with the tenant's settings. */
  readonly deployment?: string | undefined;
  readonly profile?: string | undefined;
  readonly api?: EventsApiName | undefined;
  /** The `accountId=` partition. */
  readonly partitionAccount?: string | undefined;
  readonly start?: ValueOf<typeof TENANT_OPTIONS.start> | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const DEFAULT_NAME = "tenant";

/** A tenant of which only the URL is known. Its partitions look like no region and no account of AWS: they are none. */
const NEW_TENANT: Fields = {
  ...TENANT_DEFAULTS_WRITTEN_OUT,
  region: "local",
  partitionAccountId: TENANT_OPTIONS.partitionAccountId.defaultByPlace.commandLine,
};

/** The command reads the API client itself, but the settings of a tenant require a secret. */
const NO_SECRET = "none";

/**
 * The tenants that a command works on.
 *
 * @param remembered settings by name, as {@link LocalTenant} was written to JSON.
 * @returns an empty list where none is remembered and no option names one.
 * @throws UsageError, Error or DeploymentError where the options do not describe a tenant.
 */
export async function localTenants(
  remembered: ReadonlyMap<string, unknown>,
  options: TenantOptions,
): Promise<readonly LocalTenant[]> {
  const known = options.deployment === undefined ? remembered : await tenantsIn(options.deployment);
  const names = options.tenant === undefined ? [...known.keys()] : [options.tenant];
  if (names.length === 0 && options.url !== undefined) {
    names.push(DEFAULT_NAME);
  }
  if (names.length > 1 && options.url !== undefined) {
    throw new UsageError(
      `--url is the address of one tenant. Name it with --tenant: one of ${names.join(", ")}.`,
    );
  }
  return names.map((name) => localTenantNamed(name, known, options));
}

function localTenantNamed(
  name: string,
  known: ReadonlyMap<string, unknown>,
  options: TenantOptions,
): LocalTenant {
  const { url, profile, api, partitionAccount, start } = options;
  const fields = known.get(name) as Fields | undefined;
  if (fields === undefined && url === undefined) {
    const others = known.size === 0 ? "none" : [...known.keys()].join(", ");
    throw new Error(`Unknown tenant ${name} (known: ${others}). To add it, pass --url <its address>.`);
  }
  const { accounts, prioritizedOnly, minimumSeverity } = options;
  const parsed = z.safeParse(localTenant, {
    ...NEW_TENANT,
    ...fields,
    ...given({ url, profile, api, partitionAccountId: partitionAccount, start }),
    filters: {
      ...(fields?.["filters"] as Fields | undefined),
      ...given({ accounts, prioritizedOnly, minimumSeverity }),
    },
    name,
    secretArn: NO_SECRET,
  });
  if (!parsed.success) {
    throw new UsageError(`The settings of the tenant are invalid: ${problemsOf("tenant", parsed.error)}.`);
  }
  return parsed.data;
}

/** The tenants of a deployment file, by name. */
async function tenantsIn(path: string): Promise<ReadonlyMap<string, Fields>> {
  // Loaded only here: checking a whole deployment takes longer than most commands.
  const { loadDeployment } = await import("../../../deployment/load.js");
  const { accountFor } = await import("../../../deployment/plan/accounts.js");
  const deployment = loadDeployment(path);
  const { securityLake } = deployment;
  if (securityLake === undefined) {
    throw new Error(
      `${path} has no securityLake, and therefore no tenants. Use another file, or pass --url.`,
    );
  }
  const account = accountFor(deployment, "securityLake").id;
  const region = securityLake.region ?? deployment.region;
  return new Map(
    securityLake.exporter.tenants.map((tenant) => [
      tenant.name,
      { ...tenant, partitionAccountId: tenant.partitionAccountId ?? account, region },
    ]),
  );
}
