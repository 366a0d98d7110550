import type { ILogBucket, ILogKey, INotificationTopic } from "../../../constructs/cloudtrail/index.js";
import type { PolicyStatement } from "../../../constructs/iam/index.js";
import type { Path } from "../../file/diagnostics.js";
import type { CloudTrailPlan } from "../../plan/plan.js";
import type { AccountStack } from "../account-stack.js";

/** What everything in the log archive account is created from. */
export interface LogArchive extends CloudTrailPlan {
  readonly stack: AccountStack;
}

/** Bucket, key and topic of the stack, created or existing. */
export interface Parts {
  readonly bucket: ILogBucket;
  /** The log key. An existing bucket may have none, and then it is the topic's alone. */
  readonly key: ILogKey | undefined;
  /** The log key, if it encrypts log files. */
  readonly logsKey: ILogKey | undefined;
  readonly topic: INotificationTopic;
}

/** A part of the deployment that may exist already. */
export interface Existing {
  readonly existing?:
    | {
        readonly policy: "print" | "own" | "refuse";
        readonly currentStatements?: readonly PolicyStatement[] | undefined;
      }
    | undefined;
}

/** Where in the file a part is described. */
export function placeOf({ cloudTrail }: LogArchive, part: "logBucket" | "logKey" | "topic" | "role"): Path {
  const { create, existing } = cloudTrail[part] ?? {};
  const way = existing === undefined ? "create" : "existing";
  return ["cloudTrail", part, ...(create === undefined && existing === undefined ? [] : [way])];
}

/** Whether an adopted part is released to its owner again. */
export function isReleased({ cloudTrail }: LogArchive, { existing }: Existing): boolean {
  return existing !== undefined && cloudTrail.leaving === "release";
}

/** A new key encrypts no log files where trail and bucket exist: it is the topic's alone. */
export function logKeyEncryptsLogs({ cloudTrail, trails }: LogArchive): boolean {
  const { logKey } = cloudTrail;
  return logKey?.existing !== undefined || (logKey?.create !== undefined && trails.length > 0);
}

/** Roles that read logs beside Vectra's. */
export function readersOf({ cloudTrail }: LogArchive): readonly string[] {
  const { create, existing } = cloudTrail.logBucket;
  return (existing ?? create)?.readers ?? [];
}

/** Roles that subscribe to the topic beside Vectra. */
export function subscribersOf({ cloudTrail }: LogArchive) {
  const { create, existing } = cloudTrail.topic;
  return (existing ?? create)?.subscribers ?? [];
}
