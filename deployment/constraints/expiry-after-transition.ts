import { expiryAfterTransition as check } from "../../facts/checks/expiry-after-transition.js";
import { at, fromCheck } from "./from-check.js";

const CREATE = ["cloudTrail", "logBucket", "create"] as const;

/** The lifecycle of a log bucket that this deployment creates. */
export const expiryAfterTransition = fromCheck(check, (deployment) => [
  {
    expireAfterDays: at(deployment, ...CREATE, "expireAfterDays"),
    transitionToGlacierAfterDays: at(deployment, ...CREATE, "transitionToGlacierAfterDays"),
  },
]);
