import type { LakeObject, LakeStore } from "../../../functions/security-lake-exporter/lake/lake-store.js";
import type { RunResult } from "../../../functions/security-lake-exporter/run/run-result.js";
import { homeOf } from "../../../functions/security-lake-exporter/state/home.js";
import { Quarantine } from "../../../functions/security-lake-exporter/state/quarantine.js";
import type { ExporterTarget, TargetTenant } from "../exporter-target.js";
import { runUntilDone } from "../run-until-done.js";
import { folderLocation } from "./folder-lake.js";
import { type DryRunOptions, openDryRun } from "./open-local-exporter.js";
import { type OcsfJson, parquetRecords } from "./parquet-records.js";

/** What would be written. */
export interface Preview {
  readonly result: RunResult;
  readonly objects: readonly PreviewedObject[];
  readonly quarantined: readonly { readonly key: string; readonly reason: string }[];
}

interface PreviewedObject extends Pick<LakeObject, "accountId" | "eventDay" | "name"> {
  /** As read back from the Parquet that would be written. */
  readonly records: readonly OcsfJson[];
}

/**
 * Exports a tenant's next events on a copy of the state and into memory.
 *
 * @param maxEvents maximum number of events.
 * @param choose the tenant whose events they are.
 */
export async function previewOf(
  options: DryRunOptions,
  maxEvents: number,
  choose: (target: ExporterTarget) => TargetTenant,
): Promise<Preview> {
  const objects: LakeObject[] = [];
  const exporter = await openDryRun(options, ({ region }) => new MemoryLake(region, objects));
  try {
    const tenant = choose(exporter);
    const { pk } = await homeOf(exporter.table, tenant);
    const quarantine = new Quarantine({ table: exporter.table, pk });
    const known = new Set((await quarantine.all()).map(({ sortKey }) => sortKey));
    const result = await runUntilDone(
      (eventsRead) => exporter.exportOnce(tenant.name, maxEvents - eventsRead),
      () => undefined,
      maxEvents,
    );
    const held = (await quarantine.all()).filter(({ sortKey }) => !known.has(sortKey));
    return {
      result,
      objects: await Promise.all(objects.map(previewed)),
      quarantined: held.map(({ key, reason }) => ({ key, reason })),
    };
  } finally {
    await exporter.close();
  }
}

class MemoryLake implements LakeStore {
  readonly location: string;
  readonly #objects: LakeObject[];

  /** @param region of the folder whose next run this is; @param objects receives what is written. */
  constructor(region: string, objects: LakeObject[]) {
    this.location = folderLocation(region);
    this.#objects = objects;
  }

  async put(object: LakeObject): Promise<string> {
    this.#objects.push(object);
    return object.name;
  }
}

async function previewed({ accountId, eventDay, name, body }: LakeObject): Promise<PreviewedObject> {
  return { accountId, eventDay, name, records: await parquetRecords(body) };
}
