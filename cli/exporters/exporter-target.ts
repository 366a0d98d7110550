import type { ObjectName } from "../../facts/object-names.js";
import type { BackfillInvocation } from "../../functions/security-lake-exporter/invocation.js";
import type { BackfillEstimate } from "../../functions/security-lake-exporter/run/backfill.js";
import type { RedriveResult } from "../../functions/security-lake-exporter/run/redrive.js";
import type { RunResult } from "../../functions/security-lake-exporter/run/run-result.js";
import type { StateTable } from "../../functions/security-lake-exporter/state/state-table.js";

/** A tenant, and where its state is kept. */
export interface TargetTenant {
  readonly name: string;
  /** Version of its events API. */
  readonly api: string;
  /** Origin of its API. */
  readonly url: string;
  /** Name of the OCSF profile of its records. */
  readonly profile: string;
}

/** The failed invocations of a deployed exporter. */
export interface DeadLetters {
  /** Approximate number of messages in the queue. */
  count(): Promise<number>;
  /**
   * Repeats each distinct invocation once, one after the other. The messages of those that succeed are deleted,
   * the others stay.
   */
  redrive(): Promise<DeadLetterRedrive>;
}

export interface DeadLetterRedrive {
  readonly redriven: readonly RedrivenInvocation[];
  readonly remaining: readonly (RedrivenInvocation & {
    /** Why it failed again. */
    readonly reason: string;
  })[];
}

/** A repeated invocation. */
export interface RedrivenInvocation {
  /** The function's event, such as `{"tenant":"acme"}`. */
  readonly payload: unknown;
  /** Number of messages with this invocation. */
  readonly messages: number;
}

/** Slices of one time range, exported in parallel by a deployed exporter's state machine. */
export interface FanOut {
  /** Number of slices that the state machine exports at once. */
  concurrency(): Promise<number>;
  /** The estimate for all slices together. */
  estimate(tenant: string, request: BackfillInvocation, windows: number): Promise<BackfillEstimate>;
  /**
   * Splits the range into disjoint slices of whole seconds and follows them until the last one has ended. The same
   * range and number of slices give the same execution, so repeating the call follows it.
   *
   * @param report is called whenever a slice has begun or ended.
   * @throws Error if a slice failed; repeating the call exports the rest.
   */
  run(
    tenant: string,
    request: BackfillInvocation,
    windows: number,
    report: (progress: FanOutProgress) => void,
  ): Promise<FanOutResult>;
}

/** Number of slices by state. */
export interface FanOutProgress {
  readonly total: number;
  readonly ended: number;
  readonly running: number;
}

export interface FanOutResult {
  /** ARN of the execution. */
  readonly execution: string;
  readonly windows: number;
  /** Whether the execution already existed. */
  readonly resumed: boolean;
}

/**
 * An exporter that the commands operate: one that is deployed in AWS, or one that runs in this process and
 * writes to a folder. Both run the same code; only the place and the destination differ.
 */
export interface ExporterTarget {
  /** Its name in messages: `function vectra-cdr-exporter in eu-west-1`, `folder lake`. */
  readonly title: string;
  readonly tenants: readonly TargetTenant[];
  /** State of every tenant: checkpoints, quarantine. */
  readonly table: StateTable;
  /** One run, as the schedule starts it. */
  exportOnce(tenant: string): Promise<RunResult>;
  /** Number of events that no run has exported yet. @default - unknown */
  eventsToExport?(tenant: string): Promise<number | undefined>;
  redriveQuarantine(tenant: string): Promise<RedriveResult>;
  /** One run of a backfill; `caughtUp: false` means that more events remain. */
  backfill(tenant: string, request: BackfillInvocation): Promise<RunResult>;
  estimateBackfill(tenant: string, request: BackfillInvocation): Promise<BackfillEstimate>;
  /** The newest records in the lake by `time`, newest first, as OCSF JSON. */
  lastRecords(
    tenant: string | undefined,
    count: number,
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The names of all objects in its lake. */
  objectNames(): Promise<readonly ObjectName[]>;
  /** Keeps a tenant's settings as they were given, because its new address was adopted. @default - they are kept elsewhere */
  remember?(tenant: string): void;
  /** Who operates it, for the record of a cursor move: `user@host`, or the ARN of an AWS identity. */
  operator(): Promise<string>;
  /** @default - it has none: it is not deployed, or its function has no dead-letter queue */
  readonly deadLetters?: DeadLetters;
  /** @default - it is not deployed */
  readonly fanOut?: FanOut;
  close(): Promise<void>;
}
