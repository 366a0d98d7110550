import { lockBeforeExpiry as check } from "../../facts/checks/lock-before-expiry.js";
import { at, fromCheck } from "./from-check.js";

const CREATE = ["cloudTrail", "logBucket", "create"] as const;

/** Object lock and lifecycle of a log bucket that this deployment creates. */
export const lockBeforeExpiry = fromCheck(check, (deployment) => [
  {
    lockDays: at(deployment, ...CREATE, "objectLock", "days"),
    expireAfterDays: at(deployment, ...CREATE, "expireAfterDays"),
  },
]);
