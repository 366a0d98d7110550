import type { ExportState } from "../../functions/security-lake-exporter/state/state-table.js";
import type { ExporterTarget, TargetTenant } from "../exporters/exporter-target.js";

/** Where the state of a tenant's live export is kept. */
export async function exportStateOf({ table }: ExporterTarget, tenant: TargetTenant): Promise<ExportState> {
  const { homeOf } = await import("../../functions/security-lake-exporter/state/home.js");
  return { table, pk: (await homeOf(table, tenant)).pk };
}
