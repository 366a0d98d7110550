import type { Construct } from "constructs";
import { backfillLeavesRuns } from "../../facts/checks/backfill-leaves-runs.js";
import { BACKFILL_OPTIONS } from "../../facts/options/exporter.js";
import { BACKFILL_SENTENCES } from "../../facts/sentences/exporter.js";
import { enforceCheck } from "../check.js";
import { enforceKnown, enforceOptions } from "../expectation.js";

/** Backfills through Step Functions. */
export interface ExporterBackfill {
  /**
   * Slices of the time range that are exported at once, 1 to 100. Each takes one of the account's runs of Lambda, and asks the
   * tenant's API on its own.
   *
   * @default 4
   */
  readonly maxConcurrency?: number | undefined;
}

/**
 * @param reserved reserved runs of the function.
 * @throws PropError for a number of slices that is out of bounds, or that leaves the live export no reserved run.
 */
export function checkBackfill(
  construct: Construct,
  backfill: ExporterBackfill | undefined,
  reserved: number | undefined,
): void {
  if (backfill === undefined) {
    return;
  }
  const { maxConcurrency } = backfill;
  enforceOptions(construct, "backfill.", backfill, BACKFILL_OPTIONS, BACKFILL_SENTENCES);
  enforceKnown(construct, "backfill.maxConcurrency", maxConcurrency, "it is part of a JSON document");
  enforceCheck(
    construct,
    backfillLeavesRuns,
    { maxConcurrency, reservedConcurrentExecutions: reserved },
    { maxConcurrency: "backfill.maxConcurrency" },
  );
}
