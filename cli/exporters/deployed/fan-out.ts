import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  DescribeMapRunCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ListMapRunsCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import pLimit from "p-limit";
import { given } from "../../../facts/given.js";
import { backfillName } from "../../../facts/object-names.js";
import type { BackfillInvocation } from "../../../functions/security-lake-exporter/invocation.js";
import type { BackfillEstimate } from "../../../functions/security-lake-exporter/run/backfill.js";
import type { TimeRange } from "../../../functions/security-lake-exporter/vectra/apis.js";
import { UsageError } from "../../usage-error.js";
import type { ExporterTarget, FanOut, FanOutProgress, FanOutResult } from "../exporter-target.js";
import { splitRange } from "./time-slices.js";
import { type Polling, untilAnswered } from "./until-answered.js";

/** Slices that are counted at once. */
const CONCURRENT_ESTIMATES = 4;
/** A backfill may take days, which is longer than a session; running the command again follows the same execution. */
const POLLING: Polling = { intervalSeconds: 5, deadlineSeconds: 24 * 60 * 60 };

/** The state machine's input: see `constructs/security-lake/backfill-definition.ts`. It calls a slice a window. */
interface StateMachineInput {
  readonly tenant: string;
  readonly windows: readonly TimeRange[];
  readonly allowOverlap?: boolean;
  /** For each slice. */
  readonly requestsPerMinute?: number;
}

/** Backfills through the state machine that is deployed with the function. */
export class StateMachineFanOut implements FanOut {
  readonly #sfn: SFNClient;
  readonly #stateMachineArn: string;
  readonly #estimate: ExporterTarget["estimateBackfill"];
  readonly #polling: Polling;

  /** @param estimate counts the events of one slice. */
  constructor(
    sfn: SFNClient,
    stateMachineArn: string,
    estimate: ExporterTarget["estimateBackfill"],
    polling = POLLING,
  ) {
    this.#sfn = sfn;
    this.#stateMachineArn = stateMachineArn;
    this.#estimate = estimate;
    this.#polling = polling;
  }

  async concurrency(): Promise<number> {
    const { definition } = await this.#sfn.send(
      new DescribeStateMachineCommand({ stateMachineArn: this.#stateMachineArn }),
    );
    const { States } = JSON.parse(definition ?? "{}") as {
      States?: Readonly<Record<string, { readonly Type?: string; readonly MaxConcurrency?: number }>>;
    };
    const map = Object.values(States ?? {}).find(({ Type }) => Type === "Map");
    if (map?.MaxConcurrency === undefined) {
      throw new Error(`State machine ${this.#stateMachineArn} is not one that runs backfills.`);
    }
    return map.MaxConcurrency;
  }

  async estimate(tenant: string, request: BackfillInvocation, windows: number): Promise<BackfillEstimate> {
    const limit = pLimit(CONCURRENT_ESTIMATES);
    const estimates = await limit.map(splitRange(request.range, windows), (range) =>
      this.#estimate(tenant, { ...request, range }),
    );
    return {
      tenant,
      events: estimates.reduce((sum, { events }) => sum + events, 0),
      overlap: estimates.find(({ overlap }) => overlap !== null)?.overlap ?? null,
    };
  }

  async run(
    tenant: string,
    request: BackfillInvocation,
    windows: number,
    report: (progress: FanOutProgress) => void,
  ): Promise<FanOutResult> {
    const input = await this.#inputOf(tenant, request, windows);
    const { execution, resumed } = await this.#startOrFind(
      `${tenant}-${backfillName(request.range).slice("backfill-".length)}-${windows}`,
      JSON.stringify(input),
    );
    await this.#follow(execution, windows, report);
    return { execution, windows, resumed };
  }

  /** Each slice sends its own requests to the tenant, so they share the allowed rate. */
  async #inputOf(
    tenant: string,
    { range, maxEvents, requestsPerMinute, allowOverlap }: BackfillInvocation,
    count: number,
  ): Promise<StateMachineInput> {
    if (maxEvents !== undefined) {
      throw new UsageError(
        "A maximum number of events cannot be combined with fan-out: omit it, or choose a shorter range.",
      );
    }
    const windows = splitRange(range, count);
    const input = { tenant, windows, ...given({ allowOverlap: allowOverlap || undefined }) };
    if (requestsPerMinute === undefined) {
      return input;
    }
    const atOnce = Math.min(await this.concurrency(), count);
    if (requestsPerMinute < atOnce) {
      throw new UsageError(
        `${requestsPerMinute} requests per minute are too few for ${atOnce} slices at once: ` +
          `allow at least ${atOnce}, or use fewer slices.`,
      );
    }
    return { ...input, requestsPerMinute: Math.floor(requestsPerMinute / atOnce) };
  }

  /**
   * An execution's name is derived from what it does, and names are unique in AWS, so the same request finds
   * the same execution. Only a failed execution is followed by another, whose name ends in the next number.
   */
  async #startOrFind(name: string, input: string): Promise<{ execution: string; resumed: boolean }> {
    for (let attempt = 1; ; attempt++) {
      const execution = this.#executionArn(`${name}-${attempt}`);
      const found = await this.#describe(execution);
      if (found === undefined) {
        return { execution, resumed: !(await this.#start(`${name}-${attempt}`, input)) };
      }
      if (isRunning(found) || found.status === "SUCCEEDED") {
        return { execution, resumed: true };
      }
    }
  }

  /** @returns false if another caller started it first. */
  async #start(name: string, input: string): Promise<boolean> {
    try {
      await this.#sfn.send(
        new StartExecutionCommand({ stateMachineArn: this.#stateMachineArn, name, input }),
      );
      return true;
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) {
        return false;
      }
      throw error;
    }
  }

  async #describe(executionArn: string): Promise<DescribeExecutionOutput | undefined> {
    try {
      return await this.#sfn.send(new DescribeExecutionCommand({ executionArn }));
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) {
        return undefined;
      }
      throw error;
    }
  }

  async #follow(
    executionArn: string,
    total: number,
    report: (progress: FanOutProgress) => void,
  ): Promise<void> {
    let reported: FanOutProgress = { total, ended: 0, running: 0 };
    report(reported);
    const ended = async () => {
      const found = await this.#describe(executionArn);
      const progress = await this.#progressOf(executionArn, total);
      if (progress.ended !== reported.ended || progress.running !== reported.running) {
        report(progress);
        reported = progress;
      }
      return found === undefined || isRunning(found) ? undefined : found;
    };
    requireSuccess(
      await untilAnswered(
        ended,
        this.#polling,
        `Execution ${nameOf(executionArn)} is still running after ${this.#polling.deadlineSeconds / 3600} hours, ` +
          "and continues in AWS. Run the same command again to follow it.",
      ),
    );
  }

  async #progressOf(executionArn: string, total: number): Promise<FanOutProgress> {
    const { mapRuns } = await this.#sfn.send(new ListMapRunsCommand({ executionArn }));
    const mapRunArn = mapRuns?.[0]?.mapRunArn;
    if (mapRunArn === undefined) {
      return { total, ended: 0, running: 0 };
    }
    const { itemCounts } = await this.#sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    const { succeeded = 0, failed = 0, timedOut = 0, aborted = 0, running = 0 } = itemCounts ?? {};
    return { total, ended: succeeded + failed + timedOut + aborted, running };
  }

  /** `arn:aws:states:<region>:<account>:execution:<name>:<execution>`, from the state machine's ARN. */
  #executionArn(name: string): string {
    return `${this.#stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
  }
}

function isRunning({ status }: DescribeExecutionOutput): boolean {
  return status === "RUNNING" || status === "PENDING_REDRIVE";
}

/** The last part of an execution's ARN. */
function nameOf(executionArn: string): string {
  return executionArn.slice(executionArn.lastIndexOf(":") + 1);
}

/** @throws Error with the execution's own cause if it failed. */
function requireSuccess({ name, status, error, cause }: DescribeExecutionOutput): void {
  if (status === "SUCCEEDED") {
    return;
  }
  const reason = cause ?? error ?? `its status is ${status}.`;
  throw new Error(`Execution ${name} failed: ${reason} Run the same command again to export the rest.`);
}
