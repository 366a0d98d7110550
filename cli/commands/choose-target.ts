import type { ExporterTarget, TargetTenant } from "../exporters/exporter-target.js";
import { during, type Streams } from "../terminal/streams.js";
import { UsageError } from "../usage-error.js";
import type { AthenaOptions, ClientOptions, TargetOptions, TenantSettingOptions } from "./target-options.js";

export type ChoosingOptions = TargetOptions &
  ClientOptions &
  TenantSettingOptions &
  AthenaOptions & {
    /** Whether events may be exported that are in the lake already. */
    readonly allowOverlap?: true;
  };

/**
 * What a command does with an exporter: a folder that is only read may be read-only, and one whose state is lost is not
 * exported into.
 */
type Access = "read" | "write" | "export";

/**
 * Opens the exporter that the options name, does something with it, and closes it.
 *
 * Each kind is loaded when it is asked for: the AWS SDK takes a second that a folder need not wait for.
 */
export async function withTarget<Result>(
  options: ChoosingOptions,
  access: Access,
  streams: Streams,
  work: (target: ExporterTarget) => Promise<Result>,
): Promise<Result> {
  const { function: functionName } = options;
  const open = () => openTarget(options, access);
  const target = await (functionName === undefined
    ? open()
    : during(streams, `Looking for function ${functionName}`, open));
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}

async function openTarget(options: ChoosingOptions, access: Access): Promise<ExporterTarget> {
  const { function: functionName, region, lake } = options;
  if (functionName !== undefined) {
    const { openDeployedExporter } = await import("../exporters/deployed/deployed-exporter.js");
    return await openDeployedExporter({ functionName, region, athena: athenaTable(options) });
  }
  if (lake === undefined) {
    throw new UsageError(
      "The exporter is missing: name a folder with --lake, or a deployed function with --function.",
    );
  }
  requireLocalRuntime();
  const { openLocalExporter, readLocalExporter } = await import("../exporters/local/open-local-exporter.js");
  return access === "read"
    ? await readLocalExporter({ ...options, lake })
    : await openLocalExporter({ ...options, lake }, access === "write" || options.allowOverlap === true);
}

function athenaTable({ database, table, workgroup, output }: AthenaOptions) {
  return database === undefined || table === undefined ? undefined : { database, table, workgroup, output };
}

/** @throws Error where Node lacks what an exporter in this process needs: node:sqlite, and zstd in node:zlib. */
export function requireLocalRuntime(version: string = process.versions.node): void {
  if (Number.parseInt(version, 10) < 24) {
    throw new Error(
      `This is Node ${version}; an exporter runs on Node 24, the version that the function is deployed with. ` +
        "npm run vectra-cdr brings it along, whatever Node started npm.",
    );
  }
}

/** The tenants of the exporter, or the one that is named. */
export function tenantsOf(target: ExporterTarget, name: string | undefined): readonly TargetTenant[] {
  const { tenants, title } = target;
  if (tenants.length === 0) {
    throw new Error(
      `There is no export in ${title} yet: "vectra-cdr export --once --to <folder> --url <address of the tenant>" ` +
        "begins one.",
    );
  }
  const chosen = tenants.filter((tenant) => name === undefined || tenant.name === name);
  if (chosen.length === 0) {
    throw new Error(`There is no tenant ${name} in ${title}: it has ${namesOf(tenants)}.`);
  }
  return chosen;
}

/** The only tenant of the exporter, or the one that is named. */
export function oneTenantOf(target: ExporterTarget, name: string | undefined): TargetTenant {
  const [tenant, ...others] = tenantsOf(target, name);
  if (tenant === undefined || others.length > 0) {
    throw new UsageError(`Which tenant? Name one with --tenant: ${namesOf(target.tenants)}.`);
  }
  return tenant;
}

function namesOf(tenants: readonly TargetTenant[]): string {
  return tenants.map(({ name }) => name).join(", ");
}
