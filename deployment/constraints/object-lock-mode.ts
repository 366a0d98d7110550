import { objectLockMode as check } from "../../facts/checks/object-lock-mode.js";
import { at, fromCheck } from "./from-check.js";

/** Object lock against `retain`. */
export const objectLockMode = fromCheck(check, (deployment) => [
  {
    mode: at(deployment, "cloudTrail", "logBucket", "create", "objectLock", "mode"),
    retain: at(deployment, "retain"),
  },
]);
