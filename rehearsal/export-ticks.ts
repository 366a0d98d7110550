import type { Aws, AwsCallName, AwsFault } from "../simulator/aws/stand-ins.js";
import type { Tenant } from "../simulator/tenant.js";
import { FunctionError, type Lambda } from "./lambda.js";

/** The exporter's schedule. */
const TICK_MILLISECONDS = 5 * 60 * 1000;

/** A deliberate failure at a tick. */
type Incident = "throttled" | "killed";

/** One tick of the schedule, and its result. */
export interface Tick {
  /** ISO 8601, simulated. */
  readonly at: string;
  /** Events that happened since the previous tick. */
  readonly newEvents: number;
  readonly incident: Incident | null;
  /** Objects that were put into the lake, including those of a run that was killed. */
  readonly objectsWritten: number;
  /** Events that the run exported; null for a run that was killed. */
  readonly eventsWritten: number | null;
  /** The cursor in the table after the tick: where the next run begins. */
  readonly checkpoint: number | null;
  /** Real time. */
  readonly milliseconds: number;
}

/** The running parts that the ticks need. */
export interface Stage {
  readonly tenant: Tenant;
  readonly aws: Aws;
  readonly lambda: Lambda;
  /** What the schedule sends to the function. */
  readonly scheduleEvent: unknown;
  readonly crash: CrashAfterPut;
}

/** Kills the function after an object is written and before the table is updated. */
export interface CrashAfterPut {
  arm(kill: () => void): void;
  onCall(call: AwsCallName): AwsFault;
}

/** Creates the crash at the moment when a careless exporter loses or duplicates events. */
export function crashAfterPut(): CrashAfterPut {
  let kill: (() => void) | undefined;
  let written = false;
  return {
    arm(action) {
      kill = action;
      written = false;
    },
    onCall({ service, operation }) {
      if (kill === undefined) {
        return "pass";
      }
      if (service === "s3" && operation === "PutObject") {
        written = true;
      }
      if (!written || service !== "dynamodb" || operation !== "UpdateItem") {
        return "pass";
      }
      kill();
      kill = undefined;
      return "drop";
    },
  };
}

/**
 * Assigns incidents to ticks: one run is throttled, a later one is killed, and at least one more follows, which
 * finishes what the killed one began.
 *
 * @param ticks 3 or more
 */
export function incidents(ticks: number): Map<number, Incident> {
  const killed = Math.max(2, ticks - 2);
  return new Map([
    [Math.max(1, killed - 2), "throttled"],
    [killed, "killed"],
  ]);
}

/**
 * Runs the schedule: five simulated minutes pass, new events happen, the function runs.
 *
 * @throws FunctionError if a run fails unexpectedly
 */
export async function* playTicks(stage: Stage, count: number): AsyncGenerator<Tick> {
  const incidentAt = incidents(count);
  for (let number = 1; number <= count; number += 1) {
    yield await playTick(stage, incidentAt.get(number) ?? null);
  }
}

async function playTick(stage: Stage, incident: Incident | null): Promise<Tick> {
  const { tenant, aws, lambda } = stage;
  const newEvents = tenant.advance(TICK_MILLISECONDS).length;
  if (incident === "throttled") {
    tenant.faults.add({ on: "events", kind: "429-retry-after", retryAfterSeconds: 1 });
  }
  if (incident === "killed") {
    stage.crash.arm(() => lambda.kill());
  }

  const began = performance.now();
  const callsBefore = aws.calls().length;
  const eventsWritten = await invoke(stage, incident === "killed");
  return {
    at: tenant.now().toISOString(),
    newEvents,
    incident,
    objectsWritten: aws
      .calls()
      .slice(callsBefore)
      .filter(({ operation }) => operation === "PutObject").length,
    eventsWritten,
    checkpoint: await checkpointOf(aws),
    milliseconds: Math.round(performance.now() - began),
  };
}

async function invoke(stage: Stage, mustDie: boolean): Promise<number | null> {
  try {
    const result = await stage.lambda.invoke(stage.scheduleEvent, stage.tenant.now());
    if (mustDie) {
      throw new FunctionError("The run that was to be killed after its PUT ended without writing an object.");
    }
    const { outcome, eventsWritten } = result as { outcome: string; eventsWritten: number };
    if (outcome !== "exported") {
      throw new FunctionError(`The run ended with the outcome ${outcome}.`);
    }
    return eventsWritten;
  } catch (error) {
    if (mustDie && error instanceof FunctionError && error.message === "Runtime exited: SIGKILL") {
      return null;
    }
    throw error;
  }
}

async function checkpointOf(aws: Aws): Promise<number | null> {
  const items = await aws.items();
  const from = items.find((item) => item["sk"] === "checkpoint")?.["next_from"];
  return typeof from === "number" ? from : null;
}
