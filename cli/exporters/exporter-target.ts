import type { BackfillInvocation } from "../../functions/security-lake-exporter/invocation.js";
import type { BackfillEstimate } from "../../functions/security-lake-exporter/run/backfill.js";
import type { RedriveResult } from "../../functions/security-lake-exporter/run/redrive.js";
import type { RunResult } from "../../functions/security-lake-exporter/run/run.js";
import type { StateTable } from "../../functions/security-lake-exporter/state/state-table.js";

/** A tenant, and where its state is kept. */
export interface TargetTenant {
  readonly name: string;
  /** Hash key of its items. */
  readonly pk: string;
  /** Name of the OCSF profile of its records. */
  readonly profile: string;
}

/** What failed invocations of a deployed exporter left behind. */
export interface DeadLetters {
  /** Messages that wait; SQS counts them roughly. */
  count(): Promise<number>;
  /**
   * Makes each distinct invocation again, once, one after the other. The messages of those that succeed are deleted,
   * the others stay.
   */
  redrive(): Promise<DeadLetterRedrive>;
}

export interface DeadLetterRedrive {
  readonly redriven: readonly RedrivenInvocation[];
  readonly remaining: readonly (RedrivenInvocation & {
    /** Why it failed once more. */
    readonly reason: string;
  })[];
}

/** An invocation that was made again. */
export interface RedrivenInvocation {
  /** What the function was invoked with, such as `{"tenant":"acme"}`. */
  readonly payload: unknown;
  /** Messages that asked for it. */
  readonly messages: number;
}

/** Windows of one time range, exported side by side by a deployed exporter's state machine. */
export interface FanOut {
  /** Windows that the state machine exports at once. */
  concurrency(): Promise<number>;
  /** What all windows together would have to do. */
  estimate(tenant: string, request: BackfillInvocation, windows: number): Promise<BackfillEstimate>;
  /**
   * Splits the range into disjoint windows of whole seconds and follows them until the last one has ended. The same
   * range and number of windows are the same execution, so asking again follows it.
   *
   * @param report is told whenever a window has begun or ended.
   * @throws Error where a window failed; asking again goes on with what is left.
   */
  run(
    tenant: string,
    request: BackfillInvocation,
    windows: number,
    report: (progress: FanOutProgress) => void,
  ): Promise<FanOutResult>;
}

/** How many windows are how far. */
export interface FanOutProgress {
  readonly total: number;
  readonly ended: number;
  readonly running: number;
}

export interface FanOutResult {
  /** ARN of the execution. */
  readonly execution: string;
  readonly windows: number;
  /** Whether the execution was there before it was asked for. */
  readonly resumed: boolean;
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
  /** Events that the tenant has and no run has exported yet. @default - it cannot tell */
  eventsToExport?(tenant: string): Promise<number>;
  redriveQuarantine(tenant: string): Promise<RedriveResult>;
  /** One run of a backfill; `caughtUp: false` means that there is more. */
  backfill(tenant: string, request: BackfillInvocation): Promise<RunResult>;
  estimateBackfill(tenant: string, request: BackfillInvocation): Promise<BackfillEstimate>;
  /** The newest records of the lake by `time`, newest first, as OCSF JSON. */
  lastRecords(
    tenant: string | undefined,
    count: number,
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Who works on it, for the note that a move of the cursor leaves: `user@host`, or the ARN of an AWS identity. */
  operator(): Promise<string>;
  /** @default - it has none: it is not deployed, or its function has no dead-letter queue */
  readonly deadLetters?: DeadLetters;
  /** @default - it is not deployed */
  readonly fanOut?: FanOut;
  close(): Promise<void>;
}
