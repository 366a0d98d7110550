import { expiryAfterTransition as check } from "../../facts/checks/expiry-after-transition.js";
import { at, fromCheck } from "./from-check.js";

/** The lifecycle of a log bucket that this deployment creates. */
export const expiryAfterTransition = fromCheck(check, (deployment) => [
  {
    expireAfterDays: at(deployment, "cloudTrail", "logBucket", "create", "expireAfterDays"),
    transitionToGlacierAfterDays: at(
      deployment,
      "cloudTrail",
      "logBucket",
      "create",
      "transitionToGlacierAfterDays",
    ),
  },
]);
