import type { ExporterTarget, TargetTenant } from "../exporters/exporter-target.js";
import { during, type Streams } from "../terminal/streams.js";
import { UsageError } from "../usage-error.js";
import type { AthenaOptions, ClientOptions, TargetOptions, TenantSettingOptions } from "./target-options.js";

export type ChoosingOptions = TargetOptions &
  ClientOptions &
  TenantSettingOptions &
  AthenaOptions & {
    /** Whether events that are already in the lake may be exported again. */
    readonly allowOverlap?: true;
  };

/**
 * What a command does with an exporter: a folder may be read-only if it is only read, nothing is exported into one
 * whose state is lost, and only `adopt` accepts another address of its tenant.
 */
type Access = "read" | "write" | "export" | "adopt";

/**
 * Opens the exporter that the options name, does something with it, and closes it.
 *
 * Each kind is loaded on demand: loading the AWS SDK takes a second, which a folder does not need.
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
    throw new UsageError("No exporter given: pass --lake <folder>, or --function <name> for a deployed one.");
  }
  requireLocalRuntime();
  const { openLocalExporter, readLocalExporter } = await import("../exporters/local/open-local-exporter.js");
  return access === "read"
    ? await readLocalExporter({ ...options, lake })
    : await openLocalExporter(
        { ...options, lake },
        access === "write" || access === "adopt" || options.allowOverlap === true,
        access === "adopt",
      );
}

function athenaTable({ database, table, workgroup, output }: AthenaOptions) {
  return database === undefined || table === undefined ? undefined : { database, table, workgroup, output };
}

/** @throws Error if Node lacks what an exporter in this process needs: node:sqlite, and zstd in node:zlib. */
export function requireLocalRuntime(version: string = process.versions.node): void {
  if (Number.parseInt(version, 10) < 24) {
    throw new Error(
      `A local exporter requires Node 24, the function's version; this is Node ${version}. ` +
        "Use npm run vectra-cdr, which always runs on Node 24.",
    );
  }
}

/** The exporter's tenants, or only the named one. */
export function tenantsOf(target: ExporterTarget, name: string | undefined): readonly TargetTenant[] {
  const { tenants, title } = target;
  if (tenants.length === 0) {
    throw new Error(
      `No export in ${title} yet. To start one: ` +
        "vectra-cdr export --once --to <folder> --url <address of the tenant>",
    );
  }
  const chosen = tenants.filter((tenant) => name === undefined || tenant.name === name);
  if (chosen.length === 0) {
    throw new Error(`No tenant ${name} in ${title}, only ${namesOf(tenants)}.`);
  }
  return chosen;
}

/** The exporter's only tenant, or the named one. */
export function oneTenantOf(target: ExporterTarget, name: string | undefined): TargetTenant {
  const [tenant, ...others] = tenantsOf(target, name);
  if (tenant === undefined || others.length > 0) {
    throw new UsageError(`--tenant is missing: use one of ${namesOf(target.tenants)}.`);
  }
  return tenant;
}

function namesOf(tenants: readonly TargetTenant[]): string {
  return tenants.map(({ name }) => name).join(", ");
}
