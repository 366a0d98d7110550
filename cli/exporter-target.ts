import type { BackfillEstimate } from "../functions/security-lake-exporter/backfill.js";
import type { BackfillInvocation } from "../functions/security-lake-exporter/invocation.js";
import type { RedriveResult } from "../functions/security-lake-exporter/redrive.js";
import type { RunResult } from "../functions/security-lake-exporter/run.js";
import type { StateTable } from "../functions/security-lake-exporter/state-table.js";

/** A tenant, and where its state is kept. */
export interface TargetTenant {
  readonly name: string;
  /** Hash key of its items. */
  readonly pk: string;
  /** Name of the OCSF profile of its records. */
  readonly profile: string;
}

/**
 * An exporter that the commands work on: one that is deployed in AWS, or one that runs in this process and
 * writes into a folder. Both are the same code; only where it runs and what it writes to differ.
 */
export interface ExporterTarget {
  /** What it is, in the words of a person: `function vectra-cdr-exporter in eu-west-1`, `folder lake`. */
  readonly title: string;
  readonly tenants: readonly TargetTenant[];
  /** State of every tenant: checkpoints, quarantine. */
  readonly table: StateTable;
  /** One run, as the schedule starts it. */
  exportOnce(tenant: string): Promise<RunResult>;
  redriveQuarantine(tenant: string): Promise<RedriveResult>;
  /** One run of a backfill; `caughtUp: false` means that there is more. */
  backfill(tenant: string, request: BackfillInvocation): Promise<RunResult>;
  estimateBackfill(tenant: string, request: BackfillInvocation): Promise<BackfillEstimate>;
  /** The newest records of the lake by `time`, newest first, as OCSF JSON. */
  lastRecords(tenant: string | undefined, count: number): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}
